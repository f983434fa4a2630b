import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Query } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { dueDate, englandCalendar, findLimit, findTerm, isWorkingDay, type Limit, type Term } from './calendar.ts'
import type { Pack } from './pack-schema.ts'

/** A limit as a programme writes it ("5 days", "4 weeks") and the day of the event that starts its clock. */
export type DueQuestion = { readonly from: Temporal.PlainDate; readonly limit: Limit; readonly words: string }

/**
 * Reads "when is it due" from an address: `from` (ISO, or the fields from-day, from-month, from-year) and `limit`. Where
 * the pack says that its short limits are working days, plain "days" are read so (TSI-084). Undefined when nothing is asked.
 */
export function readDueQuestion(pack: Pack, query: Query): Decision<DueQuestion | undefined> {
  const words = (query.get('limit') ?? '').trim().toLowerCase()
  const parts = ['year', 'month', 'day'].map((part) => (query.get(`from-${part}`) ?? '').trim())
  const inFields = parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-')
  const typed = parts.some(Boolean) ? inFields : (query.get('from') ?? '').trim()
  if (!words && !typed) return accept(undefined)
  const refusals: Refusal[] = []
  const from = findDay(typed)
  if (!from)
    refusals.push({ code: 'from.not-a-date', message: 'The day must be a real date, such as 28 3 2024', field: 'from' })
  const limit = findLimit(asMeant(pack, words))
  if (!limit || limit.within > MOST_UNITS)
    refusals.push({
      code: 'limit.not-a-limit',
      message: `The limit must be words such as 5 days, 4 weeks or 1 month, at most ${MOST_UNITS}`,
      field: 'limit',
    })
  return from && limit && refusals.length === 0 ? accept({ from, limit, words }) : refuse(...refusals)
}

const MOST_UNITS = 400

function findDay(typed: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(typed, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

function asMeant(pack: Pack, words: string): string {
  return pack.calendar['short-days'] === 'working days' ? words.replace(/^(\d+) (days?)$/, '$1 working $2') : words
}

/** The due date with what it rests on: the unit as read, days that did not count, and the term it falls in. */
export function answerDue({ from, limit, words }: DueQuestion, terms: readonly Term[]) {
  const due = dueDate(limit, from, englandCalendar)
  const skipped: string[] = []
  for (let day = from.add({ days: 1 }); Temporal.PlainDate.compare(day, due) <= 0; day = day.add({ days: 1 })) {
    if (!isWorkingDay(day, englandCalendar)) skipped.push(day.toString())
  }
  return {
    from: from.toString(),
    limit: words,
    within: limit.within,
    unit: limit.unit,
    due: due.toString(),
    weekday: due.toLocaleString('en-GB', { weekday: 'long' }),
    notCounted: limit.unit === 'working days' ? skipped : [],
    bankHolidays: skipped.filter((day) => englandCalendar.isBankHoliday(Temporal.PlainDate.from(day))),
    term: findTerm(terms, due.toString())?.name ?? null,
    calendar: englandCalendar.version,
  }
}

/**
 * Reads an authority's term dates from a form: `ID-from` and `ID-to` for each term of the edition; all blank: none of its own.
 * Refused, with the term named: a term too many or too few, a day that is none, an overlap, an end before the start (LLN-007).
 */
export function readTerms(pack: Pack, body: Readonly<Record<string, unknown>>): Decision<Term[]> {
  const texts = pack.terms.default.map(({ id, name }) => ({
    id,
    name,
    from: String(body[`${id}-from`] ?? '').trim(),
    to: String(body[`${id}-to`] ?? '').trim(),
  }))
  const tooMany = termsTooMany(pack, body)
  if (tooMany.length > 0) return refuse(...tooMany)
  if (texts.every(({ from, to }) => !from && !to)) return accept([])
  const refusals = texts.flatMap((term, at) => faultsOfTerm(term, texts[at - 1], pack))
  return refusals.length > 0 ? refuse(...refusals) : accept(texts)
}

function termsTooMany(pack: Pack, body: Readonly<Record<string, unknown>>): Refusal[] {
  const known = pack.terms.default.map(({ id }) => id)
  return Object.keys(body).flatMap((field) => {
    const id = /^([a-z0-9-]+)-(?:from|to)$/.exec(field)?.[1]
    if (!id || known.includes(id)) return []
    const message = `A year of this programme has ${known.length} terms: ${id} is none of them`
    return [{ code: 'term.unknown', message, field }]
  })
}

function faultsOfTerm({ id, name, from, to }: Term, before: Term | undefined, pack: Pack): Refusal[] {
  const year = pack['academic-year']
  const [first, last] = [`${id}-from`, `${id}-to`]
  const notDates = [
    ...(findDay(from)
      ? []
      : [{ field: first, message: `${name}: the first day must be a date, such as ${year.from}` }]),
    ...(findDay(to) ? [] : [{ field: last, message: `${name}: the last day must be a date, such as ${year.to}` }]),
  ]
  if (notDates.length > 0) return notDates.map((one) => ({ code: 'term.not-a-date', ...one }))
  if (from < year.from || to > year.to) {
    const message = `${name} must lie in the academic year ${year.name}: from ${longDate(year.from)} to ${longDate(year.to)}`
    return [{ code: 'term.year', message, field: from < year.from ? first : last }]
  }
  const overlaps = before !== undefined && from <= before.to
  if (!overlaps && from <= to) return []
  const message = overlaps
    ? `${name} must begin after ${before.name} ends, so that they do not overlap`
    : `${name} must end after it begins`
  return [{ code: 'term.order', message, field: overlaps ? first : last }]
}

/** Bank holidays of England in the edition's year, on weekdays. */
export function listBankHolidays(pack: Pack): string[] {
  const { from, to } = pack['academic-year']
  const found: string[] = []
  const end = Temporal.PlainDate.from(to)
  for (let day = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(day, end) <= 0; day = day.add({ days: 1 })) {
    if (day.dayOfWeek <= FRIDAY && englandCalendar.isBankHoliday(day)) found.push(day.toString())
  }
  return found
}

const FRIDAY = 5
