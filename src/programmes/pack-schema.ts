import { z } from 'zod'
import { CAPABILITIES } from '../platform/actor.ts'
import type { Catalogue } from './catalogue-schema.ts'
import { withDerivedFields } from './derive-fields.ts'
import { dutyAsFlow, flowOfDuty } from './duty-flow.ts'
import type { Form } from './form-schema.ts'
import type { Letter } from './letter-schema.ts'
import type { Money } from './money-schema.ts'
import { cites, count, date, factName, id, parameter, words } from './pack-words.ts'
import type { Flow, Process } from './process-schema.ts'
import { SUBJECT_KINDS } from './standing-schema.ts'
import type { StudyRules } from './study-schema.ts'
import type { Work } from './work-schema.ts'

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
export const NOT_RUN_YET = ['standings', 'triggers', 'flows', 'duties', 'letters', 'approval', 'overlay']

/** The platform's own role: nobody needs to declare it, and it may grant the first ones. */
export const ADMINISTRATOR = 'administrator'

const period = { from: date, to: date }
const term = z.strictObject({ id, name: words, ...period })

const role = z.strictObject({
  title: words,
  scope: z.array(z.enum(SCOPES)).min(1),
  // what the role lets a person do within its scope; a role may also only be named in a flow
  may: z.array(z.enum(CAPABILITIES)).optional(),
  'granted-by': id,
  holders: z.literal('one').optional(),
  // who acts while nobody holds it
  vacant: id.optional(),
  // roles that nobody may hold beside this one
  'conflicts-with': z.array(id).min(1).optional(),
  // whose people its holders are: they are named on that record's page, and missed there unless they are optional
  'contact-of': z.enum(['school', 'trust', 'authority', 'diocese']).optional(),
  'may-be-missing': z.literal(true).optional(),
  cites,
})

/** Kept in the service with days: one for each combination of `by`. Without a typed one its role's holder is the contact. */
const editedValue = z.strictObject({
  title: words,
  of: z.enum(['contact', 'number', 'text']),
  by: z.array(id).min(1),
  edit: id,
  'holder-of': id.optional(),
  // whose holders stand in where there is none
  vacant: id.optional(),
  cites,
})

const entitlement = z.strictObject({
  title: words,
  unit: z.enum(['day', 'hour']),
  step: count.positive(),
  per: z.enum(['case', 'year', 'term']),
  grant: count,
  min: count.optional(),
  // none: the source sets no upper limit
  max: count.optional(),
  extra: z.strictObject({ max: count, by: id, cites }).optional(),
  // other amounts at the levels of a standing of process.yaml; it is given at no other level
  'by-level': z
    .strictObject({
      standing: id,
      levels: z.record(
        id,
        z.strictObject({
          per: z.enum(['year', 'term']),
          grant: count,
          min: count.optional(),
          max: count.optional(),
          cites,
        }),
      ),
    })
    .optional(),
  rate: count.optional(),
  'all-in': z.boolean().optional(),
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
  // what it is called where it is asked for: "exception requested"
  called: words.optional(),
  'judged-by': z.array(id).min(1),
  'asked-by': z.array(id).min(1).optional(),
  // where it begins: each may be asked for by its own roles, some of them for the school or trust
  origins: z
    .array(z.strictObject({ id, title: words, 'asked-by': z.array(id).min(1), 'asked-for-by': z.array(id).optional() }))
    .min(1)
    .optional(),
  scope: z.enum(SCOPES),
  marks: id.optional(),
  cites,
})

const eligibility = z.strictObject({
  // what the rows are about; the list of who qualifies is of schools
  of: z.enum(SUBJECT_KINDS).optional(),
  hit: z.enum(['any', 'all', 'priority']),
  history: z.enum(['chain', 'own']),
  parameters: z.record(factName, parameter).optional(),
  rows: z.array(z.union([ruleRow, judgedRow])).min(1),
  trusts: z.strictObject({ through: z.array(id).min(1), judged: z.array(id), cites }).optional(),
  // whom somebody asks who does not qualify: one of `values`
  contact: z.strictObject({ value: id, cites }).optional(),
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
  // described only: checked and shown in plain words, while no case, list or duty of it begins in this release
  'not-run-yet': z.literal(true).optional(),
  // beside it: what runs all the same; the rest of the programme stays described
  runs: z
    .strictObject({
      standings: z.array(id).min(1).optional(),
      flows: z.array(id).min(1).optional(),
      duties: z.array(id).min(1).optional(),
    })
    .optional(),
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

/** A pack whole: what stands in pack.yaml, and in the files beside it where the folder has them; forms and letters by id. */
export type Pack = z.infer<typeof packSchema> & {
  readonly process?: Process
  readonly work?: Work
  readonly money?: Money
  readonly studies?: StudyRules
  readonly catalogue?: Catalogue
  readonly forms?: Readonly<Record<string, Form>>
  readonly letters: Readonly<Record<string, Letter>>
}
export type RuleRow = z.infer<typeof ruleRow>
export type JudgedRow = z.infer<typeof judgedRow>
export type EditedValue = z.infer<typeof editedValue>
export type EligibilityRow = RuleRow | JudgedRow

/** A row that is computed; the others are left to a person ("to judge"). */
export function isRuleRow(row: EligibilityRow): row is RuleRow {
  return 'when' in row
}

/** How a judged row may be asked for: where the request begins, and who may make it, for themselves or for the subject. */
export type Origin = NonNullable<JudgedRow['origins']>[number]

/** The origins of a row that is asked for; none for one that its judges record by themselves. */
export function originsOf(row: JudgedRow): readonly Origin[] {
  if (row.origins) return row.origins
  return row['asked-by'] ? [{ id: 'asked', title: row.title, 'asked-by': row['asked-by'] }] : []
}

/** Those whose cases, lists and duties this release runs; the others are described only. */
export function runningPacks(packs: readonly Pack[]): Pack[] {
  return packs.filter((pack) => !pack['not-run-yet'])
}

/** Those that run as a whole, and those of which a part does; each part asks for itself what of it runs. */
export function partlyRunningPacks(packs: readonly Pack[]): Pack[] {
  return packs.filter((pack) => !pack['not-run-yet'] || pack.runs)
}

/**
 * As `partlyRunningPacks`, each with the flows that run alone, and the duties that run as flows of one step: of the others no case can
 * begin. Packs without any are left out.
 */
export function casePacks(packs: readonly Pack[]): Pack[] {
  return packs.flatMap((pack) => {
    if (!pack['not-run-yet']) return [pack]
    const runs = new Set(pack.runs?.flows)
    const flows = Object.entries(pack.process?.flows ?? {}).filter(([id]) => runs.has(id))
    const duties = Object.entries(pack.process?.duties ?? {}).filter(([id]) => pack.runs?.duties?.includes(id))
    if (!pack.process || flows.length + duties.length === 0) return []
    const kept = [
      ...flows.map(([id, flow]) => [id, withoutOthers(flow, runs)] as const),
      ...duties.map(([id, duty]) => [flowOfDuty(id), dutyAsFlow(id, duty)] as const),
    ]
    return [{ ...pack, process: withDerivedFields({ ...pack.process, flows: Object.fromEntries(kept) }) }]
  })
}

/** A flow without cases beside it whose own flow does not run, and without actions that would only be recorded in name. */
function withoutOthers(flow: Flow, runs: ReadonlySet<string>): Flow {
  const children = Object.entries(flow.children ?? {}).filter(([, child]) => runs.has(child.flow))
  const anytime = Object.entries(flow.anytime ?? {}).filter(([, one]) => one.fields ?? one.do ?? one.back)
  return { ...flow, children: Object.fromEntries(children), anytime: Object.fromEntries(anytime) }
}

/** The title, and that nothing of it runs where that is so: for lists that name every programme. */
export function titleWithState(pack: Pick<Pack, 'title' | 'not-run-yet' | 'runs'>): string {
  if (pack.runs) return `${pack.title}, run in part`
  return pack['not-run-yet'] ? `${pack.title}, not run yet` : pack.title
}

/** "tsi@2023-24": how a pack is named on the command line, in addresses and in stored cases. */
export function packRef(pack: Pick<Pack, 'programme' | 'edition'>): string {
  return `${pack.programme}@${pack.edition}`
}
