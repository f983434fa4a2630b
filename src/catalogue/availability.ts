import { longDate } from '../platform/words.ts'
import { type CatalogueEntry, findNextTerm, type Term } from '../programmes/index.ts'

export type CohortAt = {
  readonly name: string
  readonly state: 'closed' | 'next' | 'later'
  readonly note: string | null
}

/** How an entry stands on a day. `words` say it to a reader; `nextStart` is when somebody who applies then begins. */
export type AvailabilityAt = {
  readonly state: 'open' | 'not-yet' | 'ended' | 'closed'
  readonly words: string
  readonly nextStart: string | null
  readonly cohorts: readonly CohortAt[]
}

/** `on` is an ISO date; `terms` are those of the school's authority, or the edition's own. */
export function availabilityAt(entry: CatalogueEntry, on: string, terms: readonly Term[]): AvailabilityAt {
  const { availability } = entry
  const cohorts = cohortsAt(entry, on)
  const last = entry.cohorts.at(-1)
  const over = last !== undefined && cohorts.every(({ state }) => state === 'closed')
  const stand = { nextStart: null, cohorts }
  if (availability.to && on > availability.to)
    return { ...stand, state: 'ended', words: `Ended on ${longDate(availability.to)}` }
  if (availability.from && on < availability.from)
    return { ...stand, state: 'not-yet', words: `Not yet: from ${longDate(availability.from)}` }
  if (availability.closed) return { ...stand, state: 'closed', words: `Closed: ${availability.closed}` }
  if (over) return { ...stand, state: 'closed', words: `Closed: the last cohort known here was ${last.name}` }
  return { state: 'open', words: availability.text, nextStart: nextStartOf(entry, on, terms, cohorts), cohorts }
}

/** A cohort is open until the month in which it starts is over. */
function cohortsAt(entry: CatalogueEntry, on: string): CohortAt[] {
  const month = on.slice(0, 7)
  const next = entry.cohorts.find((cohort) => cohort.month >= month)
  return entry.cohorts.map((cohort) => {
    const state = cohort.month < month ? 'closed' : cohort === next ? 'next' : 'later'
    return { name: cohort.name, state, note: cohort.note ?? null }
  })
}

function nextStartOf(
  { availability }: CatalogueEntry,
  on: string,
  terms: readonly Term[],
  cohorts: readonly CohortAt[],
): string | null {
  const { starts } = availability
  if (starts === undefined) return cohorts.find(({ state }) => state === 'next')?.name ?? null
  if (starts === 'term') return nextTermInWords(on, terms)
  const year = nextSeptember(on)
  if (starts === 'year') return `September ${year}`
  return `autumn ${year}${availability.reserve ? `, reserve in ${availability.reserve} ${year}` : ''}`
}

/** "spring term 2024 (8 January 2024)"; behind the last term that is held, the autumn to come without its day. */
function nextTermInWords(on: string, terms: readonly Term[]): string {
  const term = findNextTerm(terms, on)
  if (!term) return `autumn term ${nextSeptember(on)}, first day not held`
  return `${term.name.charAt(0).toLowerCase()}${term.name.slice(1)} ${term.from.slice(0, 4)} (${longDate(term.from)})`
}

/** The calendar year of the first 1 September after the day: academic years begin then. */
function nextSeptember(on: string): number {
  const year = Number(on.slice(0, 4))
  return on.slice(5) < '09-01' ? year : year + 1
}
