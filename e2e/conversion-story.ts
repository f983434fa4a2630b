import { CLOSING, DEPLOYMENT, type Deed, day, PEOPLE, recast, type StoryDay, step } from './deployment-story.ts'

const { rg: RG, rdp: RDP } = PEOPLE
export const OLD = { urn: 900010, name: 'Fellside Row Primary School' }
export const NEW = { urn: 930950, name: 'Fellside Row Primary Academy', trust: 'T-11' }
export const LINK = '900010,930950,Fellside Row Primary Academy,Successor,01/01/2024'
export const LEADER = 'L-01'
export const HEAD = 'head-900010'
/** Leads the trust that the school goes to. */
export const CHIEF = 'L-03'

/** The first story with another school and leader; who speaks for the school changes with it. */
export function days(from: string, to: string, speaker: string): StoryDay[] {
  const those = DEPLOYMENT.filter(({ on }) => from <= on && on <= to)
  return recast(those, { [PEOPLE.leader]: LEADER, [PEOPLE.head]: speaker })
}

const dayed = (deed: Deed): Deed => ({ ...deed, by: LEADER })
export const WORKED: readonly Deed[] = [
  ...['2024-02-05', '2024-02-06', '2024-02-07', '2024-02-19'].map((date) => dayed(day(date, '1', 'development'))),
  dayed(day('2024-02-23', '1', 'closure', 'reporting')),
]
/** An academy is not asked whether it would join a trust. */
function ofAnAcademy({ joining: _, ...fields }: NonNullable<Deed['fields']>): NonNullable<Deed['fields']> {
  return { ...fields, 'conversation-date': '2024-02-23' }
}
export const CLOSED = recast([{ on: '2024-02-23', deeds: CLOSING }], {
  [PEOPLE.leader]: LEADER,
  [PEOPLE.head]: CHIEF,
}).map(({ on, deeds }) => ({
  on,
  deeds: deeds.map((deed) =>
    deed.at === 'form/sections/closure' ? { ...deed, fields: ofAnAcademy(deed.fields ?? {}) } : deed,
  ),
}))
export const DECIDED: readonly Deed[] = [
  step(RDP, 'review-form', { outcome: 'forward' }),
  step(RDP, 'follow-up-call', {
    outcome: 'no-issues',
    date: '2024-02-27',
    participants: 'Chief executive',
    'leader-present': 'yes',
    experience: 'The change of the school did not stop the work',
    plans: 'The trust goes on with it',
  }),
  step(RG, 'process-claim', { outcome: 'approved' }),
  step(RDP, 'follow-on', { outcome: 'neither' }),
  step(RG, 'close-case'),
]
