import type { Refusal } from '../platform/decision.ts'
import type { Field, Fields } from '../programmes/index.ts'
import { NOTE_LENGTH } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'

/** A field as the macro `caseField` prints it. */
export type ShownField = {
  readonly name: string
  readonly type: Field['type']
  readonly title: string
  readonly hint: string | null
  readonly optional: boolean
  readonly value: string
  readonly items: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[]
  readonly day: { readonly day: string; readonly month: string; readonly year: string }
  readonly max: number
  readonly error: string | null
}

/** The fields of a step with what was typed and what is wrong. */
export function presentFields(
  fields: Fields,
  typed: Answers,
  refusals: readonly Refusal[],
  suggestFrom?: Temporal.PlainDate,
): ShownField[] {
  return Object.entries(fields).map(([name, field]) => {
    const given = typed[name] ?? (suggestFrom && suggestedDay(field, suggestFrom))
    const value = typeof given === 'string' ? given : ''
    const chosen = typeof given === 'string' ? [given] : (given ?? [])
    const [year = '', month = '', day = ''] = value.split('-')
    return {
      name,
      type: field.type,
      title: field.title,
      hint: field.hint ?? null,
      optional: !field.required,
      value,
      items: choiceOptions(field).map(({ id, title }) => ({ value: id, text: title, checked: chosen.includes(id) })),
      day: { day: plain(day), month: plain(month), year },
      max: field.max ?? NOTE_LENGTH,
      error: refusals.find((one) => one.field === name)?.message ?? null,
    }
  })
}

/** A field with those that are asked only under one of its options. */
export type NestedField = ShownField & {
  readonly hasUnder: boolean
  readonly under: Readonly<Record<string, readonly NestedField[]>>
}

/** `field('focus') == 'yes'` as a part of a condition: the field belongs under that option. */
const UNDER = /^field\('([a-z0-9-]+)'\) == '([a-z0-9-]+)'$/

export function conditionParts(when: string | undefined): string[] {
  return when?.split(' && ') ?? []
}

/** Whether a condition names another row than this one, so that its field is never asked here. */
export function isOfOtherRow(when: string | undefined, row: string): boolean {
  return conditionParts(when).some((part) => {
    const [, field, value] = UNDER.exec(part) ?? []
    return field === 'row' && value !== row
  })
}

/** The option of another field under which a field with this condition belongs; undefined where it hangs on none. */
export function parentOf(fields: Fields, when: string | undefined): { parent: string; option: string } | undefined {
  const [, parent = '', option = ''] = conditionParts(when).flatMap((part) => UNDER.exec(part) ?? [])
  const type = fields[parent]?.type
  return type === 'choice' || type === 'yes-no' ? { parent, option } : undefined
}

/** Puts what hangs on an option under it, and so on. `shown` is of `fields`, in their names with `prefix` before them. */
export function nestFields(fields: Fields, shown: readonly ShownField[], prefix = ''): NestedField[] {
  const placed = shown.map((one) => ({ one, place: parentOf(fields, fields[one.name.slice(prefix.length)]?.when) }))
  const nest = (one: ShownField): NestedField => {
    const under: Record<string, NestedField[]> = {}
    for (const { one: child, place } of placed)
      if (place && `${prefix}${place.parent}` === one.name)
        under[place.option] = [...(under[place.option] ?? []), nest(child)]
    return { ...one, under, hasUnder: Object.keys(under).length > 0 }
  }
  return placed.filter(({ place }) => place === undefined).map(({ one }) => nest(one))
}

/** The day that a date field offers while nothing was typed yet. */
function suggestedDay({ suggest }: Field, from: Temporal.PlainDate): string | undefined {
  if (!suggest) return undefined
  const [count = '', unit = ''] = suggest.split(' ')
  return from.add({ [unit]: Number(count) }).toString()
}

/** What may be chosen in a field: its options, or yes and no. */
export function choiceOptions({ type, options = [] }: Field) {
  if (type !== 'yes-no') return options
  return [
    { id: 'yes', title: 'Yes' },
    { id: 'no', title: 'No' },
  ]
}

function plain(part: string): string {
  return part.replace(/^0(?=\d)/, '')
}

/** An answer in words: the title of a choice, yes or no, a day in full is left to the template. */
export function answerInWords(field: Field | undefined, value: string | readonly string[]): string {
  const titleOf = (one: string) =>
    choiceOptions(field ?? { title: '', type: 'text' }).find(({ id }) => id === one)?.title ?? one
  return typeof value === 'string' ? titleOf(value) : value.map(titleOf).join(', ')
}
