import { type Actor, covers, type Place } from '../platform/actor.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import { ADMINISTRATOR, type EditedValue, type Pack } from './pack-schema.ts'

/** Somebody to write to. */
export type Contact = { readonly name: string; readonly email: string }
export type HeldValue = Contact | number | string

/** A value for its days, both included; `value` null says that there is none on them. */
export type ValueRow = {
  readonly id: number
  readonly value: HeldValue | null
  readonly from: string
  readonly to: string | null
}

export function isInForce({ from, to }: Pick<ValueRow, 'from' | 'to'>, on: string): boolean {
  return from <= on && (to === null || to >= on)
}

/** The place that a value is for, as far as its key names one. */
export function placeOfKey({ by }: Pick<EditedValue, 'by'>, key: readonly string[]): Place {
  const part = (name: string) => key[by.indexOf(name)] ?? null
  return { region: part('region'), authority: part('authority') }
}

/** Whether somebody may change a value: a holder of the role that the pack names, for the place of the value. */
export function mayEdit(
  pack: Pack,
  value: EditedValue,
  { actor, key }: { actor: Actor; key: readonly string[] },
): boolean {
  const programme = value.edit === ADMINISTRATOR ? null : pack.programme
  return (actor.hats ?? []).some(
    (hat) => hat.role === value.edit && hat.programme === programme && covers(hat.scope, placeOfKey(value, key)),
  )
}

/** What is typed for a value; blank texts where nothing was. `from` and `to`: null when blank, undefined when no date. */
export type TypedValue = {
  readonly none: boolean
  readonly name: string
  readonly email: string
  readonly text: string
  readonly from: string | null | undefined
  readonly to: string | null | undefined
}

export type ValueChange = Omit<ValueRow, 'id'> & {
  /** The one that ends on the day before, and the one of the same first day that is replaced. */
  readonly ends: number | null
  readonly replaces: number | null
}

/** What is stored for a typed value beside those on record. All that is wrong at once; a day on which a later one counts is refused. */
export function decideValue(
  { of }: Pick<EditedValue, 'of'>,
  typed: TypedValue,
  { held, today }: { held: readonly ValueRow[]; today: string },
): Decision<ValueChange> {
  const read = typed.none ? accept(null) : readValue(of, typed)
  const from = typed.from === null ? today : typed.from
  const { to } = typed
  const refusals: Refusal[] = read.ok ? [] : [...read.refusals]
  const wrongDay = 'Enter a real date, such as 8 1 2024'
  if (from === undefined) refusals.push({ code: 'date.wrong', field: 'from', message: wrongDay })
  if (to === undefined) refusals.push({ code: 'date.wrong', field: 'to', message: wrongDay })
  if (from && to && to < from)
    refusals.push({ code: 'value.dates', field: 'to', message: 'The last day must not be before the first' })
  const later = from && held.find((row) => row.from > from && (!to || row.from <= to))
  if (later)
    refusals.push({
      code: 'value.later',
      field: 'to',
      message: `From ${longDate(later.from)} another one counts: give a last day before it`,
    })
  if (!read.ok || refusals.length > 0 || from === undefined || to === undefined) return refuse(...refusals)
  const same = held.find((row) => row.from === from)
  const before = held.find((row) => row.from < from && isInForce(row, from))
  return accept({ value: read.value, from, to, ends: before?.id ?? null, replaces: same?.id ?? null })
}

function readValue(of: EditedValue['of'], { name, email, text }: TypedValue): Decision<HeldValue> {
  if (of === 'contact') {
    const refusals: Refusal[] = []
    if (name === '' || name.length > 200)
      refusals.push({ code: 'value.name', field: 'name', message: 'Enter the name, of 200 characters at most' })
    if (email.length > 254 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
      refusals.push({
        code: 'email.wrong',
        field: 'email',
        message: 'Enter an e-mail address, such as name@example.org',
      })
    return refusals.length > 0 ? refuse(...refusals) : accept({ name, email })
  }
  if (text === '' || text.length > 1000)
    return refuse({ code: 'value.missing', field: 'value', message: 'Enter the value, of 1,000 characters at most' })
  if (of === 'text') return accept(text)
  return /^-?\d+(\.\d+)?$/.test(text)
    ? accept(Number(text))
    : refuse({ code: 'value.number', field: 'value', message: 'Enter a number, such as 60' })
}
