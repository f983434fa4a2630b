import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Query } from '../platform/web/route.ts'
import { findPack, type Pack, packRef } from '../programmes/index.ts'
import { withThreshold } from './what-if.ts'

/** Values of changed settings by name, as `withThreshold` names them. */
export type ChangedSettings = Readonly<Record<string, number | string>>

/** What is asked: which edition, on which day (ISO); `asIf` is the edition with its settings changed for a what-if. */
export type Question = {
  readonly pack: Pack
  readonly on: string
  readonly changed: ChangedSettings
  readonly asIf: Pack
}

/** Query names of changed settings: `with.consecutive=3`. */
export const CHANGED_PREFIX = 'with.'

/**
 * Reads a question from a page's or API's address. Codes: `programme.unknown`, `on.not-a-date`, and those of
 * `withThreshold`. A setting equal to the pack's own does not count as changed: then `asIf` is the pack itself.
 */
export function readQuestion(ref: string, query: Query, packs: readonly Pack[], today: string): Decision<Question> {
  const pack = findPack(ref, packs)
  if (!pack) {
    const known = packs.map(packRef).join(', ')
    const message = `There is no programme "${ref}". Loaded are: ${known}.`
    return refuse({ code: 'programme.unknown', message, field: 'programme' })
  }
  const day = readDay(query)
  const settings = readSettings(pack, query)
  if (day.ok && settings.ok) return accept({ pack, on: day.value ?? today, ...settings.value })
  return refuse(...(day.ok ? [] : day.refusals), ...(settings.ok ? [] : settings.refusals))
}

/** A day as one ISO text (`on`) or as three fields of a date input (`on-day`, `on-month`, `on-year`). */
function readDay(query: Query): Decision<string | undefined> {
  const parts = ['year', 'month', 'day'].map((part) => (query.get(`on-${part}`) ?? '').trim())
  const inFields = parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-')
  const typed = parts.some(Boolean) ? inFields : query.get('on')?.trim()
  if (!typed) return accept(undefined)
  try {
    return accept(Temporal.PlainDate.from(typed, { overflow: 'reject' }).toString())
  } catch {
    return refuse({ code: 'on.not-a-date', message: 'The day must be a real date, such as 31 8 2024', field: 'on' })
  }
}

function readSettings(pack: Pack, query: Query): Decision<{ changed: ChangedSettings; asIf: Pack }> {
  const changed: Record<string, number | string> = {}
  const refusals: Refusal[] = []
  let asIf = pack
  for (const [name, typed] of query) {
    const parameter = name.startsWith(CHANGED_PREFIX) ? name.slice(CHANGED_PREFIX.length) : ''
    const text = typed.trim()
    const own = pack.eligibility.parameters?.[parameter]?.value
    if (!parameter || !text || text === String(own)) continue
    const value = typeof own === 'number' && text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    const decision = withThreshold(asIf, { parameter, value })
    if (decision.ok) {
      changed[parameter] = value
      asIf = decision.value
    } else refusals.push(...decision.refusals.map((refusal) => ({ ...refusal, field: name })))
  }
  return refusals.length > 0 ? refuse(...refusals) : accept({ changed, asIf })
}
