import { CLOSING, DEPLOYMENT, type Deed, day, PEOPLE, recast, type StoryDay, step } from './deployment-story.ts'

const { rg: RG, rdp: RDP, leader: LEADER } = PEOPLE
export const SCHOOL = '900016'
export const HEAD = 'head-900016'
export const beside = (deed: Deed): Deed => ({ ...deed, of: 1 })
export const done = (name: string, date: string) => beside(step(RG, name, { date }))

/** Five days of ten are used when the first story goes another way. */
export const BEFORE: readonly StoryDay[] = recast(
  DEPLOYMENT.filter(({ on }) => on < '2024-02-01'),
  { [PEOPLE.head]: HEAD },
)

/** The option that is chosen, agreed to by the school, and applied for. */
export const ASSESSED: Deed = {
  by: LEADER,
  at: 'actions/assess-options',
  fields: { option: 'funded', beneficial: 'A trust should carry it on', 'reason-second-term': 'It is plain' },
}
export const AGREES = step(HEAD, 'agree-option', { outcome: 'agree' })
export const APPLIES: readonly Deed[] = [
  { by: LEADER, at: 'actions/apply-partnership' },
  beside(step(HEAD, 'confirm-agreement', { outcome: 'agree' })),
  beside(
    step(LEADER, 'application', {
      benefit: 'A curriculum that is written together',
      partner: 'T-09',
      context: 'The two schools know each other',
    }),
  ),
]

/** The leader would like the extra days too, and the school agrees. */
export const ASKS_FOR_BOTH: readonly Deed[] = [
  {
    by: LEADER,
    at: 'actions/assess-options',
    fields: { option: 'extra-days', beneficial: 'Days until the trust begins', 'reason-second-term': 'It is plain' },
  },
  AGREES,
]

export const REST_OF_THE_DAYS: StoryDay = {
  on: '2024-03-08',
  deeds: [
    ...['2024-02-26', '2024-02-27', '2024-03-04', '2024-03-05'].map((date) => day(date, '1', 'development')),
    day('2024-03-08', '1', 'closure', 'reporting'),
    ...(recast([{ on: '', deeds: CLOSING }], { [PEOPLE.head]: HEAD })[0]?.deeds ?? []).map((deed) =>
      deed.at === 'form/sections/closure'
        ? {
            ...deed,
            fields: { ...deed.fields, further: 'funded-partnership', 'conversation-date': '2024-03-08' },
          }
        : deed,
    ),
  ],
}

export const DECIDED: readonly Deed[] = [
  step(RDP, 'review-form', { outcome: 'forward' }),
  step(RG, 'process-claim', { outcome: 'approved' }),
  beside(step(RG, 'decide-application', { outcome: 'approved', partner: 'T-09' })),
  done('offer-letter', '2024-03-12'),
  done('send-terms', '2024-03-12'),
  done('start-funding', '2024-03-12'),
  beside(step(RG, 'communicated', { start: '2024-04-15' })),
]
export const SIGNED = beside(
  step(RG, 'signed-offer', { date: '2024-04-10', signatory: 'Chief executive of the trust' }),
)
export const AGREED = beside(
  step(RG, 'service-agreement', { date: '2024-04-10', school: 'yes', trust: 'yes', model: 'adapted' }),
)
export const CLOSES: readonly Deed[] = [
  step(RDP, 'follow-up-call', {
    outcome: 'no-issues',
    date: '2024-04-11',
    participants: 'Head',
    'leader-present': 'yes',
    experience: 'The days were well used',
    plans: 'The partnership',
  }),
  step(RDP, 'follow-on', { outcome: 'neither' }),
  step(RG, 'close-case'),
]

/** A year later: the trust reports, the school confirms, the partnership ends. */
export const REPORTED = beside(
  step(RG, 'activity-report', { date: '2025-04-15', report: 'Six joint days on the curriculum' }),
)
export const CONFIRMED: readonly Deed[] = [
  beside(step(HEAD, 'confirm-report', { outcome: 'as-described' })),
  done('run-partnership', '2025-04-15'),
]
export const ENDED = beside(step(RG, 'close-partnership'))
export const REQUEST = { days: '5', vulnerability: 'Two leaders left', purpose: 'plan', context: 'Half done' }
