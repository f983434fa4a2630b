/** A programme's own word: its id is stored, its title shown. */
export type Word = { readonly id: string; readonly title: string }

/** One term; both dates belong to it (ISO plain dates). Its id is unique over all editions, e.g. `2023-24-spring`. */
export type TermWord = Word & { readonly from: string; readonly to: string }

/** What the loaded packs call leaders, their fields of expertise and the terms. The roster knows no id of a programme. */
export type LeaderVocabulary = {
  readonly leaderTypes: readonly Word[]
  readonly focusAreas: readonly Word[]
  readonly terms: readonly TermWord[]
}

/** What a leader's schools are, in the register's own words for phases, set small. */
export const PHASES: readonly Word[] = [
  { id: 'nursery', title: 'Nursery' },
  { id: 'primary', title: 'Primary' },
  { id: 'middle', title: 'Middle' },
  { id: 'secondary', title: 'Secondary' },
  { id: 'all-through', title: 'All-through' },
  { id: '16 plus', title: '16 plus' },
]

export const SCHOOL_TYPES: readonly Word[] = [
  { id: 'maintained', title: 'Maintained school' },
  { id: 'academy', title: 'Academy or free school' },
  { id: 'special', title: 'Special school' },
  { id: 'alternative', title: 'Alternative provision' },
  { id: 'college', title: 'Sixth form or college' },
]

export const STATES: readonly Word[] = [
  { id: 'active', title: 'Active' },
  { id: 'paused', title: 'Paused' },
  { id: 'left', title: 'Left' },
]

/** The word that a person meant: by id or title, however it is spelt in capitals. */
export function findWord<T extends Word>(words: readonly T[], text: string): T | undefined {
  const wanted = text.trim().toLowerCase()
  return words.find((word) => word.id.toLowerCase() === wanted || word.title.toLowerCase() === wanted)
}

/** The title of a stored id. An id that no loaded pack has (an edition was taken away) is shown as it is. */
export function titleOf(words: readonly Word[], id: string): string {
  return words.find((word) => word.id === id)?.title ?? id
}

/** The term that a page shows unasked: the one of `today`, else the next to come, else the last that was. */
export function currentTerm(terms: readonly TermWord[], today: string): TermWord | undefined {
  const inOrder = terms.toSorted((a, b) => a.from.localeCompare(b.from))
  return inOrder.find((term) => term.to >= today) ?? inOrder.at(-1)
}

/** The calendar year that the academic year of a date begins in; it turns on 1 September. */
export function academicYear(date: string): number {
  const year = Number(date.slice(0, 4))
  return date.slice(5, 7) >= '09' ? year : year - 1
}

/** 2023 as "2023-24". */
export function yearInWords(year: number): string {
  return `${year}-${String((year + 1) % 100).padStart(2, '0')}`
}

/** What `loadPacks` knows of a programme, as far as the roster is concerned. */
type PackWords = {
  readonly 'not-run-yet'?: true | undefined
  readonly 'academic-year': { readonly name: string }
  readonly terms: {
    readonly default: readonly {
      readonly id: string
      readonly name: string
      readonly from: string
      readonly to: string
    }[]
  }
  readonly 'focus-areas'?: { readonly areas: readonly { readonly id: string; readonly name: string }[] } | undefined
  readonly matching?:
    | { readonly 'leader-types': { readonly types: readonly { readonly id: string; readonly name: string }[] } }
    | undefined
}

/** The words of all packs that this release runs, together; the first pack that has an id names it. Terms stand in the order of time. */
export function leaderVocabulary(loaded: readonly PackWords[]): LeaderVocabulary {
  const packs = loaded.filter((pack) => !pack['not-run-yet'])
  const named = (words: readonly { id: string; name: string }[] = []) =>
    words.map(({ id, name }): Word => ({ id, title: name }))
  const terms = packs.flatMap((pack) =>
    pack.terms.default.map((term) => ({
      id: `${pack['academic-year'].name}-${term.id}`,
      title: `${term.name} ${term.from.slice(0, 4)}`,
      from: term.from,
      to: term.to,
    })),
  )
  return {
    leaderTypes: firstOfEach(packs.flatMap((pack) => named(pack.matching?.['leader-types'].types))),
    focusAreas: firstOfEach(packs.flatMap((pack) => named(pack['focus-areas']?.areas))),
    terms: firstOfEach(terms).toSorted((a, b) => a.from.localeCompare(b.from)),
  }
}

function firstOfEach<T extends Word>(words: readonly T[]): T[] {
  return [...Map.groupBy(words, (word) => word.id).values()].flatMap(([first]) => (first ? [first] : []))
}
