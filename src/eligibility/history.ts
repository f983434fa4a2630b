import type { Grade, InspectionKind, InspectionRow, RegisterView } from './register-view.ts'

/** How a judgement came into a history: filed under the school itself, under a predecessor, or under a later URN. */
export type Basis = 'own' | 'chain' | 'filed-later'

/** One judgement of a history. Without a `grade` it is uncertain: no overall grade was given, or its kind is not known. */
export type HistoryEntry = {
  readonly id: string
  /** The date that counts: of publication where held, else of the inspection. */
  readonly date: string
  readonly inspected: string
  readonly kind: Exclude<InspectionKind, 'ungraded'>
  readonly grade: Grade | undefined
  readonly filedUnder: string
  /** The school that was judged; differs from `filedUnder` where the row is filed under a later URN. */
  readonly judgedAt: string
  readonly basis: Basis
  /** Other URNs under which the same inspection stands too. */
  readonly alsoFiledUnder: readonly string[]
  /** In words, where its grade or date is a person's correction of the register. */
  readonly corrected?: string
}

export type HistoryMode = 'chain' | 'own'

/** The same inspection in two sources may differ by some days (data notes: same grade, within 10 days). */
const SAME_INSPECTION_DAYS = 10
const NEAREST_FIRST: readonly Basis[] = ['own', 'chain', 'filed-later']
const NOWHERE: readonly string[] = []
const DAY_IN_MS = 86_400_000

/**
 * The graded history of a school, newest first, on the data held. `chain` adds the rows of plain predecessors, theirs
 * included; rows of a later URN that are older than its opening belong to the school judged in either mode. Ungraded
 * visits neither count nor break a row. One inspection under several URNs counts once.
 */
export function readHistory(urn: string, view: RegisterView, how: { mode: HistoryMode; asAt: string }): HistoryEntry[] {
  const entries: HistoryEntry[] = []
  for (const row of rowsOf(urn, view, how.mode)) {
    const date = row.publicationDate ?? row.date
    if (row.kind !== 'ungraded' && date <= how.asAt) entries.push(toEntry(row, row.kind, date, urn, view))
  }
  return (mayRepeat(entries) ? countOnce(entries) : entries).sort(newestFirst)
}

function rowsOf(urn: string, view: RegisterView, mode: HistoryMode): Iterable<InspectionRow> {
  const alone = mode === 'own' || !view.establishments.get(urn)?.predecessors.length
  if (alone && !view.filedLater.has(urn)) return view.filedUnder.get(urn) ?? []
  const rows = new Set<InspectionRow>()
  for (const school of alone ? [urn] : chainOf(urn, view)) {
    for (const row of view.filedUnder.get(school) ?? []) rows.add(row)
    for (const row of view.filedLater.get(school) ?? []) rows.add(row)
  }
  return rows
}

/** The school and all its plain predecessors; a circle in the links ends it. */
export function chainOf(urn: string, view: RegisterView): Set<string> {
  const chain = new Set([urn])
  for (const school of chain)
    for (const predecessor of view.establishments.get(school)?.predecessors ?? []) chain.add(predecessor)
  return chain
}

function toEntry(
  row: InspectionRow,
  kind: HistoryEntry['kind'],
  date: string,
  subject: string,
  view: RegisterView,
): HistoryEntry {
  const judgedAt = view.judgedAt.get(row)
  return {
    id: row.id,
    date,
    inspected: row.date,
    kind,
    grade: kind === 'graded' ? row.overall : undefined,
    filedUnder: row.urn,
    judgedAt: judgedAt ?? row.urn,
    basis: judgedAt !== undefined ? 'filed-later' : row.urn === subject ? 'own' : 'chain',
    alsoFiledUnder: NOWHERE,
    ...(row.corrected && { corrected: row.corrected }),
  }
}

/** Only rows of several URNs, or one of unknown kind beside others, can tell of the same inspection twice. */
function mayRepeat([first, ...others]: readonly HistoryEntry[]): boolean {
  if (others.length === 0) return false
  if (first?.kind === 'newer_unspecified') return true
  return others.some((entry) => entry.filedUnder !== first?.filedUnder || entry.kind === 'newer_unspecified')
}

/** Keeps of each inspection the row with the nearest basis and names the other URNs on it. */
function countOnce(entries: HistoryEntry[]): HistoryEntry[] {
  const kept: HistoryEntry[] = []
  for (const entry of entries.sort(nearestFirst)) {
    const index = kept.findIndex((other) => isSameInspection(other, entry))
    const held = kept[index]
    if (!held) kept.push(entry)
    else if (held.filedUnder !== entry.filedUnder && !held.alsoFiledUnder.includes(entry.filedUnder))
      kept[index] = { ...held, alsoFiledUnder: [...held.alsoFiledUnder, entry.filedUnder] }
  }
  return kept
}

function isSameInspection(a: HistoryEntry, b: HistoryEntry): boolean {
  // A date of unknown kind beside a judgement is that judgement, whoever reported it.
  const undecided = a.kind === 'newer_unspecified' || b.kind === 'newer_unspecified'
  const alike = a.filedUnder !== b.filedUnder && a.kind === b.kind && a.grade === b.grade
  return (undecided || alike) && daysBetween(a.inspected, b.inspected) <= SAME_INSPECTION_DAYS
}

function daysBetween(a: string, b: string): number {
  return Math.abs(Date.parse(a) - Date.parse(b)) / DAY_IN_MS
}

function nearestFirst(a: HistoryEntry, b: HistoryEntry): number {
  const uncertain = Number(a.kind === 'newer_unspecified') - Number(b.kind === 'newer_unspecified')
  return uncertain || NEAREST_FIRST.indexOf(a.basis) - NEAREST_FIRST.indexOf(b.basis) || newestFirst(a, b)
}

function newestFirst(a: HistoryEntry, b: HistoryEntry): number {
  return (
    compare(b.date, a.date) ||
    compare(b.inspected, a.inspected) ||
    compare(a.filedUnder, b.filedUnder) ||
    compare(a.id, b.id)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
