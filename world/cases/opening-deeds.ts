import type { CaseDays } from './case-days.ts'
import type { Deed, Doer } from './deed.ts'
import { type CaseStory, dayIn, markOf, stageNumber } from './story.ts'

/** What the deeds of a case need of its subject. */
export type Subject = { readonly inTrust: boolean; readonly inDiocese: boolean }

const WHY = { reason: 'As agreed in the region', 'reason-capacity': 'As agreed in the region' }
const NLE = { 'reason-nle': 'No chief executive with capacity is near' }

const PACKAGE = {
  details: 'As in the register',
  context: 'Asks for help with a new plan',
  strategic: 'A priority of the region',
}

/** From the beginning of a case to the first contact of its leader, as far as the scene tells. */
export function openingDeeds(story: CaseStory, days: CaseDays, subject: Subject): Deed[] {
  const steps: Deed[] = []
  let on = days.begun
  const step = (name: string, by: Doer, fields: Record<string, unknown> = {}, day?: string) => {
    on = day && day > on ? day : on
    steps.push({ do: 'step', step: name, by, fields, on })
  }
  const until = (stage: number, work: () => void) => {
    if (stageNumber(story) > stage) work()
  }
  steps.push({ do: 'start', by: 'rg', on })
  if (stageNumber(story) === 1) return [...steps, ...beginningDeeds(story, days)]
  askBodies(subject, (key) =>
    step('contact-body', 'rg', { key, date: on, person: 'Director of schools', outcome: 'confirmed' }),
  )
  step('hand-over', 'rg', { ...PACKAGE, ...(story.rg_proposal && { proposal: story.rg_proposal }) })
  until(2, () => step('contact-school', 'rdp', { date: story.contacted ?? on, channel: 'phone' }, story.contacted))
  until(3, () => step('engage', 'supported', { outcome: 'engage' }))
  until(4, () => {
    const { leader } = story
    step('propose', 'rdp', { leader, ...WHY, ...(story.match === 'NLE' && NLE) })
    step('enquire', 'leader-rdp', WHY)
    step('leader-answer', 'sl', { outcome: 'accept', conflict: 'none' }, story.leader_yes)
    step('match-confirmed', 'rdp')
    const suggested = dayIn(story.suggestion)
    if (stageNumber(story) > 5 || suggested) step('suggest', 'rdp', {}, suggested)
  })
  until(5, () => {
    step('agree', 'supported', { outcome: 'confirm' }, story.school_confirmed)
    const told = dayIn(story.to_rg)
    if (stageNumber(story) > 6 || told) step('inform', 'rdp', {}, told)
  })
  until(6, () => step('approve', 'director', { outcome: 'approved', date: story.approved ?? on }, story.approved))
  if (story.agreed && story.agreed !== 10) step('fewer-days', 'rg', { days: String(story.agreed) })
  until(7, () => {
    step('issue-leader', 'rdp', {}, days.deployed)
    step('issue-school', 'rdp')
  })
  until(8, () => {
    step('first-contact', 'sl', { date: days.engaged, person: subject.inTrust ? 'ceo' : 'head' }, days.engaged)
    step('arrange-meeting', 'sl', { date: days.visited, place: 'At the school' })
    if (story.meeting === 'confirmed') step('confirm-meeting', 'supported', { outcome: 'suits' })
  })
  return steps
}

function askBodies({ inDiocese }: Subject, ask: (key: string) => void): void {
  ask('authority')
  if (inDiocese) ask('diocese')
}

/** A case in its first stage: contacts as far as they were made, and a package that is not handed over yet. */
function beginningDeeds(story: CaseStory, { begun }: CaseDays): Deed[] {
  const contact = dayIn(story.la_contact)
  const isWhole = story.package === 'complete'
  const kept = Object.entries(PACKAGE).filter(([name]) => isWhole || markOf(story.package, name) === 'yes')
  const proposal = story.rg_proposal
  return [
    ...(contact
      ? [
          {
            do: 'step',
            step: 'contact-body',
            by: 'rg',
            on: contact,
            fields: { key: 'authority', date: contact, person: 'Director of schools', outcome: 'confirmed' },
          } as const,
        ]
      : []),
    ...(kept.length > 0
      ? [
          {
            do: 'draft',
            step: 'hand-over',
            by: 'rg',
            on: contact ?? begun,
            fields: { ...Object.fromEntries(kept), ...(proposal && { proposal }) },
          } as const,
        ]
      : []),
  ]
}
