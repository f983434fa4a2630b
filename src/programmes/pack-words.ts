import { z } from 'zod'

/** The small shapes that every file of a pack is made of. */

export const words = z.string().trim().min(1)
export const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')
export const factName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'must be one word, letters and digits only')
export const date = z.iso.date('is not a date: write YYYY-MM-DD')
export const count = z.number().nonnegative()

/** A requirement id, a decision record, or an open word that this number is our own setting and in no source. */
export const cites = z
  .array(
    z
      .string()
      .regex(/^([A-Z]{3}-\d{3}|ADR-\d{4}|setting: .+)$/, 'must be a requirement id, ADR-nnnn or "setting: reason"'),
  )
  .min(1)

export const parameter = z.strictObject({
  title: words,
  value: z.union([z.number(), date]),
  min: z.number().optional(),
  cites,
})
