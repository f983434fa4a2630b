import { z } from 'zod'
import { CAPABILITIES } from '../platform/actor.ts'

/**
 * The shape of a pack.yaml: one programme in one edition, policy as data (TSI-001). Every object is closed, so that a
 * misspelt key is refused and never ignored. What a key means stands in docs and in the pack's own `title` texts.
 */

export const SCOPES = [
  'all',
  'region',
  'authority',
  'alliance',
  'network',
  'own',
  'division',
  'phase',
  'subject-area',
  'assigned',
  'self',
  'named',
] as const

/** Top keys that the vocabulary reserves and no engine runs yet: a file may not pretend that they work. */
export const NOT_RUN_YET = ['standings', 'triggers', 'flows', 'duties', 'letters', 'catalogue', 'approval', 'overlay']

/** The platform's own role: nobody needs to declare it, and it may grant the first ones. */
export const ADMINISTRATOR = 'administrator'

const words = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')
const factName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be one word, letters and digits only')
const date = z.iso.date('is not a date: write YYYY-MM-DD')
const count = z.number().nonnegative()

/** A requirement id, a decision record, or an open word that this number is our own setting and in no source. */
const cites = z
  .array(
    z
      .string()
      .regex(/^([A-Z]{3}-\d{3}|ADR-\d{4}|setting: .+)$/, 'must be a requirement id, ADR-nnnn or "setting: reason"'),
  )
  .min(1)

const period = { from: date, to: date }
const term = z.strictObject({ id, name: words, ...period })

const role = z.strictObject({
  title: words,
  scope: z.array(z.enum(SCOPES)).min(1),
  // what the role lets a person do within its scope; a role may also only be named in a flow
  may: z.array(z.enum(CAPABILITIES)).optional(),
  'granted-by': id,
  holders: z.literal('one').optional(),
  vacant: id.optional(),
  cites,
})

const editedValue = z.strictObject({ title: words, of: words, by: z.array(id).min(1), edit: id, cites })

const entitlement = z.strictObject({
  title: words,
  unit: z.enum(['day', 'hour']),
  step: count.positive(),
  per: z.enum(['case', 'year', 'term']),
  grant: count,
  min: count.optional(),
  max: count,
  extra: z.strictObject({ max: count, by: id, cites }).optional(),
  rate: count.optional(),
  'all-in': z.boolean().optional(),
  cites,
})

const parameter = z.strictObject({
  title: words,
  value: z.union([z.number(), date]),
  min: z.number().optional(),
  cites,
})

const reason = z.strictObject({ when: words, say: words })
const ruleRow = z.strictObject({
  id,
  title: words,
  when: words,
  uses: words,
  found: words,
  otherwise: z.array(reason).min(1),
  marks: id.optional(),
  cites,
})
const judgedRow = z.strictObject({
  id,
  title: words,
  'judged-by': z.array(id).min(1),
  'asked-by': z.array(id).min(1).optional(),
  scope: z.enum(SCOPES),
  marks: id.optional(),
  cites,
})

const eligibility = z.strictObject({
  hit: z.enum(['any', 'all', 'priority']),
  history: z.enum(['chain', 'own']),
  parameters: z.record(factName, parameter).optional(),
  rows: z.array(z.union([ruleRow, judgedRow])).min(1),
  trusts: z.strictObject({ through: z.array(id).min(1), judged: z.array(id), cites }).optional(),
  none: words.optional(),
  cites,
})

const focusAreas = z.strictObject({
  areas: z.array(z.strictObject({ id, name: words, note: z.literal('required').optional() })).min(1),
  cites,
})

const matching = z.strictObject({
  'leader-types': z.strictObject({
    types: z
      .array(z.strictObject({ id, name: words, rank: z.number().int().positive(), reason: words.optional() }))
      .min(1),
    cites,
  }),
  weights: z.record(id, z.strictObject({ title: words, weight: count, cites })),
  limits: z.record(id, z.strictObject({ title: words, value: count, unit: words, cites })),
  conflicts: z.record(id, z.strictObject({ title: words, active: z.boolean(), cites })),
})

const calendar = z.strictObject({
  'bank-holidays': z.literal('england'),
  'short-days': z.literal('working days').optional(),
  cites,
})

export const packSchema = z.strictObject({
  programme: id,
  edition: words,
  version: words,
  title: words,
  issued: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$/, 'must be a month (YYYY-MM) or a date'),
  summary: words,
  'academic-year': z.strictObject({ name: words, ...period, cites }),
  follows: words.optional(),
  terms: z.strictObject({ default: z.array(term).min(1), cites }),
  calendar,
  roles: z.record(id, role),
  values: z.record(id, editedValue).optional(),
  entitlements: z.record(id, entitlement).optional(),
  eligibility,
  'focus-areas': focusAreas.optional(),
  matching: matching.optional(),
  words: z.record(words, words).optional(),
})

export type Pack = z.infer<typeof packSchema>
export type RuleRow = z.infer<typeof ruleRow>
export type JudgedRow = z.infer<typeof judgedRow>
export type EligibilityRow = RuleRow | JudgedRow

/** A row that is computed; the others are left to a person ("to judge"). */
export function isRuleRow(row: EligibilityRow): row is RuleRow {
  return 'when' in row
}

/** "tsi@2023-24": how a pack is named on the command line, in addresses and in stored cases. */
export function packRef(pack: Pick<Pack, 'programme' | 'edition'>): string {
  return `${pack.programme}@${pack.edition}`
}
