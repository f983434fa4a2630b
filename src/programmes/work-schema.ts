import { z } from 'zod'
import { fieldsSchema } from './field-schema.ts'
import { checkSchema } from './process-schema.ts'

/**
 * The shape of a work.yaml: what happens in a case beside its steps. Who logs days and how they are judged, the model that a
 * plan follows, themes, lists to go through, notes of visit. Every object is closed; conditions are those of flows.
 */

const words = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')
const ids = z.array(id).min(1)
const cites = z
  .array(
    z
      .string()
      .regex(/^([A-Z]{3}-\d{3}|ADR-\d{4}|setting: .+)$/, 'must be a requirement id, ADR-nnnn or "setting: reason"'),
  )
  .min(1)
const checks = z.array(checkSchema).optional()

/** A share of the days that is watched: told once when it leaves its bounds, never a bar. */
const share = z.strictObject({
  title: words,
  when: words,
  'more-than': z.number().optional(),
  'at-most': z.number().optional(),
  tell: ids,
  say: words,
  cites,
})

const log = z.strictObject({
  of: id,
  'answers-for': id,
  performers: z.strictObject({ say: words, cites }),
  shares: z.record(id, share),
  'half-way': z.strictObject({ share: z.number(), say: words, cites }),
  late: z.strictObject({ 'answered-by': id, tell: ids, say: words, cites }),
  returns: z.strictObject({ by: ids, tell: ids, cites }),
  engagement: z.strictObject({
    by: id,
    reads: ids,
    options: z.array(z.strictObject({ id, title: words, tell: ids.optional() })).min(1),
    cites,
  }),
  'confirmed-by': z.strictObject({ party: id, cites }),
  cites,
})

const specialism = z.strictObject({ id, title: words, note: z.literal('required').optional() })
const team = z.strictObject({
  by: id,
  as: id,
  specialisms: z.array(specialism).min(1),
  checks,
  cites,
})

const aim = z.strictObject({
  action: id,
  field: id,
  otherwise: z.array(z.strictObject({ when: words, value: id })).min(1),
  cites,
})

const contactDue = z.strictObject({
  action: id,
  day: id,
  from: id,
  until: z.string(),
  within: words,
  tell: ids,
  cites,
})

const modelStep = z.strictObject({
  id,
  number: z.number().int().positive(),
  title: words,
  phase: id,
  locked: z.boolean().optional(),
  checklist: id.optional(),
  sections: ids.optional(),
  kinds: ids.optional(),
  resources: ids.optional(),
})

const model = z.strictObject({
  title: words,
  owner: id,
  reads: ids,
  steps: z.array(modelStep).min(1),
  phases: z.array(z.strictObject({ id, title: words, bespoke: z.boolean().optional() })).min(1),
  bespoke: z.strictObject({ say: words, cites }),
  examples: z
    .array(
      z.strictObject({
        id,
        title: words,
        phase: words.optional(),
        maintained: z.boolean().optional(),
        about: words,
        link: words.optional(),
        cites,
      }),
    )
    .optional(),
  cites,
})

const resource = z.strictObject({
  title: words,
  kind: words,
  audience: words,
  status: words.optional(),
  link: words.optional(),
  cites,
})

const themes = z.strictObject({
  of: z.array(z.strictObject({ id, title: words, areas: ids, catalogue: z.boolean().optional() })).min(1),
  cites,
})

/** `action`: what an answer leads to, a strategy that is offered or one that is made. */
const listState = z.strictObject({
  id,
  title: words,
  note: z.literal('required').optional(),
  action: z.enum(['offered', 'made']).optional(),
})

const checklist = z.strictObject({
  title: words,
  help: words.optional(),
  when: words.optional(),
  by: ids,
  /** Items that others answer than the rest of the list. */
  only: z.record(id, ids).optional(),
  area: id.optional(),
  states: z.array(listState).min(1).optional(),
  items: z
    .array(z.strictObject({ id, title: words }))
    .min(1)
    .optional(),
  fields: fieldsSchema.optional(),
  needs: ids.optional(),
  /** Fields whose answers go into fields of a section of the form when the one who wrote them asks for it. */
  carries: z.strictObject({ section: id, fields: z.record(id, id), cites }).optional(),
  resources: ids.optional(),
  hides: z.record(id, words).optional(),
  guidance: z.array(z.strictObject({ when: words, say: words })).optional(),
  yearly: z
    .strictObject({
      day: z.string().regex(/^\d{2}-\d{2}$/, 'must be MM-DD'),
      'met-by': id,
      tell: ids,
      cites,
    })
    .optional(),
  checks,
  cites,
})

export const workSchema = z.strictObject({
  flow: id,
  log,
  team,
  aim,
  'contact-due': contactDue,
  // `by` may write notes; those kept `internal` are written and read by fewer, and `reads` read these too
  notes: z.strictObject({ by: ids, internal: ids, reads: ids.optional(), cites }),
  strategies: z.strictObject({ by: ids, cites }),
  visits: z.strictObject({ 'written-by': id, 'answered-by': id, cites }),
  signposts: z.strictObject({ by: id, cites }),
  model,
  resources: z.record(id, resource),
  themes,
  checklists: z.record(id, checklist),
})

export type Work = z.infer<typeof workSchema>
export type Specialism = z.infer<typeof specialism>
export type Checklist = z.infer<typeof checklist>
export type ModelStep = z.infer<typeof modelStep>
