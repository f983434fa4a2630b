import { z } from 'zod'
import { fieldsSchema } from './field-schema.ts'
import { isLetterField } from './letter-schema.ts'
import { documentSchema, SUBJECT_KINDS, standingSchema, triggerSchema, whileSchema } from './standing-schema.ts'

/**
 * The shape of a process.yaml: how a programme goes, as standings, cases and duties (docs/adr/0011). Every object is closed.
 * Conditions are CEL; whatever they may name stands in `flow-conditions.ts`.
 */

export const STEP_KINDS = ['send', 'ask', 'record', 'form', 'decide', 'sign', 'meet', 'pay'] as const
export const CHECK_LEVELS = ['refuse', 'reason', 'warn'] as const
/** What the engine can do when a step ends; a pack chooses among them. */
export const EFFECTS = [
  'hold',
  'resume',
  'assign',
  'end-assignment',
  'hold-days',
  'promise-days',
  'free-days',
  'agree-days',
  'extend-days',
  'set-level',
  'set-flag',
  'mark-delay',
  'move-due',
  'free-others',
  'open-form',
  'sign-form',
  'submit-form',
  'return-form',
  'forward-form',
  'start-child',
  'part-claim',
  'decide-child',
  'end-child',
  'complete-work',
  'reopen-work',
  'make-due',
  'fill-list',
  'fund',
  'set-standing',
] as const
/** Lists of places that a step may be asked of one by one. */
export const EACH = ['bodies', 'leader', 'referees', 'teams', 'schools'] as const

const words = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')
const stageId = z.string().regex(/^[A-Za-z0-9-]+$/, 'must be letters, digits and hyphens')
const cites = z
  .array(
    z
      .string()
      .regex(/^([A-Z]{3}-\d{3}|ADR-\d{4}|setting: .+)$/, 'must be a requirement id, ADR-nnnn or "setting: reason"'),
  )
  .min(1)
const ids = z.array(id).min(1)
const effects = z.array(z.string().regex(/^[a-z-]+( [a-z0-9-]+)*$/, 'must be an effect and its words')).min(1)

/**
 * Who acts: the roles that may, in order of who is named. `acts` picks one of them by a fact of the subject. `contact`: whom
 * letters name as the contact at the school or trust.
 */
const party = z.strictObject({
  title: words,
  roles: ids,
  acts: words.optional(),
  contact: z.literal(true).optional(),
  cites,
})

/**
 * A letter that goes when a step ends. `when` asks as checks do; `fill` says which answer fills a field of the letter: one of the
 * step ("rationale") or of an earlier one ("application/partner"), the first that is known.
 */
const answer = z.string().regex(/^[a-z0-9-]+([/][a-z0-9-]+)?$/, 'must be a field, or a step and its field')
const stepLetter = z.union([
  id,
  z.strictObject({
    letter: id,
    when: words.optional(),
    fill: z
      .record(z.string().refine(isLetterField, 'is no field of letters'), z.union([answer, z.array(answer).min(1)]))
      .optional(),
  }),
])
const letters = z.array(stepLetter).min(1)

/**
 * How long a step may take. `within` from its opening (or from the end of the step `from`), `by` a date or the end of a term,
 * `window` two dates, `before` a step that must come after, `every` a unit or a term. `late` names who is told.
 */
const clock = z.strictObject({
  within: words.optional(),
  by: words.optional(),
  window: words.optional(),
  before: words.optional(),
  of: id.optional(),
  every: words.optional(),
  spread: z.enum(['term', 'month']).optional(),
  from: id.optional(),
  // the field of the step `from` that names the day from which it runs
  day: id.optional(),
  // how many calendar days before its due day a report lists it
  ahead: z.int().positive().optional(),
  target: words.optional(),
  rolls: z.literal('working day').optional(),
  late: ids.optional(),
  cites,
})

export const checkSchema = z.strictObject({
  id,
  when: words,
  level: z.enum(CHECK_LEVELS),
  say: words,
  ask: words.optional(),
  'clear-by': id.optional(),
  /** A section of the form: what is missing in it is told beside the refusal. */
  lists: id.optional(),
  cites,
})

/**
 * How a step may end. `next` opens steps, again where they were open before; `back` returns to a step and sets aside what was
 * opened since, but for what `keeps` names; `ends` withdraws steps that nobody need do any more; `tell` names who is told.
 */
const outcome = z.strictObject({
  title: words,
  reason: z.literal('must').optional(),
  do: effects.optional(),
  next: ids.optional(),
  back: id.optional(),
  keeps: ids.optional(),
  ends: ids.optional(),
  tell: ids.optional(),
})

const proxy = z.strictObject({ by: id, with: z.literal('note'), cites })

/** Whose region or school decides who acts, where it is not the case's own. */
const ownerOf = z.strictObject({ party: id, of: z.enum(['leader']) })

const stepShape = {
  title: words,
  help: words.optional(),
  // its title tells what is nobody else's business: outside the service, as in a calendar, it is only something to do
  discreet: z.literal(true).optional(),
  kind: z.enum(STEP_KINDS),
  stage: stageId.optional(),
  owner: z.union([id, ownerOf]),
  each: z.enum(EACH).optional(),
  clock: clock.optional(),
  fields: fieldsSchema.optional(),
  // without it, whoever sees the case reads what is entered; with it, these parties, and everybody the fields that are shared
  reads: ids.optional(),
  outcomes: z.record(id, outcome).optional(),
  // for steps that end in one way only
  do: effects.optional(),
  next: ids.optional(),
  ends: ids.optional(),
  tell: ids.optional(),
  needs: ids.optional(),
  // opened once only: not again where it was done before
  once: z.boolean().optional(),
  blocks: ids.optional(),
  checks: z.array(checkSchema).optional(),
  proxy: proxy.optional(),
  letters: letters.optional(),
  form: id.optional(),
  section: id.optional(),
  document: id.optional(),
  by: ids.optional(),
  // who signs beside them, while the school is at some level
  'by-also': z.strictObject({ while: whileSchema, by: ids, cites }).optional(),
  order: z.enum(['strict', 'any']).optional(),
  attend: z.strictObject({ must: ids, may: ids.optional(), expect: ids.optional() }).optional(),
  report: id.optional(),
  waive: z.strictObject({ by: id, reason: z.literal('must'), cites }).optional(),
  cites,
}
const step = z.strictObject(stepShape)

/**
 * May happen whatever is open, from one stage to another (`during: S07..S13`). With a `stage`, the case stands there from then on,
 * where it was not further on already, and until a case beside it that the action began is decided against.
 */
const anytime = z.strictObject({
  title: words,
  help: words.optional(),
  owner: id,
  stage: stageId.optional(),
  during: z.string().regex(/^[A-Za-z0-9-]+\.\.[A-Za-z0-9-]+$/, 'must be two stages with .. between them'),
  fields: fieldsSchema.optional(),
  reads: ids.optional(),
  checks: z.array(checkSchema).optional(),
  do: effects.optional(),
  next: ids.optional(),
  back: id.optional(),
  keeps: ids.optional(),
  ends: ids.optional(),
  tell: ids.optional(),
  letters: letters.optional(),
  cites,
})

/**
 * Many dated items with a small life of their own: who may move an item into which state. `next` opens steps when half of the
 * agreed days are done.
 */
const log = z.strictObject({
  title: words,
  during: z.string(),
  states: ids,
  moves: z.record(id, ids),
  uses: id.optional(),
  counts: id.optional(),
  next: ids.optional(),
  fields: fieldsSchema.optional(),
  checks: z.array(checkSchema).optional(),
  cites,
})

/**
 * A case beside a case, begun by an action's effect `start-child`. Of a group, at most one may be in any of the states named;
 * one that outlives its parent stays open when that closes. `claim-of: earlier-leader` is begun by the effect `part-claim`: for a
 * leader who leaves, with the days that were done until then.
 */
const child = z.strictObject({
  title: words,
  flow: id,
  group: id.optional(),
  'at-most-one': z.array(z.enum(['open', 'approved'])).optional(),
  // one of its own kind that is approved does not stand in its way
  again: z.boolean().optional(),
  outlives: z.boolean().optional(),
  // how it stands from its first day on, where nobody decides about it
  standing: id.optional(),
  'claim-of': z.literal('earlier-leader').optional(),
  cites,
})

/** What the register may show of the school of an open case, as its owner is asked about it. */
export const SUBJECT_CHANGES = [
  'closed',
  'converted',
  'merged',
  'split',
  'moved-trust',
  'moved-authority',
  'moved-region',
] as const

/**
 * What happens when the register changes the school of an open case. `by` decides how the case goes on, within the time given;
 * `on` names the changes that ask (all without); `tell` hears of the decision; `blocks` are steps that wait for it.
 */
const subjectChanges = z.strictObject({
  by: id,
  on: z.array(z.enum(SUBJECT_CHANGES)).min(1).optional(),
  within: z
    .string()
    .regex(/^\d+ (working )?(days?|weeks?)$/, 'must be a time such as "10 days"')
    .optional(),
  tell: ids.optional(),
  blocks: ids.optional(),
  cites,
})

const flow = z.strictObject({
  title: words,
  help: words.optional(),
  subject: z.array(z.enum(SUBJECT_KINDS)).min(1),
  'one-open': z.array(z.enum(['subject', 'year', 'network'])).optional(),
  starts: z.strictObject({
    by: id,
    needs: z.literal('entitlement').optional(),
    freeze: z.array(z.enum(['eligibility', 'rules'])).optional(),
    next: ids,
    cites,
  }),
  stages: z.array(z.strictObject({ id: stageId, title: words })).min(1),
  // guidance and models that stand on the pages of the flow
  material: z.array(z.strictObject({ title: words, link: z.url({ protocol: /^https$/ }), cites })).optional(),
  // what is answered to whoever tries a step or a payment that the flow does not have
  lacks: words.optional(),
  steps: z.record(id, step),
  anytime: z.record(id, anytime).optional(),
  logs: z.record(id, log).optional(),
  children: z.record(id, child).optional(),
  'subject-changes': subjectChanges.optional(),
  documents: z.record(id, documentSchema).optional(),
  cites,
})

const yearDay = '(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const length = z
  .string()
  .regex(/^\d+ (?:(?:working )?days|weeks|months)$/, 'must be a length of time, such as 5 days')
  .optional()

/** When a duty falls due; without `every` it does so once while its condition holds. */
const dutyClock = clock.extend({
  within: length,
  before: length,
  by: z
    .string()
    .regex(
      new RegExp(`^(?:${yearDay}|end of term(?: \\d+)?)$`),
      'must be a day of the year, such as 09-30, or: end of term 1',
    )
    .optional(),
  window: z
    .string()
    .regex(
      new RegExp(`^(?:${yearDay}\\.\\.${yearDay}|term \\d+)$`),
      'must be two days, such as 06-01..07-31, or: term 6',
    )
    .optional(),
  every: z
    .string()
    .regex(/^(year|term|\d+ per year|\d+ (weeks|months|terms))$/, 'must be year, term, 3 per year or 4 weeks')
    .optional(),
  // the source sets no day: it is agreed for each, and this says where
  agreed: words.optional(),
})

/**
 * A step that falls due again and again while a standing or a case holds: one for each `per`. `done` says what counts as done;
 * `serves` which year the work is for.
 */
const duty = step
  .omit({ next: true, ends: true, needs: true, blocks: true, stage: true, once: true, section: true })
  .extend({
    per: z.enum(['school', 'trust', 'network', 'alliance', 'authority', 'region', 'case', 'person']),
    while: whileSchema.optional(),
    clock: dutyClock,
    done: words,
    serves: z.enum(['this', 'next']).optional(),
  })

/**
 * Letters to whoever an open step waits for; the letter is the pack's with `use: reminder`. One goes of itself `after` the last
 * day, at most `times` for a step and each as long after the one before; `by` may send one by hand, one a day for a step; `tell`
 * hears of it when nobody could be reached.
 */
const reminders = z.strictObject({
  after: z.string().regex(/^[1-9]\d* working days?$/, 'must be a number of working days, such as "1 working day"'),
  times: z.int().nonnegative(),
  by: ids,
  tell: ids,
  cites,
})

export const processSchema = z.strictObject({
  parties: z.record(id, party),
  reminders: reminders.optional(),
  standings: z.record(id, standingSchema).optional(),
  triggers: z.record(id, triggerSchema).optional(),
  flows: z.record(id, flow).optional(),
  duties: z.record(id, duty).optional(),
  // papers of duties; those of a flow stand in the flow
  documents: z.record(id, documentSchema).optional(),
})

export type Process = z.infer<typeof processSchema>
export type Flow = z.infer<typeof flow>
export type Step = z.infer<typeof step>
export type Outcome = z.infer<typeof outcome>
export type StepCheck = z.infer<typeof checkSchema>
export type StepClock = z.infer<typeof clock>
export type Anytime = z.infer<typeof anytime>
export type Log = z.infer<typeof log>
export type Party = z.infer<typeof party>
export type Duty = z.infer<typeof duty>
export type Reminders = z.infer<typeof reminders>

/** The step that ends a case: it needs no entry of its own. */
export const CLOSE = 'close'
