import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Query } from '../platform/web/route.ts'
import { findPack, type Pack, packRef } from '../programmes/index.ts'

/** Who is asked about: which edition, on which day (ISO), and which of its settings are changed for a what-if. */
export type Question = {
  readonly pack: Pack
  readonly on: string
  readonly changed: Readonly<Record<string, number | string>>
}

/** Query names of changed settings: `with.consecutive=3`. */
export const CHANGED_PREFIX = 'with.'

/**
 * Reads a question from a page's or API's address. Codes: `programme.unknown`, `on.not-a-date`, `setting.unknown`,
 * `setting.not-a-number`, `setting.too-small`. A setting equal to the pack's own does not count as changed.
 */
export function readQuestion(ref: string, query: Query, packs: readonly Pack[], today: string): Decision<Question> {
  const pack = findPack(ref, packs)
  if (!pack) {
    const known = packs.map(packRef).join(', ')
    return refuse({ code: 'programme.unknown', message: `There is no programme "${ref}". Loaded are: ${known}.`, field: 'programme' })
  }
  const refusals: Refusal[] = []
  const on = readDay(query, today, refusals)
  const changed: Record<string, number | string> = {}
  for (const [name, text] of query) {
    if (!name.startsWith(CHANGED_PREFIX) || text.trim() === '') continue
    readSetting(pack, name.slice(CHANGED_PREFIX.length), text.trim(), changed, refusals)
  }
  return refusals.length > 0 ? refuse(...refusals) : accept({ pack, on, changed })
}

/** The edition with its settings changed as asked; the very same object when nothing is. Nothing is saved. */
export function withSettings(pack: Pack, changed: Question['changed']): Pack {
  if (Object.keys(changed).length === 0) return pack
  const parameters = Object.fromEntries(
    Object.entries(pack.eligibility.parameters ?? {}).map(([id, parameter]) => [
      id,
      { ...parameter, value: changed[id] ?? parameter.value },
    ]),
  )
  return { ...pack, eligibility: { ...pack.eligibility, parameters } }
}

/** A day as one ISO text (`on`) or as three fields of a date input (`on-day`, `on-month`, `on-year`). */
function readDay(query: Query, today: string, refusals: Refusal[]): string {
  const parts = ['year', 'month', 'day'].map((part) => (query.get(`on-${part}`) ?? '').trim())
  const typed = parts.some(Boolean) ? parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-') : query.get('on')?.trim()
  if (!typed) return today
  try {
    return Temporal.PlainDate.from(typed, { overflow: 'reject' }).toString()
  } catch {
    refusals.push({ code: 'on.not-a-date', message: 'The day must be a real date, such as 31 8 2024', field: 'on' })
    return today
  }
}

function readSetting(pack: Pack, id: string, text: string, changed: Record<string, number | string>, refusals: Refusal[]): void {
  const parameter = pack.eligibility.parameters?.[id]
  const field = `${CHANGED_PREFIX}${id}`
  if (!parameter) {
    refusals.push({ code: 'setting.unknown', message: `This edition has no setting "${id}"`, field })
    return
  }
  if (typeof parameter.value === 'string') {
    if (text !== parameter.value) changed[id] = text
    return
  }
  const value = Number(text)
  if (!Number.isInteger(value)) {
    refusals.push({ code: 'setting.not-a-number', message: `${parameter.title} must be a whole number`, field })
  } else if (parameter.min !== undefined && value < parameter.min) {
    refusals.push({ code: 'setting.too-small', message: `${parameter.title} must be ${parameter.min} or more`, field })
  } else if (value !== parameter.value) {
    changed[id] = value
  }
}
