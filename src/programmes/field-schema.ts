import { z } from 'zod'

/** Kinds of answer that a step or a form may ask for; the engine knows how each is read, checked and shown. */
export const FIELD_TYPES = [
  'text',
  'note',
  'date',
  'choice',
  'choices',
  'yes-no',
  'number',
  'days',
  'leader',
  'school',
  'trust',
] as const

/** The longest note unless the pack says otherwise (TSI-131: a setting of ours, in characters). */
export const NOTE_LENGTH = 500

const words = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')

export const optionSchema = z.strictObject({ id, title: words, note: z.literal('required').optional() })

/**
 * One thing that is asked. `when` asks it only where the condition holds; `required` may not be left out then. A number has
 * `min` and `max`, a note the most characters as `max`, a date may be bound to the past; `suggest` is how long
 * from today the day lies that stands in the empty field, to be changed.
 */
export const fieldSchema = z.strictObject({
  title: words,
  hint: words.optional(),
  type: z.enum(FIELD_TYPES),
  options: z.array(optionSchema).min(1).optional(),
  required: z.boolean().optional(),
  when: words.optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  past: z.boolean().optional(),
  // where something takes place, beside the date that a step agrees on
  place: z.literal(true).optional(),
  suggest: z
    .string()
    .regex(/^\d+ (days|weeks|months)$/, 'must be a number of days, weeks or months')
    .optional(),
  shared: z.boolean().optional(),
  cites: z.array(z.string()).min(1).optional(),
})
export const fieldsSchema = z.record(id, fieldSchema)

export type Field = z.infer<typeof fieldSchema>
export type Fields = Readonly<Record<string, Field>>
