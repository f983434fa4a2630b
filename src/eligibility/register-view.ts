/** What the reading of histories needs from the register, prepared once for many schools. Plain ISO dates throughout. */

export type InspectionKind = 'graded' | 'graded_no_overall' | 'report_card' | 'ungraded' | 'newer_unspecified'
export type Grade = 1 | 2 | 3 | 4

export type InspectionRow = {
  readonly id: string
  /** The URN under which the row is filed, which may be the one of a later school. */
  readonly urn: string
  /** The day of the inspection. */
  readonly date: string
  readonly publicationDate?: string
  readonly kind: InspectionKind
  readonly overall?: Grade
  /** The URN that was inspected, where the source says it. */
  readonly urnAtTime?: string
  /** In words, where a person corrected it. */
  readonly corrected?: string
}

export type RegisterEntry = {
  readonly urn: string
  readonly name: string
  readonly opened?: string
  readonly closed?: string
}
/** A row of the official links file: the school `urn` says that `linkedUrn` is its `type`. */
export type LinkRow = { readonly urn: string; readonly linkedUrn: string; readonly type: string }
/** An administrator's decision about one step of a chain; it goes before the file. */
export type LinkChange = { readonly urn: string; readonly predecessor: string; readonly change: 'add' | 'cut' }

export type Establishment = RegisterEntry & {
  readonly predecessors: readonly string[]
  readonly successors: readonly string[]
}

export type RegisterView = {
  readonly establishments: ReadonlyMap<string, Establishment>
  /** Rows by the URN under which they are filed. */
  readonly filedUnder: ReadonlyMap<string, readonly InspectionRow[]>
  /** Rows filed under a later URN, by the URN of the school that was judged. */
  readonly filedLater: ReadonlyMap<string, readonly InspectionRow[]>
  /** Of a row that is older than the URN it is filed under: the school that was judged. */
  readonly judgedAt: ReadonlyMap<InspectionRow, string>
}

/** Joins register, links and inspections; every map is complete for the entries given. */
export function prepareRegisterView(parts: {
  entries: Iterable<RegisterEntry>
  links: Iterable<LinkRow>
  inspections: Iterable<InspectionRow>
  changes?: readonly LinkChange[]
}): RegisterView {
  const predecessors = plainPredecessors(parts.links, parts.changes ?? [])
  const successors = turned(predecessors)
  const establishments = new Map<string, Establishment>()
  for (const entry of parts.entries)
    establishments.set(entry.urn, {
      ...entry,
      predecessors: predecessors.get(entry.urn) ?? [],
      successors: successors.get(entry.urn) ?? [],
    })
  const filedUnder = new Map<string, InspectionRow[]>()
  for (const row of parts.inspections) push(filedUnder, row.urn, row)
  return { establishments, filedUnder, ...findFiledLater(establishments, filedUnder, predecessors) }
}

/**
 * Who plainly came before whom: the school's own link says `Predecessor`, or, where it does not say something else,
 * the other's link says `Successor`. Mergers, amalgamations and splits never count.
 */
export function plainPredecessors(
  links: Iterable<LinkRow>,
  changes: readonly LinkChange[] = [],
): Map<string, string[]> {
  const saidOtherwise = new Set<string>()
  const plain = new Map<string, string[]>()
  const bySuccessor: LinkRow[] = []
  for (const link of links) {
    if (link.type === 'Predecessor') pushNew(plain, link.urn, link.linkedUrn)
    else if (link.type === 'Successor') bySuccessor.push(link)
    else saidOtherwise.add(`${link.urn} ${link.linkedUrn}`)
  }
  for (const { urn, linkedUrn } of bySuccessor)
    if (!saidOtherwise.has(`${linkedUrn} ${urn}`)) pushNew(plain, linkedUrn, urn)
  for (const { urn, predecessor, change } of changes) {
    const others = (plain.get(urn) ?? []).filter((other) => other !== predecessor)
    plain.set(urn, change === 'add' ? [...others, predecessor] : others)
  }
  return plain
}

function turned(predecessors: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const successors = new Map<string, string[]>()
  for (const [urn, earlier] of predecessors) for (const predecessor of earlier) push(successors, predecessor, urn)
  return successors
}

type Links = ReadonlyMap<string, readonly string[]>
type Establishments = ReadonlyMap<string, Establishment>

/** Where an opening date is unknown a row stays where it is filed. */
function findFiledLater(
  establishments: Establishments,
  filedUnder: ReadonlyMap<string, readonly InspectionRow[]>,
  links: Links,
) {
  const filedLater = new Map<string, InspectionRow[]>()
  const judgedAt = new Map<InspectionRow, string>()
  for (const [urn, rows] of filedUnder) {
    const opened = establishments.get(urn)?.opened
    if (opened === undefined) continue
    for (const row of rows) {
      const judged = row.date < opened ? findJudged(row, establishments, links) : undefined
      if (judged === undefined) continue
      judgedAt.set(row, judged)
      push(filedLater, judged, row)
    }
  }
  return { filedLater, judgedAt }
}

/** The predecessor open on the day. Where several were open nobody can say which was judged: undefined. */
function findJudged(row: InspectionRow, establishments: Establishments, links: Links): string | undefined {
  if (row.urnAtTime !== undefined && row.urnAtTime !== row.urn) return row.urnAtTime
  const open = new Set<string>()
  const seen = new Set([row.urn])
  const look = (urn: string) => {
    for (const predecessor of links.get(urn) ?? []) {
      if (seen.has(predecessor)) continue
      seen.add(predecessor)
      const { opened, closed } = establishments.get(predecessor) ?? {}
      if (opened !== undefined && opened > row.date) look(predecessor)
      else if (closed === undefined || closed >= row.date) open.add(predecessor)
    }
  }
  look(row.urn)
  const [judged, another] = open
  return another === undefined ? judged : undefined
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const held = map.get(key)
  if (held) held.push(value)
  else map.set(key, [value])
}

function pushNew(map: Map<string, string[]>, key: string, value: string): void {
  if (!map.get(key)?.includes(value)) push(map, key, value)
}
