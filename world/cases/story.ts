import { z } from 'zod'

const day = z.iso.date()
/** "extra days 2024-01-12", "confirmed 2023-11-15", "no": words with a day at their end, or words alone. */
const words = z.coerce.string()
const marks = z.record(z.string(), words)

/** A step that is done after all that the other words bring about, such as a refusal or the end of the case. */
const further = z.strictObject({
  on: day,
  by: z.enum(['rg', 'director', 'rdp', 'sl', 'supported']),
  step: z.string(),
  fields: z.record(z.string(), words).optional(),
})

/**
 * A case as a scene tells it. What stands here is what a loader reads; another word is an error, so that no scene speaks of
 * something that silently is not there.
 */
const story = z.strictObject({
  id: z.string(),
  subject: z.coerce.string(),
  stage: z.string().regex(/^S\d\d$/),
  leader: z.string().optional(),
  match: z.literal('NLE').optional(),
  /** By which criterion, in words: the register says so itself. */
  basis: words.optional(),
  kind: words.optional(),
  note: words.optional(),
  level: words.optional(),
  agreed: z.number().optional(),
  used: z.number().optional(),
  // S01 to S08
  entered: day.optional(),
  la_contact: words.optional(),
  diocese_contact: words.optional(),
  package: z.union([marks, words]).optional(),
  rg_proposal: words.optional(),
  package_received: day.optional(),
  contacted: day.optional(),
  enquiry: words.optional(),
  leader_yes: day.optional(),
  suggestion: words.optional(),
  school: words.optional(),
  school_confirmed: day.optional(),
  to_rg: words.optional(),
  decision: words.optional(),
  approved: day.optional(),
  context_notes: z.array(words).optional(),
  notes: words.optional(),
  deployment_email: day.optional(),
  first_contact: words.optional(),
  meeting: words.optional(),
  s08_done: day.optional(),
  // the work
  absence_flag: words.optional(),
  visit: words.optional(),
  exploration: words.optional(),
  self_assessment: words.optional(),
  team_agreement: words.optional(),
  section2: words.optional(),
  section2_areas: z.object({ yes: z.array(z.string()), no: z.array(z.string()) }).optional(),
  section3: words.optional(),
  sections: z.record(z.string(), words).optional(),
  areas: z.array(z.string()).optional(),
  subjects: z.array(z.string()).optional(),
  plan: words.optional(),
  strategies: z.number().optional(),
  team: z.array(z.string()).optional(),
  days: z.array(z.tuple([day, z.number(), z.string(), z.string(), z.string()])).optional(),
  shares: words.optional(),
  last_rdp_contact: day.optional(),
  step_1: words.optional(),
  step_10: words.optional(),
  conversation: words.optional(),
  // more support
  assessment: words.optional(),
  school_agrees: words.optional(),
  school_agrees_option: words.optional(),
  request: words.optional(),
  state: words.optional(),
  since: day.optional(),
  completion: day.optional(),
  application: z.union([marks, words]).optional(),
  // the end
  completed: day.optional(),
  leader_signed: day.optional(),
  sent_to_ceo: day.optional(),
  sent_to_school: day.optional(),
  school_signed: day.optional(),
  signatures: words.optional(),
  signed: z.array(words).optional(),
  submitted: day.optional(),
  forwarded: words.optional(),
  points: z.array(words).optional(),
  claim: words.optional(),
  call: day.optional(),
  case_study: words.optional(),
  further: z.array(further).optional(),
})

export type CaseStory = z.infer<typeof story>

/** The cases of a scene. Throws with the place of what it does not know. */
export function readStories(part: unknown): CaseStory[] {
  return z.array(story).parse(part)
}

/** The day at the end of words; undefined where there is none. */
export function dayIn(text: string | undefined): string | undefined {
  return text?.match(/\d{4}-\d\d-\d\d/)?.[0]
}

/** A field of a part that may be words or a list of words by name. */
export function markOf(part: string | Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return typeof part === 'object' ? part[name] : undefined
}

export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

export function stageNumber({ stage }: Pick<CaseStory, 'stage'>): number {
  return Number(stage.slice(1))
}

/** `count` working days between two days, evenly spread; Saturdays and Sundays give way to the Friday before. */
export function spreadDays(from: string, to: string, count: number): string[] {
  const start = Temporal.PlainDate.from(from)
  const span = Math.max(0, start.until(to, { largestUnit: 'days' }).days)
  return Array.from({ length: count }, (_, index) => {
    const on = start.add({ days: count > 1 ? Math.floor((index * span) / (count - 1)) : 0 })
    const back = on.dayOfWeek > 5 ? on.dayOfWeek - 5 : 0
    const friday = on.subtract({ days: back })
    return (Temporal.PlainDate.compare(friday, start) < 0 ? start : friday).toString()
  })
}
