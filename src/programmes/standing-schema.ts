import { z } from 'zod'
import { cites, id, words } from './pack-words.ts'

/**
 * The shapes of what holds and what begins by itself: standings, what opens them, and the papers of duties (docs/adr/0012).
 * They are checked and described; what of them runs a pack.yaml says (docs/adr/0013).
 */

export const SUBJECT_KINDS = [
  'school',
  'trust',
  'person',
  'alliance',
  'network',
  'authority',
  'list',
  'edition',
] as const

export const TRIGGERS = [
  'request',
  'eligibility-change',
  'inspection',
  'register-change',
  'holder-change',
  'standing-change',
  'ledger-reaches',
  'date',
] as const

const ids = z.array(id).min(1)

/** How long a level lasts that nobody changes: a length of time, or until somebody decides. */
const lasts = z.string().regex(/^(until decided|\d+ (days|weeks|months|years|terms))$/, {
  message: 'must be a length of time, such as 2 years, or: until decided',
})

const level = z.strictObject({
  id,
  title: words,
  note: words.optional(),
  lasts: lasts.optional(),
  cites: cites.optional(),
})

/**
 * A row of the table of pack.yaml whose being met puts the subject at least at a level, at once and without anybody's decision.
 * `until`: the floor goes with the row, or stays until it is decided anew.
 */
const floor = z.strictObject({ row: id, level: id, until: z.enum(['row ends', 'decided']), cites })

/** A row that proposes a level; only a person sets it. */
const proposal = z.strictObject({ row: id, level: id, cites })

const variant = z.strictObject({ title: words, of: ids, note: words.optional(), cites })

/** A dated, exclusive state of a subject, of levels in rising order. `never-down-alone`: a move down is a person's, never a rule's. */
export const standingSchema = z.strictObject({
  title: words,
  help: words.optional(),
  of: z.enum(SUBJECT_KINDS),
  // what it ties the subject to: a person's association is with an alliance
  with: z.enum(SUBJECT_KINDS).optional(),
  order: z.array(level).min(2),
  variants: z.record(id, variant).optional(),
  floors: z.array(floor).min(1).optional(),
  proposals: z.array(proposal).min(1).optional(),
  'proposed-by': ids.optional(),
  'set-by': ids,
  'confirmed-by': ids.optional(),
  exclusive: z.literal(true).optional(),
  'never-down-alone': z.literal(true).optional(),
  cites,
})

/** Something outside that begins something: which event, and what it opens. */
export const triggerSchema = z.strictObject({
  title: words,
  event: z.enum(TRIGGERS),
  // the row of the table, the log or the standing that the event is of
  row: id.optional(),
  log: id.optional(),
  standing: id.optional(),
  level: id.optional(),
  opens: z.strictObject({
    judge: id.optional(),
    // a level, or a variant of the level that holds
    set: z.strictObject({ standing: id, level: id.optional(), variant: id.optional() }).optional(),
    flow: id.optional(),
    duty: id.optional(),
  }),
  tell: ids.optional(),
  cites,
})

/** While which a duty recurs: a standing at or above a level, at certain levels or in a variant, or a case that is open. */
export const whileSchema = z.strictObject({
  standing: id.optional(),
  'at-least': id.optional(),
  is: ids.optional(),
  variant: id.optional(),
  flow: id.optional(),
})

/** A paper that a step or duty makes, signs or reports on; `parts` must be filled; `reads` are parties. */
export const documentSchema = z.strictObject({
  title: words,
  parts: z.array(words).optional(),
  reads: ids.optional(),
  cites,
})

export type Standing = z.infer<typeof standingSchema>
export type Trigger = z.infer<typeof triggerSchema>
export type DutyWhile = z.infer<typeof whileSchema>
