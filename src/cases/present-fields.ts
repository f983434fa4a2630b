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
