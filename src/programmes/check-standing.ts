import { isSeq } from 'yaml'
import { incompleteFaults } from './check-complete.ts'
import { mapAt } from './check-pack.ts'
import {
  faultAt,
  keyText,
  offsetOf,
  offsetOfKey,
  type PackFault,
  type PackSource,
  type PathStep,
  type PlacedScalar,
  textStart,
} from './pack-source.ts'

/**
 * Faults of what standings, triggers, duties, logs and papers name: each name must lead somewhere, in the process.yaml itself or
 * in the pack.yaml beside it. Each is told with its file and line.
 */
export function standingFaults(source: PackSource, pack: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const names = namesOf(source, pack)
  return [
    ...scalars.flatMap((placed) =>
      NAMINGS.filter((one) => one.fits(placed)).flatMap(({ kind, value: read }) => {
        const value = read?.(placed) ?? String(placed.scalar.value)
        if (names(kind, placed).has(value) || hangsOnUnknownStanding(source, kind, placed)) return []
        const words = `names the ${kind} ${value}, which is not there`
        return [faultAt(source, textStart(placed.scalar), `pack.unknown-${kind}`, placed.path.join('.'), words)]
      }),
    ),
    ...movesOfLogs(source),
    ...levelsOfEntitlements(source, pack),
    ...runFaults(source, pack),
    ...termFaults(source, pack, scalars),
    ...incompleteFaults(source),
  ]
}

type Kind =
  | 'standing'
  | 'level'
  | 'variant'
  | 'row'
  | 'flow'
  | 'duty'
  | 'log'
  | 'child'
  | 'document'
  | 'state'
  | 'entitlement'
type Naming = {
  readonly kind: Kind
  fits(placed: PlacedScalar): boolean
  value?(placed: PlacedScalar): string
}

const word = (at: number) => (placed: PlacedScalar) => String(placed.scalar.value).split(' ')[at] ?? ''
const isEffect = (name: string) => (placed: PlacedScalar) => placed.key === 'do' && word(0)(placed) === name
const inOpens = (key: string) => (placed: PlacedScalar) => placed.path.includes('opens') && placed.key === key
const under = (part: string, key: string) => (placed: PlacedScalar) => placed.path[0] === part && placed.key === key

/** Where which kind of name stands; an effect names a standing and may name its level too. */
const NAMINGS: readonly Naming[] = [
  { kind: 'row', fits: under('standings', 'row') },
  { kind: 'level', fits: under('standings', 'level') },
  { kind: 'level', fits: ({ path }) => path[0] === 'standings' && path[2] === 'variants' && path[4] === 'of' },
  { kind: 'row', fits: under('triggers', 'row') },
  { kind: 'log', fits: under('triggers', 'log') },
  { kind: 'standing', fits: inOpens('judge') },
  { kind: 'flow', fits: inOpens('flow') },
  { kind: 'duty', fits: inOpens('duty') },
  { kind: 'standing', fits: under('triggers', 'standing') },
  { kind: 'level', fits: under('triggers', 'level') },
  { kind: 'variant', fits: under('triggers', 'variant') },
  { kind: 'standing', fits: inWhile('standing') },
  { kind: 'level', fits: (placed) => inWhile('at-least')(placed) || inWhile('is')(placed) },
  { kind: 'variant', fits: inWhile('variant') },
  { kind: 'flow', fits: inWhile('flow') },
  { kind: 'duty', fits: ({ path, key }) => path[0] === 'duties' && path[2] === 'clock' && key === 'of' },
  {
    kind: 'document',
    fits: ({ path, key }) => path.length === lengthOfStep(path) && ['document', 'report'].includes(key),
  },
  { kind: 'child', fits: isEffect('start-child'), value: word(1) },
  { kind: 'child', fits: isEffect('part-claim'), value: word(1) },
  { kind: 'standing', fits: isEffect('set-standing'), value: word(1) },
  { kind: 'level', fits: (placed) => isEffect('set-standing')(placed) && word(2)(placed) !== '', value: word(2) },
  { kind: 'entitlement', fits: ({ path, key }) => path[2] === 'logs' && path.length === 5 && key === 'uses' },
  { kind: 'state', fits: ({ path, key }) => path[2] === 'logs' && path.length === 5 && key === 'counts' },
]

function inWhile(key: string) {
  return ({ path }: PlacedScalar) => {
    const at = path.indexOf('while')
    return (path[0] === 'duties' ? at === 2 : path[at - 1] === 'by-also') && path[at + 1] === key
  }
}

/** How long the path of a step's own key is: duties.ID.key, flows.ID.steps.ID.key. */
function lengthOfStep(path: readonly PathStep[]): number {
  if (path[0] === 'duties') return 3
  return path[0] === 'flows' && path[2] === 'steps' ? 5 : -1
}

function namesOf(source: PackSource, pack: PackSource): (kind: Kind, placed: PlacedScalar) => ReadonlySet<string> {
  const keys = (path: readonly PathStep[], from = source) => mapAt(from, path)?.items.map(keyText) ?? []
  const flows = keys(['flows'])
  const standingOf = (placed: PlacedScalar) => String(standingBeside(source, placed))
  const lists: Record<Kind, (placed: PlacedScalar) => readonly string[]> = {
    standing: () => keys(['standings']),
    level: (placed) => idsOf(source, ['standings', standingOf(placed), 'order']),
    variant: (placed) => keys(['standings', standingOf(placed), 'variants']),
    row: () => idsOf(pack, ['eligibility', 'rows']),
    flow: () => flows,
    duty: () => keys(['duties']),
    log: () => flows.flatMap((flow) => keys(['flows', flow, 'logs'])),
    child: ({ path }) => keys(['flows', path[1] ?? '', 'children']),
    document: ({ path }) => [
      ...keys(['documents']),
      ...(path[0] === 'flows' ? keys(['flows', path[1] ?? '', 'documents']) : []),
    ],
    state: ({ path }) => textsAt(source, [...path.slice(0, 4), 'states']),
    entitlement: () => keys(['entitlements'], pack),
  }
  return (kind, placed) => new Set(lists[kind](placed))
}

/** A level of a standing that is not there itself: that has been told once, beside it. */
function hangsOnUnknownStanding(source: PackSource, kind: Kind, placed: PlacedScalar): boolean {
  if (kind !== 'level' && kind !== 'variant') return false
  const standing = standingBeside(source, placed)
  return standing !== undefined && !source.document.hasIn(['standings', standing])
}

/** The standing whose level or variant is named at a place: the one it stands in, or the one named beside it. */
function standingBeside(source: PackSource, placed: PlacedScalar): unknown {
  const { path, key } = placed
  if (path[0] === 'standings') return path[1]
  if (key === 'do') return word(1)(placed)
  const parent = path.slice(0, path.lastIndexOf(key))
  return (
    source.document.getIn([...parent, 'standing']) ?? source.document.getIn([path[0], path[1], 'while', 'standing'])
  )
}

function idsOf(source: PackSource, path: readonly PathStep[]): string[] {
  const list: unknown = source.document.getIn(path, true)
  if (!isSeq(list)) return []
  return list.items.map((_, at) => String(source.document.getIn([...path, at, 'id'])))
}

function textsAt(source: PackSource, path: readonly PathStep[]): string[] {
  const list: unknown = source.document.getIn(path, true)
  return isSeq(list) ? list.items.map((_, at) => String(source.document.getIn([...path, at]))) : []
}

/** A log says who may move an item into which of its states. */
function movesOfLogs(source: PackSource): PackFault[] {
  const keys = (path: readonly PathStep[]) => mapAt(source, path)?.items.map(keyText) ?? []
  const logs = keys(['flows']).flatMap((flow) =>
    keys(['flows', flow, 'logs']).map((log) => ['flows', flow, 'logs', log]),
  )
  return logs.flatMap((at) => {
    const states = textsAt(source, [...at, 'states'])
    return keys([...at, 'moves'])
      .filter((state) => !states.includes(state))
      .map((state) => {
        const words = `names the state ${state}, which is not there`
        const start = offsetOfKey(source, [...at, 'moves'], state)
        return faultAt(source, start, 'pack.unknown-state', [...at, 'moves', state].join('.'), words)
      })
  })
}

/** An entitlement of the pack.yaml may differ by level: standing and levels must be there. */
function levelsOfEntitlements(source: PackSource, pack: PackSource): PackFault[] {
  return (mapAt(pack, ['entitlements'])?.items.map(keyText) ?? []).flatMap((entitlement) => {
    const at = ['entitlements', entitlement, 'by-level']
    if (!pack.document.hasIn(at)) return []
    const standing = String(pack.document.getIn([...at, 'standing']))
    const told = (path: PathStep[], kind: Kind, name: string) => {
      const words = `names the ${kind} ${name}, which is not there`
      return faultAt(pack, offsetOf(pack, path), `pack.unknown-${kind}`, path.join('.'), words)
    }
    if (!source.document.hasIn(['standings', standing])) return [told([...at, 'standing'], 'standing', standing)]
    const levels = idsOf(source, ['standings', standing, 'order'])
    return (mapAt(pack, [...at, 'levels'])?.items.map(keyText) ?? [])
      .filter((level) => !levels.includes(level))
      .map((level) => told([...at, 'levels', level], 'level', level))
  })
}

/** What a pack.yaml says that runs must be in the process.yaml. */
function runFaults(source: PackSource, pack: PackSource): PackFault[] {
  const kinds = { standings: 'standing', flows: 'flow', duties: 'duty' } as const
  return (['standings', 'flows', 'duties'] as const).flatMap((part) =>
    textsAt(pack, ['runs', part]).flatMap((name, at) => {
      if (source.document.hasIn([part, name])) return []
      const path = ['runs', part, at]
      const words = `names the ${kinds[part]} ${name}, which is not there`
      return [faultAt(pack, offsetOf(pack, path), `pack.unknown-${kinds[part]}`, path.join('.'), words)]
    }),
  )
}

/** "term 4" needs a year of at least four terms. */
function termFaults(source: PackSource, pack: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const count = idsOf(pack, ['terms', 'default']).length
  return scalars
    .filter(({ path }) => path.at(-2) === 'clock')
    .filter(({ scalar }) => Number(/term (\d+)/.exec(String(scalar.value))?.[1] ?? 0) > count)
    .map(({ scalar, path }) =>
      faultAt(
        source,
        textStart(scalar),
        'pack.unknown-term',
        path.join('.'),
        `names a term of a year that has ${count}`,
      ),
    )
}
