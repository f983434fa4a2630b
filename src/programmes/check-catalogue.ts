import { isMap, isSeq } from 'yaml'
import { catalogueLanguage } from './catalogue-language.ts'
import { catalogueSchema } from './catalogue-schema.ts'
import { booleanKeyFaults, citeFaults, doubleIdFaults, shapeFaults } from './check-pack.ts'
import { findConditionFault } from './conditions.ts'
import {
  faultAt,
  listScalars,
  offsetOf,
  type PackFault,
  type PackSource,
  type PathStep,
  type PlacedScalar,
  textStart,
  toPlainData,
} from './pack-source.ts'

const CONDITION_KEYS = new Set(['when', 'or-when'])

/** Every fault of a catalogue.yaml; fields name an entry by its id (`entries.tutoring.access`). */
export function catalogueFaults(source: PackSource, areas: ReadonlySet<string>): PackFault[] {
  const scalars = listScalars(source)
  const faults = [
    ...shapeFaults(source, toPlainData(source), catalogueSchema),
    ...booleanKeyFaults(source),
    ...citeFaults(source, scalars),
    ...doubleIdFaults(source, scalars),
    ...doubleEntryFaults(source, scalars),
    ...placeFaults(source),
    ...referenceFaults(source, scalars, areas),
    ...conditionFaults(source, scalars),
    ...orderFaults(source),
  ]
  return faults.map((fault) => nameById(source, fault))
}

/** A resource without a usable link is loaded and shown without one (TSI-155). */
export function catalogueWarnings(source: PackSource): PackFault[] {
  return pathsBelow(source, ['resources']).flatMap((path) => {
    const link: unknown = source.document.getIn([...path, 'link'])
    if (source.document.hasIn([...path, 'inside'])) return []
    if (typeof link === 'string' && /^https:\/\//.test(link) && URL.canParse(link)) return []
    const words = link === undefined ? 'has no link' : `has a link that leads nowhere: ${link}`
    return [nameById(source, faultAt(source, offsetOf(source, path), 'pack.no-link', path.join('.'), words))]
  })
}

/** Places in a list are told by the ids that stand there, which an author can find. */
function nameById(source: PackSource, fault: PackFault): PackFault {
  const steps: PathStep[] = []
  const named = (fault.field ?? '').split('.').map((step) => {
    steps.push(/^\d+$/.test(step) ? Number(step) : step)
    const id: unknown = /^\d+$/.test(step) ? source.document.getIn([...steps, 'id']) : undefined
    return typeof id === 'string' ? id : step
  })
  const field = named.join('.')
  return { ...fault, field, message: fault.message.replace(fault.field ?? '', field) }
}

function pathsBelow(source: PackSource, list: readonly PathStep[]): PathStep[][] {
  const node: unknown = source.document.getIn(list, true)
  return isSeq(node) ? node.items.map((_, index) => [...list, index]) : []
}

const entryPaths = (source: PackSource) => pathsBelow(source, ['entries'])
const partPaths = (source: PackSource) => entryPaths(source).flatMap((path) => pathsBelow(source, [...path, 'parts']))

/** Addresses name entries and parts by id, so that all of them must differ. */
function doubleEntryFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const seen = new Set<unknown>(entryPaths(source).map((path) => source.document.getIn([...path, 'id'])))
  return scalars
    .filter(({ path }) => path.length === 5 && path[0] === 'entries' && path[2] === 'parts' && path[4] === 'id')
    .filter(({ scalar }) => seen.has(scalar.value) || !seen.add(scalar.value))
    .map(({ path, scalar }) =>
      faultAt(source, textStart(scalar), 'pack.double-id', path.join('.'), `repeats the id ${scalar.value}`),
    )
}

/** An entry stands in a group or under a kind, not in both and not nowhere (TSI-164). */
function placeFaults(source: PackSource): PackFault[] {
  return entryPaths(source).flatMap((path) => {
    const [group, kind] = ['group', 'kind'].map((key) => source.document.hasIn([...path, key]))
    if (group !== kind) return []
    const field = [...path, group ? 'kind' : 'group'].join('.')
    const [code, words] = group
      ? ['pack.wrong-value', 'stands beside a group: an entry has one of the two']
      : ['pack.missing', 'is missing: an entry names a group or a kind']
    return [faultAt(source, offsetOf(source, path), code, field, words)]
  })
}

/** Each name of something that the catalogue or its pack must declare, by the shape of the path where it stands. */
function referenceFaults(
  source: PackSource,
  scalars: readonly PlacedScalar[],
  areas: ReadonlySet<string>,
): PackFault[] {
  const entries = [...entryPaths(source), ...partPaths(source)]
  const idsAt = (list: string) => new Set(pathsBelow(source, [list]).map((path) => idAt(source, path)))
  const known: readonly (readonly [RegExp, ReadonlySet<string>, string])[] = [
    [/^entries\.\d+\.group$/, idsAt('groups'), 'group'],
    [/^entries\.\d+\.kind$/, idsAt('kinds'), 'kind'],
    [/\.(areas|leads)\.\d+$/, areas, 'focus area of the pack'],
    [/\.stages\.\d+$/, idsAt('stages'), 'stage'],
    [/\.subjects\.(first|needed|alone)\.\d+$|^subjects\.\d+\.of$/, idsAt('subjects'), 'subject'],
    [/\.access\.(local|contact)$|\.extra\.place$/, idsAt('places'), 'kind of place'],
    [/^entries\..*\.calculators\.\d+$/, keysAt(source, 'calculators'), 'calculator'],
    [/^(calculators|rules)\..*\.entries\.\d+$/, new Set(entries.map((path) => idAt(source, path))), 'entry'],
  ]
  return scalars.flatMap(({ path, scalar }) => {
    const place = path.join('.')
    const rule = known.find(([shape]) => shape.test(place))
    if (!rule || rule[1].has(String(scalar.value))) return []
    const words = `names the ${rule[2]} ${scalar.value}, which is not there`
    return [faultAt(source, textStart(scalar), 'pack.unknown-name', place, words)]
  })
}

function idAt(source: PackSource, path: readonly PathStep[]): string {
  return String(source.document.getIn([...path, 'id']))
}

function keysAt(source: PackSource, key: string): Set<string> {
  const node: unknown = source.document.getIn([key], true)
  return new Set(isMap(node) ? node.items.map((item) => String(item.key)) : [])
}

function conditionFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const language = catalogueLanguage(declared(source))
  return scalars
    .filter(({ key }) => CONDITION_KEYS.has(key))
    .flatMap(({ path, scalar }) => {
      const found = findConditionFault(String(scalar.value), 'bool', language)
      if (!found) return []
      return [faultAt(source, textStart(scalar) + found.at, found.code, path.join('.'), found.message)]
    })
}

/** What conditions may name beside the engine's facts, read leniently: what is faulty is told by the shape. */
function declared(source: PackSource): Parameters<typeof catalogueLanguage>[0] {
  const shape = catalogueSchema.pick({ asks: true, parameters: true }).safeParse({
    asks: Object(toPlainData(source)).asks,
    parameters: Object(toPlainData(source)).parameters,
  })
  return shape.success ? shape.data : { asks: [], parameters: undefined }
}

/** A range ends after it begins. */
function orderFaults(source: PackSource): PackFault[] {
  const paths = [...entryPaths(source), ...partPaths(source)]
  const ranges = [
    ...paths.map((path) => [[...path, 'availability'], 'from', 'to'] as const),
    ...paths.flatMap((path) =>
      pathsBelow(source, [...path, 'pathways']).map((one) => [[...one, 'days'], 'min', 'max'] as const),
    ),
  ]
  return ranges.flatMap(([path, low, high]) => {
    const [from, to]: unknown[] = [source.document.getIn([...path, low]), source.document.getIn([...path, high])]
    const inOrder = typeof from === 'number' && typeof to === 'number' ? from <= to : String(from) <= String(to)
    if (from === undefined || to === undefined || inOrder) return []
    const at = [...path, high]
    return [faultAt(source, offsetOf(source, at), 'pack.wrong-order', at.join('.'), `lies before its ${low}`)]
  })
}
