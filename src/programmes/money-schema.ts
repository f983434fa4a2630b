import { z } from 'zod'

/**
 * The shape of a money.yaml: what a programme pays, to whom and under which conditions. Pounds are whole pounds; a claim is days
 * of an entitlement at its rate. Conditions are those of flows (`flow-conditions.ts`). Every object is closed.
 */
const words = z.string().trim().min(1)
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and hyphens')
const cites = z
  .array(
    z
      .string()
      .regex(/^([A-Z]{3}-\d{3}|ADR-\d{4}|setting: .+)$/, 'must be a requirement id, ADR-nnnn or "setting: reason"'),
  )
  .min(1)

/**
 * What must hold before money is due: a condition, another part of the same grant that is paid, or a step that ended or whose
 * due day is reached. `say` names what is missing, and stands after "Missing:".
 */
const need = z
  .strictObject({ id, when: words.optional(), paid: id.optional(), reached: id.optional(), say: words, cites })
  .refine((one) => [one.when, one.paid, one.reached].filter(Boolean).length === 1, 'needs one of when, paid, reached')
const told = z.strictObject({ when: words, say: words, cites })

/** Days of an entitlement that a leader claims. `from` says when they are promised, `claimed` when the claim is handed in. */
const claim = z.strictObject({
  kind: z.literal('payable'),
  title: words,
  flow: id,
  of: id,
  from: z.strictObject({ when: words, cites }),
  claimed: z.strictObject({ when: words, cites }),
  refused: told.optional(),
  due: z.array(need).min(1),
  cites,
})

/** A fixed sum in fixed parts. `to` names where the payee stands: answers as "step/field", the first that holds something counts. */
const grant = z.strictObject({
  kind: z.literal('grant'),
  title: words,
  flow: id,
  to: z.array(words).min(1),
  from: z.strictObject({ when: words, cites }),
  pounds: z.int().positive(),
  full: words,
  parts: z.array(
    z.strictObject({
      id,
      title: words,
      pounds: z.int().positive(),
      due: z.array(need).min(1),
      disputed: told.optional(),
      // what stands in the offer about when it is paid
      terms: words.optional(),
      cites,
    }),
  ),
  cites,
})

export const moneySchema = z.strictObject({
  // one of the pack's `values`: how many pounds a region has
  budget: id.optional(),
  lines: z.record(id, z.discriminatedUnion('kind', [claim, grant])),
})

export type Money = z.infer<typeof moneySchema>
export type MoneyClaim = z.infer<typeof claim>
export type MoneyGrant = z.infer<typeof grant>
export type MoneyNeed = z.infer<typeof need>
export type MoneyPart = MoneyGrant['parts'][number]
