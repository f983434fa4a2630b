import type { Catalogue, CatalogueEntry } from '../programmes/index.ts'

/** What a list of entries is narrowed by; all that are given must hold. */
export type EntryFilters = {
  readonly areas: readonly string[]
  readonly phase: string
  readonly stage: string
  readonly noApplication: boolean
  readonly words: string
}

export function readFilters(typed: Readonly<Record<string, string>>, areas: readonly string[]): EntryFilters {
  return {
    areas,
    phase: typed.phase ?? '',
    stage: typed.stage ?? '',
    noApplication: typed['no-application'] === 'yes',
    words: typed.q ?? '',
  }
}

export function isFiltered({ areas, phase, stage, noApplication, words }: EntryFilters): boolean {
  return areas.length > 0 || phase !== '' || stage !== '' || noApplication || words !== ''
}

/** The entries that fit, in the order of the catalogue. */
export function findEntries(catalogue: Catalogue, filters: EntryFilters): CatalogueEntry[] {
  const wanted = filters.words.toLowerCase().split(/\s+/).filter(Boolean)
  return catalogue.entries.filter((entry) => {
    const text = wanted.length > 0 ? textOf(catalogue, entry) : ''
    return (
      wanted.every((word) => text.includes(word)) &&
      (filters.areas.length === 0 ||
        entry.areas === 'all' ||
        filters.areas.some((area) => entry.areas.includes(area))) &&
      (filters.phase === '' || entry.phases.some((phase) => phase === filters.phase)) &&
      (filters.stage === '' || entry.stages?.includes(filters.stage) === true) &&
      (!filters.noApplication || !entry.access.application)
    )
  })
}

function textOf({ groups, kinds }: Catalogue, entry: CatalogueEntry): string {
  const heading = [...groups, ...kinds].find(({ id }) => id === (entry.group ?? entry.kind))
  return [
    entry.title,
    entry.type,
    heading?.name,
    entry.eligibility.text,
    entry.cost.text,
    ...entry.offer,
    ...(entry.topics ?? []),
    ...(entry.figures ?? []),
    ...entry.access.route,
    ...entry.pathways.flatMap(({ name, text }) => [name, text]),
  ]
    .filter(Boolean)
    .join(' ')
    .toLowerCase()
}
