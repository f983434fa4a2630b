import { z } from 'zod'
import { SETTING_IDS } from './catalogue-facts.ts'
import { cites, count, date, id, words } from './pack-words.ts'

/** The calculators that the engine knows; a catalogue gives them their numbers. */

const fundingBySetting = z.strictObject({
  kind: z.literal('funding-by-setting'),
  title: words,
  valid: z.strictObject({ from: date, to: date }),
  funded: z.array(z.enum(SETTING_IDS)).min(1),
  // settings that are asked about for these entries alone and pay for all others
  check: z.array(z.strictObject({ setting: z.enum(SETTING_IDS), entries: z.array(id).min(1), say: words })),
  cites,
})

const grantPerParticipant = z.strictObject({
  kind: z.literal('grant-per-participant'),
  title: words,
  // the first band that fits counts
  bands: z
    .array(z.strictObject({ phase: z.enum(['primary', 'other']), 'up-to': count.optional(), amount: count }))
    .min(1),
  cites,
})

const shareOfCost = z.strictObject({
  kind: z.literal('share-of-cost'),
  title: words,
  percent: z.number().min(0).max(100),
  paid: words,
  'paid-by': z.strictObject({ authority: words, trust: words }),
  rest: words,
  cites,
})

const perDay = z.strictObject({
  kind: z.literal('per-day'),
  title: words,
  amount: count,
  unit: words,
  covered: z.array(words),
  extra: z.strictObject({ title: words, amount: count, regions: z.array(words), place: id.optional(), cites }),
  eligibility: words,
  cites,
})

const conditions = z.strictObject({
  kind: z.literal('conditions'),
  title: words,
  met: words,
  rows: z.array(z.strictObject({ when: words, unmet: words })).min(1),
  cites,
})

export const calculator = z.discriminatedUnion('kind', [
  fundingBySetting,
  grantPerParticipant,
  shareOfCost,
  perDay,
  conditions,
])
export type Calculator = z.infer<typeof calculator>
