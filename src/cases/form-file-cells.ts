import { accept, type Decision, refuse } from '../platform/decision.ts'
import { type CellRead, plainText } from '../platform/web/workbook-file.ts'
import type { FormField } from '../programmes/index.ts'
import { choiceOptions } from './present-fields.ts'
import { isDay } from './read-answers.ts'

type Answer = string | readonly string[]
const EMPTY = ''

/**
 * A cell as the answer of a field, read as people type it in Excel and LibreOffice; empty text for no answer. What cannot be read
 * (`cell.…`) is refused here, what breaks a rule of the form is left to those rules.
 */
export function answerOfCell(field: FormField, cell: CellRead): Decision<Answer> {
  const text = cell === null ? EMPTY : plainText(String(cell))
  if (text === EMPTY) return accept(EMPTY)
  switch (field.type) {
    case 'yes-no':
      return yesOrNo(text)
    case 'choice':
      return oneOf(field, text)
    case 'choices':
      return severalOf(field, text)
    case 'date':
      return dayOf(text)
    case 'number':
    case 'days':
      return numberOf(text)
    default:
      return accept(typeof cell === 'boolean' ? text.toUpperCase() : text)
  }
}

const YES = new Set(['yes', 'y', 'true', '1', 'x', '✓'])
const NO = new Set(['no', 'n', 'false', '0'])

function yesOrNo(text: string): Decision<Answer> {
  const word = text.toLowerCase()
  if (YES.has(word)) return accept('yes')
  return NO.has(word) ? accept('no') : unread(text, 'choose Yes or No')
}

const folded = (text: string) => text.toLowerCase().replaceAll(/\s+/g, ' ').trim()

function findOption(field: FormField, text: string): string | undefined {
  const word = folded(text)
  return choiceOptions(field).find(({ id, title }) => folded(title) === word || id === word)?.id
}

function oneOf(field: FormField, text: string): Decision<Answer> {
  const found = findOption(field, text)
  return found === undefined ? unread(text, `choose one of ${titlesOf(field)}`) : accept(found)
}

function severalOf(field: FormField, text: string): Decision<Answer> {
  const whole = findOption(field, text)
  if (whole !== undefined) return accept([whole])
  const parts = partsOf(text, /[;\n]/).flatMap((part) => (findOption(field, part) ? [part] : partsOf(part, /,/)))
  const unknown = parts.find((part) => findOption(field, part) === undefined)
  if (unknown !== undefined) return unread(unknown, `choose from ${titlesOf(field)}`)
  const chosen = new Set(parts.map((part) => findOption(field, part)))
  return accept(
    choiceOptions(field)
      .map(({ id }) => id)
      .filter((id) => chosen.has(id)),
  )
}

function partsOf(text: string, by: RegExp): string[] {
  return text
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function titlesOf(field: FormField): string {
  return choiceOptions(field)
    .map(({ title }) => title)
    .join(', ')
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY_FIRST = /^(\d{1,2})[\s./-]+(\d{1,2}|[a-z]{3,9})\.?,?[\s./-]+(\d{4}|\d{2})$/
const YEAR_FIRST = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?$/
/** Days since the last of 1899, as a spreadsheet counts them where the cell has lost its form: 1954 to 2119. */
const SERIAL = /^\d{5}(?:\.\d+)?$/
const SERIAL_BEGAN = '1899-12-30'
const SERIAL_LEAST = 20_000
const SERIAL_MOST = 80_000

/** A day as people write one, the day before the month: "27/3/2024", "27 March 2024", "2024-03-27", or a spreadsheet's number. */
function dayOf(text: string): Decision<Answer> {
  const iso = isoOf(text.toLowerCase())
  return iso && isDay(iso) ? accept(iso) : unread(text, 'write a real day, such as 27 March 2024')
}

function isoOf(text: string): string | undefined {
  const number = Number(text)
  if (SERIAL.test(text) && number >= SERIAL_LEAST && number <= SERIAL_MOST)
    return Temporal.PlainDate.from(SERIAL_BEGAN)
      .add({ days: Math.floor(number) })
      .toString()
  const [, year, month, day] = YEAR_FIRST.exec(text) ?? []
  if (year && month && day) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const [, first = '', second = '', last = ''] = DAY_FIRST.exec(text.replace(/(\d)(st|nd|rd|th)\b/, '$1')) ?? []
  if (!first) return undefined
  const named = MONTHS.findIndex((one) => second.startsWith(one)) + 1
  const inYear = /^\d/.test(second) ? second : named ? String(named) : ''
  return inYear && `${last.padStart(4, '20')}-${inYear.padStart(2, '0')}-${first.padStart(2, '0')}`
}

/** A number with a comma or a half sign where others write a point, with its unit or without. */
function numberOf(text: string): Decision<Answer> {
  const bare = text
    .toLowerCase()
    .replace(/\s*(days?|%|percentage points?)$/, '')
    .replace(/^£\s*/, '')
    .replace(/^(\d*)\s*½$/, (_, whole: string) => `${whole || '0'}.5`)
  const grouped = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.')
  if (!/^\d+(\.\d+)?$/.test(grouped)) return unread(text, 'write a number, such as 2.5')
  return accept(String(Number(grouped)))
}

const SHOWN = 60

function unread(text: string, say: string): Decision<never> {
  const begun = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  if (text.startsWith('='))
    return refuse({ code: 'cell.formula', message: `The cell holds a formula, ${begun}: ${say}` })
  return refuse({ code: 'cell.not-read', message: `“${begun}” cannot be read: ${say}` })
}

/** Whether two answers of a field are the same as far as a spreadsheet can tell. */
export function sameAnswer(field: FormField, one: Answer | undefined, other: Answer | undefined): boolean {
  return plainAnswer(field, one) === plainAnswer(field, other)
}

function plainAnswer({ type }: FormField, answer: Answer | undefined): string {
  if (answer === undefined) return EMPTY
  if (typeof answer !== 'string') return [...answer].sort().join('\n')
  const text = plainText(answer)
  const isNumber = (type === 'number' || type === 'days') && /^\d+(\.\d+)?$/.test(text)
  return isNumber ? String(Number(text)) : text
}
