import { accept, type Decision, type Refusal, refuse } from '../../platform/decision.ts'
import { isCellFault, readDate } from '../csv-cell.ts'
import { type CorrectionField, findField } from './correction-fields.ts'

/**
 * A correction as it is asked for, all as typed. `what` names the fact: the id of a field of the school, `grade:17`,
 * `inspected-on:17` or `published-on:17` of an inspection by its number, `predecessor` to add a link (its URN is the
 * value), `predecessor:900001` to cut one. Dates are ISO texts.
 */
export type AskedCorrection = {
  readonly what: string
  readonly value: string
  readonly holdsFrom: string
  readonly source: string
  readonly sourceDate: string
  readonly reason: string
}

/** What the register says, to decide upon. Words that a fact may have are those that the register uses. */
export type CorrectionFacts = {
  readonly today: string
  readonly urn: number
  /** The school's columns as the register's files say them. */
  readonly register: Readonly<Record<string, unknown>>
  readonly inspection: Readonly<Record<string, unknown>> | undefined
  /** Whether another inspection of the same kind stands on the date asked for. */
  readonly dateTaken: boolean
  readonly words: {
    readonly phase: readonly string[]
    readonly type: readonly string[]
    readonly status: readonly string[]
  }
  readonly authorityRegion: string | null | undefined
  readonly trustIsKnown: boolean
  readonly predecessorIsKnown: boolean
  readonly linkIsHeld: boolean
  /** Whether this school comes before the other already, so that the link would close a circle. */
  readonly linkIsCircle: boolean
  readonly alreadyCorrected: boolean
}

/** A correction to store. `corrected` and `register` by column. */
export type NewCorrection = {
  readonly field: CorrectionField
  readonly inspectionId: number | null
  readonly linkedUrn: number | null
  readonly corrected: Readonly<Record<string, unknown>>
  readonly register: Readonly<Record<string, unknown>>
  readonly holdsFrom: string | null
  readonly source: string
  readonly sourceDate: string
  readonly reason: string
}

/** The parts of `what`: the field, and the number of the inspection or the URN of the link. */
export function readWhat(what: string): { field: CorrectionField | undefined; number: number | null } {
  const [id = '', number] = what.split(':')
  return { field: findField(id), number: number !== undefined && /^\d{1,9}$/.test(number) ? Number(number) : null }
}

/**
 * Codes: `what.unknown`, `value.wrong`, `value.unknown`, `value.same`, `inspection.not-graded`, `date.taken`, `link.circle`,
 * `correction.exists`, `source.missing`, `source-date.wrong`, `holds-from.wrong`, `reason.missing`.
 */
export function decideCorrection(asked: AskedCorrection, facts: CorrectionFacts): Decision<NewCorrection> {
  const { field, number } = readWhat(asked.what)
  if (!field || (field.of === 'inspection' && !facts.inspection))
    return refuse({ code: 'what.unknown', message: 'Choose a fact of this school to correct', field: 'what' })
  if (facts.alreadyCorrected)
    return refuse({
      code: 'correction.exists',
      message: 'This fact is corrected already. End that correction first',
      field: 'what',
    })
  const refusals = [...decideSource(asked, facts.today)]
  const value = decideValue(field, number, asked, facts)
  if (!value.ok) return refuse(...value.refusals, ...refusals)
  if (refusals.length > 0) return refuse(...refusals)
  const { source, sourceDate, reason } = asked
  return accept({ field, ...value.value, holdsFrom: asked.holdsFrom || null, source, sourceDate, reason })
}

type Value = Pick<NewCorrection, 'inspectionId' | 'linkedUrn' | 'corrected' | 'register'>

function decideValue(
  field: CorrectionField,
  number: number | null,
  asked: AskedCorrection,
  facts: CorrectionFacts,
): Decision<Value> {
  if (field.of === 'link') return decideLink(field, number, asked, facts)
  const value = field.read(asked.value)
  if (value !== null && typeof value === 'object')
    return refuse({ code: 'value.wrong', message: `${field.title} ${value.fault}`, field: 'value' })
  const row = field.of === 'inspection' ? (facts.inspection ?? {}) : facts.register
  const held = row[field.fact] ?? null
  const wrong = refuseValue(field, value, held, facts)
  if (wrong) return refuse(wrong)
  const corrected = { [field.fact]: value, ...besides(field, asked, facts) }
  const register = Object.fromEntries(Object.keys(corrected).map((column) => [column, row[column] ?? null]))
  return accept({ inspectionId: field.of === 'inspection' ? number : null, linkedUrn: null, corrected, register })
}

/** What stands together changes together: the region with the authority, the date of a head count with its number. */
function besides(field: CorrectionField, { sourceDate }: AskedCorrection, facts: CorrectionFacts) {
  if (field.id === 'authority') return { region: facts.authorityRegion ?? null }
  return field.id === 'pupils' ? { pupils_as_at: sourceDate.slice(0, 7) } : {}
}

function refuseValue(
  field: CorrectionField,
  value: string | number | null,
  held: unknown,
  facts: CorrectionFacts,
): Refusal | undefined {
  const wrong = (code: string, message: string): Refusal => ({ code, message, field: 'value' })
  if (value === held) return wrong('value.same', 'The register says this already')
  const known = knownWords(field, facts)
  if (known && !known.includes(String(value)))
    return wrong('value.unknown', `Choose a word of the register: ${known.slice(0, 12).join('; ')}`)
  if (field.id === 'authority' && facts.authorityRegion === undefined)
    return wrong('value.unknown', 'There is no authority with this code')
  if (field.id === 'trust' && value !== null && !facts.trustIsKnown)
    return wrong('value.unknown', 'There is no trust with this UID')
  if (field.id === 'grade' && facts.inspection?.['kind'] !== 'graded')
    return { code: 'inspection.not-graded', message: 'Only a graded inspection has a grade', field: 'what' }
  if (field.id === 'inspected-on' && facts.dateTaken)
    return wrong('date.taken', 'Another inspection of this school stands on this day')
  return refuseDates(field, value, facts)
}

function knownWords(field: CorrectionField, { words }: CorrectionFacts): readonly string[] | undefined {
  if (field.id === 'phase') return words.phase
  if (field.id === 'type') return words.type
  return field.id === 'status' ? words.status : undefined
}

function refuseDates(
  field: CorrectionField,
  value: string | number | null,
  facts: CorrectionFacts,
): Refusal | undefined {
  const { opened, closed } = facts.register
  const wrong = (message: string): Refusal => ({ code: 'value.wrong', message, field: 'value' })
  if (field.id === 'closed' && value !== null && opened && String(value) < String(opened))
    return wrong('The school cannot close before it opened')
  if (field.id === 'opened' && closed && String(value) > String(closed))
    return wrong('The school cannot open after it closed')
  if (field.of === 'inspection' && field.id !== 'grade' && value !== null && String(value) > facts.today)
    return wrong('The day must not be in the future')
  return undefined
}

function decideLink(
  field: CorrectionField,
  number: number | null,
  asked: AskedCorrection,
  facts: CorrectionFacts,
): Decision<Value> {
  const cut = number !== null
  const urn = cut ? number : field.read(asked.value)
  if (urn === null || typeof urn !== 'number')
    return refuse({ code: 'value.wrong', message: 'The predecessor must be a URN of 6 digits', field: 'value' })
  if (!facts.predecessorIsKnown || urn === facts.urn)
    return refuse({
      code: 'value.unknown',
      message: `The register holds no other school with URN ${urn}`,
      field: 'value',
    })
  if (cut !== facts.linkIsHeld)
    return refuse({
      code: 'value.same',
      message: cut ? 'There is no such link' : 'This link is held already',
      field: 'value',
    })
  if (!cut && facts.linkIsCircle)
    return refuse({ code: 'link.circle', message: 'This school comes before the other already', field: 'value' })
  const words = (held: boolean) => ({ link: held ? 'held' : 'not held' })
  return accept({ inspectionId: null, linkedUrn: urn, corrected: words(!cut), register: words(cut) })
}

function decideSource({ source, sourceDate, holdsFrom, reason }: AskedCorrection, today: string): Refusal[] {
  const refusals: Refusal[] = []
  const isDay = (text: string) => text !== '' && !isCellFault(readDate(text)) && readDate(text) === text
  if (!source)
    refusals.push({
      code: 'source.missing',
      message: 'Say where you know it from, such as a letter of the authority',
      field: 'source',
    })
  if (!isDay(sourceDate) || sourceDate > today)
    refusals.push({
      code: 'source-date.wrong',
      message: 'The date of the source must be a real date, not in the future',
      field: 'sourceDate',
    })
  if (holdsFrom !== '' && (!isDay(holdsFrom) || holdsFrom > today))
    refusals.push({
      code: 'holds-from.wrong',
      message: 'The day from which it holds must be a real date, not in the future',
      field: 'holdsFrom',
    })
  if (!reason) refusals.push({ code: 'reason.missing', message: 'Say why the register is wrong', field: 'reason' })
  return refusals
}
