import { isMap, isSeq } from 'yaml'
import { booleanKeyFaults, citeFaults, mapAt, shapeFaults } from './check-pack.ts'
import { standingFaults } from './check-standing.ts'
import { findConditionFault, splitWords } from './conditions.ts'
import { FLOW_LANGUAGE } from './flow-conditions.ts'
import {
  faultAt,
  keyText,
  listScalars,
  type PackFault,
  type PackSource,
  type PathStep,
  type PlacedScalar,
  syntaxFaults,
  textStart,
  toPlainData,
} from './pack-source.ts'
import { CLOSE, EFFECTS, processSchema } from './process-schema.ts'

const MOST_STEPS = 60
const PARTY_KEYS = new Set(['owner', 'party', 'tell', 'late', 'clear-by', 'must', 'may', 'expect', 'reads'])
const STANDING_PARTIES = new Set(['set-by', 'proposed-by', 'confirmed-by'])
const STEP_KEYS = new Set(['next', 'needs', 'blocks', 'from', 'back', 'ends', 'keeps'])
const STEP_MAPS = new Set(['steps', 'anytime'])
const WAYS = new Set(['next', 'back'])
const TEXT_KEYS = new Set(['say', 'ask', 'help'])

/** Every fault of a process.yaml, each with its place. `pack` is the pack.yaml beside it: its roles are what parties may name. */
export function findProcessFaults(source: PackSource, pack: PackSource): PackFault[] {
  const syntax = syntaxFaults(source)
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const scalars = listScalars(source)
  const faults = [
    ...syntax,
    ...booleanKeyFaults(source),
    ...citeFaults(source, scalars),
    ...shapeFaults(source, toPlainData(source), processSchema),
    ...roleFaults(source, pack, scalars),
    ...partyFaults(source, scalars),
    ...readerFaults(source, scalars),
    ...conditionFaults(source, scalars),
    ...effectFaults(source, scalars),
    ...standingFaults(source, pack, scalars),
    ...flowNames(source).flatMap((flow) => flowFaults(source, flow, scalars)),
  ]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

function told(source: PackSource, { scalar, path }: PlacedScalar, code: string, words: string): PackFault {
  return faultAt(source, textStart(scalar), code, path.join('.'), words)
}

function flowNames(source: PackSource): string[] {
  return mapAt(source, ['flows'])?.items.map(keyText) ?? []
}

function roleFaults(source: PackSource, pack: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const roles = new Set(mapAt(pack, ['roles'])?.items.map(keyText) ?? [])
  return scalars
    .filter(({ path }) => path[0] === 'parties' && path[2] === 'roles')
    .filter(({ scalar }) => !roles.has(String(scalar.value)))
    .map((placed) =>
      told(
        source,
        placed,
        'pack.unknown-role',
        `names the role ${placed.scalar.value}, which pack.yaml does not declare`,
      ),
    )
}

function partyFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const parties = new Set(mapAt(source, ['parties'])?.items.map(keyText) ?? [])
  const isParty = ({ path, key }: PlacedScalar) =>
    PARTY_KEYS.has(key) ||
    (key === 'by' && ['starts', 'proxy', 'waive', 'subject-changes'].includes(String(path.at(-2)))) ||
    (key === 'by' && typeof path.at(-1) === 'number') ||
    (path.at(-3) === 'moves' && typeof path.at(-1) === 'number') ||
    STANDING_PARTIES.has(key)
  return scalars
    .filter(isParty)
    .filter(({ scalar }) => !parties.has(String(scalar.value)))
    .map((placed) =>
      told(source, placed, 'pack.unknown-party', `names the party ${placed.scalar.value}, which is not declared`),
    )
}

/** Whoever enters something may read it again: where a step names its readers, its owner is among them. */
function readerFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const under = (base: string, key: string) =>
    scalars.filter(({ path }) => `${path.join('/')}/`.startsWith(`${base}/${key}/`))
  return scalars
    .filter(
      ({ path }) =>
        path[0] === 'flows' && STEP_MAPS.has(String(path[2])) && path.at(-2) === 'reads' && path.at(-1) === 0,
    )
    .flatMap((placed) => {
      const base = placed.path.slice(0, -2).join('/')
      const readers = under(base, 'reads').map(({ scalar }) => scalar.value)
      const owner = under(base, 'owner')[0]?.scalar.value
      if (readers.includes(owner)) return []
      return [told(source, placed, 'pack.owner-cannot-read', `leaves out ${owner}, who enters what is read`)]
    })
}

/** Faults of the conditions of a flow or a form, and of those within its words. */
export function conditionFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const wantedOf: Readonly<Record<string, string>> = { when: 'bool', acts: 'string' }
  return scalars.flatMap((placed) => {
    const text = placed.scalar.value
    if (typeof text !== 'string') return []
    const wanted = wantedOf[placed.key]
    const parts = wanted ? [{ expression: text, at: 0 }] : TEXT_KEYS.has(placed.key) ? splitWords(text) : []
    return parts.flatMap(({ expression, at }) => {
      if (expression === undefined) return []
      const found = findConditionFault(expression, wanted, FLOW_LANGUAGE)
      if (!found) return []
      return [
        faultAt(source, textStart(placed.scalar) + at + found.at, found.code, placed.path.join('.'), found.message),
      ]
    })
  })
}

function effectFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const known: readonly string[] = EFFECTS
  return scalars
    .filter(({ key }) => key === 'do')
    .filter(({ scalar }) => !known.includes(String(scalar.value).split(' ')[0] ?? ''))
    .map((placed) => told(source, placed, 'pack.unknown-effect', `is no effect of the engine: ${placed.scalar.value}`))
}

/** What a flow says of itself: every name leads somewhere, every step can be reached, and from every step the end. */
function flowFaults(source: PackSource, flow: string, all: readonly PlacedScalar[]): PackFault[] {
  const scalars = all.filter(({ path }) => path[0] === 'flows' && path[1] === flow)
  const steps = new Set(mapAt(source, ['flows', flow, 'steps'])?.items.map(keyText) ?? [])
  const stages = stagesOf(source, flow)
  return [
    ...nameFaults(source, scalars, steps),
    ...stageFaults(source, scalars, stages),
    ...childFaults(source, scalars),
    ...wayFaults(source, flow, scalars, steps),
    ...(steps.size > MOST_STEPS
      ? [
          placeFault(
            source,
            ['flows', flow, 'steps'],
            'pack.too-many',
            `has ${steps.size} steps, at most ${MOST_STEPS}`,
          ),
        ]
      : []),
  ]
}

function placeFault(source: PackSource, path: readonly PathStep[], code: string, words: string): PackFault {
  const node: unknown = source.document.getIn(path, true)
  const start = isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0
  return faultAt(source, start, code, path.join('.'), words)
}

function stagesOf(source: PackSource, flow: string): string[] {
  const list: unknown = source.document.getIn(['flows', flow, 'stages'], true)
  if (!isSeq(list)) return []
  return list.items.map((item) => (isMap(item) ? String(item.get('id')) : ''))
}

function nameFaults(source: PackSource, scalars: readonly PlacedScalar[], steps: ReadonlySet<string>): PackFault[] {
  return scalars
    .filter(
      ({ key, path }) => STEP_KEYS.has(key) && path.at(-2) !== 'starts' && !(key === 'from' && path.at(-2) !== 'clock'),
    )
    .filter(({ scalar }) => scalar.value !== CLOSE && !steps.has(String(scalar.value)))
    .map((placed) =>
      told(source, placed, 'pack.unknown-step', `names the step ${placed.scalar.value}, which this flow does not have`),
    )
}

function stageFaults(source: PackSource, scalars: readonly PlacedScalar[], stages: readonly string[]): PackFault[] {
  return scalars
    .filter(({ key }) => key === 'stage' || key === 'during')
    .filter(({ scalar }) =>
      String(scalar.value)
        .split('..')
        .some((stage) => !stages.includes(stage)),
    )
    .map((placed) =>
      told(source, placed, 'pack.unknown-stage', `names a stage that this flow does not have: ${placed.scalar.value}`),
    )
}

function childFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const flows = new Set(flowNames(source))
  return scalars
    .filter(({ key, path }) => key === 'flow' && path[2] === 'children')
    .filter(({ scalar }) => !flows.has(String(scalar.value)))
    .map((placed) =>
      told(source, placed, 'pack.unknown-flow', `names the flow ${placed.scalar.value}, which is not there`),
    )
}

type Ways = ReadonlyMap<string, readonly string[]>

function wayFaults(
  source: PackSource,
  flow: string,
  scalars: readonly PlacedScalar[],
  steps: ReadonlySet<string>,
): PackFault[] {
  const ways = waysOf(scalars, steps)
  const entries = scalars
    .filter(({ key, path }) => WAYS.has(key) && ['starts', 'anytime', 'logs'].includes(String(path[2])))
    .map(({ scalar }) => String(scalar.value))
  const reached = follow(ways, entries)
  const back: Ways = reversed(ways)
  const ending = follow(back, [CLOSE])
  return [...steps].flatMap((step) => {
    const at = ['flows', flow, 'steps', step]
    if (!reached.has(step))
      return [placeFault(source, at, 'pack.not-reached', 'is reached from no start and no action')]
    return ending.has(step) ? [] : [placeFault(source, at, 'pack.no-end', 'leads to no end of the case')]
  })
}

/** From each step the steps that one of its outcomes opens. A step that only blocks or informs ends where it stands. */
function waysOf(scalars: readonly PlacedScalar[], steps: ReadonlySet<string>): Ways {
  const ways = new Map<string, string[]>([...steps].map((step) => [step, []]))
  for (const { key, path, scalar } of scalars)
    if (WAYS.has(key) && path[2] === 'steps') ways.get(String(path[3]))?.push(String(scalar.value))
  for (const [step, targets] of ways) if (targets.length === 0) ways.set(step, [CLOSE])
  return ways
}

function reversed(ways: Ways): Ways {
  const back = new Map<string, string[]>()
  for (const [step, targets] of ways)
    for (const target of targets) back.set(target, [...(back.get(target) ?? []), step])
  return back
}

function follow(ways: Ways, from: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const open = [...from]
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (seen.has(step)) continue
    seen.add(step)
    open.push(...(ways.get(step) ?? []))
  }
  return seen
}
