import type { Driven } from './drive-case.ts'

/** Days on which an invented deployment reached its stages, and who was its leader. A stage without a day takes the one before. */
export type DeploymentStory = {
  readonly to: string
  readonly leader?: string
  readonly days: Readonly<Record<string, string>>
  readonly diocese?: boolean
  readonly nle?: boolean
  readonly person?: 'head' | 'ceo'
}

type Part = {
  readonly stage: string
  readonly step: string
  readonly fields?: (story: DeploymentStory, day: string) => Record<string, unknown>
}

const WHY = { reason: 'As the scene has it', 'reason-capacity': 'As the scene has it' }

/** The steps of a deployment in their order; `stage` is the one in which a step is done. */
const PARTS: readonly Part[] = [
  {
    stage: 'S01',
    step: 'contact-body',
    fields: (_, day) => ({ key: 'authority', date: day, person: 'Head of standards', outcome: 'confirmed' }),
  },
  {
    stage: 'S01',
    step: 'contact-body',
    fields: (story, day) =>
      story.diocese
        ? { key: 'diocese', date: day, person: 'Director of schools', outcome: 'confirmed' }
        : { skip: true },
  },
  {
    stage: 'S01',
    step: 'hand-over',
    fields: () => ({
      details: 'As in the register',
      context: 'Asks for help with a new plan',
      strategic: 'A priority of the region',
    }),
  },
  { stage: 'S02', step: 'contact-school', fields: (_, day) => ({ date: day, channel: 'phone' }) },
  { stage: 'S03', step: 'engage', fields: () => ({ outcome: 'engage', note: 'By telephone' }) },
  {
    stage: 'S04',
    step: 'propose',
    fields: ({ leader, nle }) => ({
      leader,
      ...WHY,
      ...(nle && { 'reason-nle': 'No chief executive with capacity in the region' }),
    }),
  },
  { stage: 'S04', step: 'enquire', fields: () => WHY },
  { stage: 'S04', step: 'leader-answer', fields: () => ({ outcome: 'accept', conflict: 'none' }) },
  { stage: 'S05', step: 'match-confirmed' },
  { stage: 'S05', step: 'suggest' },
  { stage: 'S05', step: 'agree', fields: () => ({ outcome: 'confirm' }) },
  { stage: 'S06', step: 'inform' },
  { stage: 'S06', step: 'approve', fields: (_, day) => ({ outcome: 'approved', date: day }) },
  { stage: 'S07', step: 'issue-leader' },
  { stage: 'S07', step: 'issue-school' },
  { stage: 'S08', step: 'first-contact', fields: ({ person = 'head' }, day) => ({ date: day, person }) },
  { stage: 'S08', step: 'arrange-meeting', fields: (_, day) => ({ date: day, place: 'At the school' }) },
]

const ORDER = [...new Set(PARTS.map(({ stage }) => stage))]

/** What was done before a case stood in the stage `to`, each step on the day of its stage. */
export function stepsBefore(story: DeploymentStory): Driven[] {
  const end = ORDER.includes(story.to) ? ORDER.indexOf(story.to) : ORDER.length
  return PARTS.filter(({ stage }) => ORDER.indexOf(stage) < end).flatMap(({ stage, step, fields }) => {
    const on = dayOf(story, stage)
    const given = fields?.(story, on) ?? {}
    return 'skip' in given ? [] : [{ on, step, fields: given }]
  })
}

/** The day on which the steps of a stage were done: that on which the next one was entered. */
function dayOf({ days }: DeploymentStory, stage: string): string {
  const given = ORDER.slice(0, ORDER.indexOf(stage) + 1).flatMap((one) => days[one] ?? [])
  return given.at(-1) ?? '2023-10-30'
}
