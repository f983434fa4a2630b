import { isSeq } from 'yaml'
import { booleanKeyFaults, citeFaults, doubleIdFaults, mapAt, shapeFaults } from './check-pack.ts'
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
import { workSchema } from './work-schema.ts'

const PARTY_KEYS = new Set([
  'answers-for',
  'tell',
  'reads',
  'by',
  'as',
  'owner',
  'written-by',
  'answered-by',
  'party',
  'internal',
  'clear-by',
])
const AREA_KEYS = new Set(['area', 'areas'])

/**
 * Every fault of a work.yaml, each with its place: what it names must stand in the pack.yaml and process.yaml beside it.
 * `sections` are those of the form, where the pack has one: a step of the model that links to a missing one is a fault (TSI-129).
 */
export function findWorkFaults(
  source: PackSource,
  { pack, process, sections }: { pack: PackSource; process: PackSource | undefined; sections?: ReadonlySet<string> },
): PackFault[] {
  const syntax = syntaxFaults(source)
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const scalars = listScalars(source)
  const known = namesOf(source, pack, process)
  const told = ({ scalar, path }: PlacedScalar, code: string, words: string) =>
    faultAt(source, textStart(scalar), code, path.join('.'), words)
  const faults = [
    ...syntax,
    ...booleanKeyFaults(source),
    ...citeFaults(source, scalars),
    ...doubleIdFaults(source, scalars),
    ...shapeFaults(source, toPlainData(source), workSchema),
    ...conditionFaults(source, scalars),
    ...(process ? fillFaults(source, process) : []),
    ...scalars.flatMap((placed) => {
      const kind = placed.path.includes('examples') ? undefined : kindOf(placed)
      const value = String(placed.scalar.value)
      if (kind === undefined || known[kind].has(value)) return []
      return [told(placed, `pack.unknown-${kind}`, `names the ${kind} ${value}, which is not there`)]
    }),
    ...scalars
      .filter(({ key, path }) => isSectionName(key, path) && sections !== undefined)
      .filter(({ scalar }) => !sections?.has(String(scalar.value)))
      .map((placed) =>
        told(
          placed,
          'pack.unknown-section',
          `links to the section ${placed.scalar.value}, which the form does not have`,
        ),
      ),
    ...scalars
      .filter(({ key, scalar }) => key === 'link' && !/^(https:\/\/[^\s]+|\/[^\s]*)$/.test(String(scalar.value)))
      .map((placed) => told(placed, 'pack.no-link', 'is no web address')),
  ]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

/** Steps of the process that fill a list: `fill-list LIST ITEM FIELD`. The list, its entry and the step's own field must be there. */
function fillFaults(source: PackSource, process: PackSource): PackFault[] {
  const keys = (from: PackSource, path: PathStep[]) => mapAt(from, path)?.items.map(keyText) ?? []
  return listScalars(process).flatMap((placed) => {
    const [effect, list = '', item = '', field = ''] = String(placed.scalar.value).split(' ')
    if (placed.key !== 'do' || effect !== 'fill-list') return []
    const step = placed.path.slice(0, 4)
    const isThere =
      keys(source, ['checklists', list, 'fields']).includes(item) && keys(process, [...step, 'fields']).includes(field)
    const words = `fills ${list} ${item} from ${field}: the list, its entry or the field is not there`
    return isThere
      ? []
      : [faultAt(process, textStart(placed.scalar), 'pack.unknown-list', placed.path.join('.'), words)]
  })
}

/** Names of sections of the form: where a step of the model leads, and where the notes of a list go. */
function isSectionName(key: PlacedScalar['key'], path: PlacedScalar['path']): boolean {
  return (key === 'sections' && path[0] === 'model') || (key === 'section' && path.at(-2) === 'carries')
}

type Kind = 'party' | 'area' | 'action' | 'step' | 'stage' | 'log' | 'flow' | 'checklist' | 'resource' | 'phase'

function kindOf({ key, path }: PlacedScalar): Kind | undefined {
  if (PARTY_KEYS.has(key) || path.at(-3) === 'only') return 'party'
  if (AREA_KEYS.has(key)) return 'area'
  if (key === 'resources') return 'resource'
  return KINDS[`${path[0]} ${key}`]
}

/** By the part of the file and the key. */
const KINDS: Readonly<Record<string, Kind>> = {
  'flow flow': 'flow',
  'log of': 'log',
  'aim action': 'action',
  'contact-due action': 'action',
  'contact-due from': 'step',
  'contact-due until': 'stage',
  'model checklist': 'checklist',
  'model phase': 'phase',
}

function namesOf(source: PackSource, pack: PackSource, process: PackSource | undefined): Record<Kind, Set<string>> {
  const flow = String(source.document.getIn(['flow']) ?? '')
  const keys = (from: PackSource | undefined, path: PathStep[]) =>
    new Set(from ? (mapAt(from, path)?.items.map(keyText) ?? []) : [])
  return {
    party: keys(process, ['parties']),
    flow: keys(process, ['flows']),
    action: keys(process, ['flows', flow, 'anytime']),
    step: keys(process, ['flows', flow, 'steps']),
    log: keys(process, ['flows', flow, 'logs']),
    stage: idsAt(process, ['flows', flow, 'stages']),
    area: idsAt(pack, ['focus-areas', 'areas']),
    checklist: keys(source, ['checklists']),
    resource: keys(source, ['resources']),
    phase: idsAt(source, ['model', 'phases']),
  }
}

function idsAt(source: PackSource | undefined, path: readonly PathStep[]): Set<string> {
  const list: unknown = source?.document.getIn(path, true)
  if (!source || !isSeq(list)) return new Set()
  return new Set(list.items.map((_, index) => String(source.document.getIn([...path, index, 'id']))))
}

function conditionFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  return scalars.flatMap((placed) => {
    const text = placed.scalar.value
    if (typeof text !== 'string') return []
    const isCondition = placed.key === 'when' || placed.path.at(-2) === 'hides'
    const parts = isCondition ? [{ expression: text, at: 0 }] : placed.key === 'say' ? splitWords(text) : []
    return parts.flatMap(({ expression, at }) => {
      const found =
        expression === undefined
          ? undefined
          : findConditionFault(expression, isCondition ? 'bool' : undefined, FLOW_LANGUAGE)
      if (!found) return []
      return [
        faultAt(source, textStart(placed.scalar) + at + found.at, found.code, placed.path.join('.'), found.message),
      ]
    })
  })
}
