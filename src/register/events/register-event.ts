/** What may happen to a school in the register, in the order in which pages list it. */
export const EVENT_KINDS = [
  'opened',
  'closed',
  'converted',
  'merged',
  'split',
  'moved-trust',
  'moved-authority',
  'moved-region',
  'renamed',
  'graded',
  'inspected',
  'corrected',
  'correction-ended',
] as const

export type EventKind = (typeof EVENT_KINDS)[number]

/**
 * Something that a file showed of a school that was held before. `from` and `to` by kind: `name`, `status`, `closed`,
 * `reason`, `uid` and `name` of a trust, `code` and `name` of an authority, `region`, `grade` and `on` of a judgement,
 * `kind`, `inspectedOn` and `publishedOn` of an inspection, `link` (the published kind of link). `graded` is an inspection
 * with an overall grade, `inspected` any other. `corrected` and `correction-ended` have `field` and the values by column. Dates are ISO texts; `on` is the file's own date where it says no other.
 */
export type RegisterEvent = {
  readonly id: number
  readonly kind: EventKind
  readonly establishmentId: number
  readonly urn: number | null
  readonly name: string
  /** The school that it became, was joined to, or was split into. */
  readonly other: { readonly establishmentId: number; readonly urn: number | null; readonly name: string } | null
  readonly from: Readonly<Record<string, unknown>>
  readonly to: Readonly<Record<string, unknown>>
  readonly on: string
  readonly seenAt: Date
  /** The file that showed it; null where a person's correction did, or its end. */
  readonly file: { readonly id: number; readonly title: string; readonly asAt: string } | null
}
