import type { Term } from './calendar.ts'
import type { Pack } from './pack-schema.ts'
import type { Duty } from './process-schema.ts'

/**
 * Titles of the duties that fall in each term, by the term's id: those with a term or days of the year of their own (LLN-007).
 * Duties of every term are left out. Undefined where the pack has no duty with a place in the year.
 */
export function dutiesByTerm(pack: Pack, terms: readonly Term[]): ReadonlyMap<string, readonly string[]> | undefined {
  const placed = Object.values(pack.process?.duties ?? {}).map(({ title, clock }) => ({
    title,
    terms: termsOf(clock, pack, terms),
  }))
  if (placed.every((one) => one.terms.length === 0)) return undefined
  return new Map(
    terms.map(({ id }) => [id, placed.filter((one) => one.terms.includes(id)).map(({ title }) => title)] as const),
  )
}

function termsOf(clock: Duty['clock'], pack: Pack, terms: readonly Term[]): string[] {
  const numbered = /^(?:end of )?term (\d+)$/.exec(clock.window ?? clock.by ?? '')?.[1]
  if (numbered) return terms.slice(Number(numbered) - 1, Number(numbered)).map(({ id }) => id)
  const [from, to = from] = (clock.window ?? clock.by ?? '').split('..').map((day) => dayOf(day, pack))
  if (!from || !to) return []
  return terms.filter((term) => term.from <= to && from <= term.to).map(({ id }) => id)
}

/** "09-30" in the edition's year; undefined for other words. */
function dayOf(day: string, pack: Pack): string | undefined {
  if (!/^\d\d-\d\d$/.test(day)) return undefined
  const { from, to } = pack['academic-year']
  const first = `${from.slice(0, 4)}-${day}`
  return first >= from ? first : `${to.slice(0, 4)}-${day}`
}
