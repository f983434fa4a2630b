import { z } from 'zod'
import { fieldSchema, optionSchema } from './field-schema.ts'

/**
 * The shape of a `forms/<id>.yaml`: one form that goes with each case of a flow, filled over time by several people, section by
 * section, signed and handed in. Every object is closed. Conditions are those of flows; `field()` is what the section or row holds.
 */

/**
 * What a section is: `copies` of the register, `answers`, a `secret` that is kept encrypted, a `claim` whose days are counted,
 * a `confirm` that is the ending of a step by the other side, and the `destination` with its receipt.
 */
export const SECTION_KINDS = ['copies', 'answers', 'secret', 'claim', 'confirm', 'destination'] as const
/**
 * Where the rows of a group come from: typed one by one, the pack's focus areas, the areas of the plan as it stands, the
 * activities planned, or a list of the form.
 */
export const ROW_SOURCES = ['free', 'areas', 'plan', 'activities', 'list'] as const
/** The list of options that the pack itself brings. */
export const AREAS = 'areas'

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

/** `list` takes the options from a list of the form; `digits` is how many digits a number such as a sort code has. */
const formField = fieldSchema.extend({
  list: id.optional(),
  digits: z.int().positive().optional(),
  prefill: z.literal('basis').optional(),
})
const fields = z.record(id, formField)

/** A rule over a section or a row. A refusal holds up the section's completion, or with `at: save` any saving. */
const check = z.strictObject({
  id,
  when: words,
  level: z.enum(['refuse', 'warn']),
  at: z.enum(['save', 'complete']).optional(),
  field: id.optional(),
  say: words,
  cites,
})

const group = z.strictObject({
  title: words,
  help: words.optional(),
  row: words.optional(),
  rows: z.enum(ROW_SOURCES),
  list: id.optional(),
  when: words.optional(),
  least: z.int().positive().optional(),
  most: z.int().positive().optional(),
  fields,
  // rows that concern the whole trust: the fields that say about what, and in which words
  'told-to-trust': z.strictObject({ about: id, words: id, cites }).optional(),
  // what a row holds before anybody wrote into the section, where the case is so
  presets: z.array(z.strictObject({ row: id, field: id, value: words, when: words, cites })).optional(),
  checks: z.array(check).optional(),
  cites,
})

const section = z.strictObject({
  id,
  number: z.int().positive(),
  title: words,
  help: words.optional(),
  kind: z.enum(SECTION_KINDS),
  writers: ids.optional(),
  // without it, whoever sees the case reads it
  readers: ids.optional(),
  // for a secret: who sees it in full
  full: ids.optional(),
  per: z.literal('leader').optional(),
  step: id.optional(),
  contact: z.strictObject({ party: id, title: words }).optional(),
  fields: fields.optional(),
  groups: z.record(id, group).optional(),
  checks: z.array(check).optional(),
  tell: ids.optional(),
  cites,
})

/** How the plan of one section is amended by another: the ids of the groups, fields and options that say so. */
const plan = z.strictObject({
  section: id,
  group: id,
  chosen: id,
  means: id,
  amended: z.strictObject({
    section: id,
    group: id,
    kind: id,
    area: id,
    means: id,
    adds: id,
    removes: id,
    changes: id,
  }),
  // what each activity is for: where it is written, and the section in which what lacks an outcome is told
  outcomes: z
    .strictObject({ section: id, group: id, action: id, expected: id, warns: id, say: words, cites })
    .optional(),
  cites,
})

/**
 * A signature over sections. A change of one that it `covers` voids it; a change of one under `also` asks only this signer
 * again, by the step `again`. `after` names the signature that must stand first; `keeps` what survives the return to `step`.
 */
const signature = z.strictObject({
  id,
  title: words,
  by: id,
  covers: ids,
  also: ids.optional(),
  after: id.optional(),
  step: id,
  again: id.optional(),
  keeps: ids.optional(),
  cites,
})

/**
 * A time at which the form reports: there once its `sections` are complete, or with `handed-in` once the form is. `task` is the
 * step that only a report which went on may open.
 */
const point = z.strictObject({
  id,
  title: words,
  covers: ids,
  'handed-in': z.boolean().optional(),
  task: z.strictObject({ step: id, cites }).optional(),
  cites,
})

const destination = z.strictObject({ party: id, step: id, say: words.optional(), cites })

/**
 * What a leader who left the case still fills, signs and hands in, beside the case and by the steps of a flow of its own: of the
 * form's sections only those named. A section that a step ends, such as the answer of the school, is ended by the signature of
 * the same name.
 */
const partial = z.strictObject({
  flow: id,
  title: words,
  help: words.optional(),
  sections: ids,
  signatures: z.array(signature).min(1),
  destination,
  cites,
})

export const formSchema = z.strictObject({
  title: words,
  help: words.optional(),
  flow: id,
  lists: z.record(id, z.array(optionSchema).min(1)).optional(),
  plan: plan.optional(),
  sections: z.array(section).min(1),
  signatures: z.array(signature).optional(),
  points: z.array(point).optional(),
  destination: destination.optional(),
  partial: partial.optional(),
  cites,
})

export type Form = z.infer<typeof formSchema>
export type FormSection = z.infer<typeof section>
export type FormGroup = z.infer<typeof group>
export type FormField = z.infer<typeof formField>
export type FormFields = Readonly<Record<string, FormField>>
export type FormCheck = z.infer<typeof check>
export type FormSignature = z.infer<typeof signature>
export type FormPoint = z.infer<typeof point>

type Option = z.infer<typeof optionSchema>

/** The form with the options of its lists written out at each field, so that the engine reads one thing. */
export function withOptions(form: Form, areas: readonly { id: string; name: string }[]): Form {
  const lists: Record<string, Option[]> = {
    ...form.lists,
    [AREAS]: areas.map((area) => ({ id: area.id, title: area.name })),
  }
  const fill = (given: FormFields): Record<string, FormField> =>
    Object.fromEntries(
      Object.entries(given).map(([name, { list, ...field }]) => [
        name,
        list ? { ...field, options: lists[list] } : field,
      ]),
    )
  const sections = form.sections.map((one) => ({
    ...one,
    ...(one.fields && { fields: fill(one.fields) }),
    ...(one.groups && {
      groups: Object.fromEntries(
        Object.entries(one.groups).map(([name, rows]) => [name, { ...rows, fields: fill(rows.fields) }]),
      ),
    }),
  }))
  return { ...form, sections }
}

/** The part of a form that a leader who left goes on with, as a form of its own; undefined where the form has none. */
export function partialForm({ partial, ...form }: Form): Form | undefined {
  if (!partial) return undefined
  const { sections, ...rest } = partial
  const stepOf = (step: string) => {
    const named = form.signatures?.find((one) => one.step === step)?.id
    return partial.signatures.find(({ id: own }) => own === named)?.step ?? step
  }
  return {
    ...rest,
    ...(form.lists && { lists: form.lists }),
    sections: form.sections
      .filter((one) => sections.includes(one.id))
      .map((one) => (one.step ? { ...one, step: stepOf(one.step) } : one)),
  }
}
