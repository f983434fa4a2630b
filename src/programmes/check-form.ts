import { isSeq } from 'yaml'
import { booleanKeyFaults, citeFaults, doubleIdFaults, mapAt, shapeFaults } from './check-pack.ts'
import { conditionFaults } from './check-process.ts'
import { AREAS, formSchema } from './form-schema.ts'
import {
  faultAt,
  keyText,
  listScalars,
  offsetOf,
  type PackFault,
  type PackSource,
  type PlacedScalar,
  syntaxFaults,
  textStart,
  toPlainData,
} from './pack-source.ts'

const PARTY_KEYS = new Set(['writers', 'readers', 'full', 'tell', 'by', 'party'])
const STEP_KEYS = new Set(['step', 'again', 'keeps'])
const SECTION_KEYS = new Set(['covers', 'also'])

/** Every fault of a form, each with its place. `process` is the process.yaml beside it: its parties and steps are what it may name. */
export function findFormFaults(source: PackSource, process: PackSource | undefined): PackFault[] {
  const syntax = syntaxFaults(source)
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const scalars = listScalars(source)
  const names = (path: string[]) => new Set(process ? (mapAt(process, path)?.items.map(keyText) ?? []) : [])
  const flow = String(source.document.getIn(['flow']) ?? '')
  const lists = new Set([AREAS, ...(mapAt(source, ['lists'])?.items.map(keyText) ?? [])])
  const stepsOf = (id: string) => new Set([...names(['flows', id, 'steps']), ...names(['flows', id, 'anytime'])])
  const isPlan = ({ path, key }: PlacedScalar) => path[0] === 'plan' && key === 'section'
  const isPart = ({ path }: PlacedScalar) => path[0] === 'partial'
  const part = String(source.document.getIn(['partial', 'flow']) ?? '')
  const faults = [
    ...syntax,
    ...booleanKeyFaults(source),
    ...citeFaults(source, scalars),
    ...doubleIdFaults(source, scalars),
    ...shapeFaults(source, toPlainData(source), formSchema),
    ...partFaults(source),
    ...conditionFaults(source, scalars),
    ...unknownFaults(source, scalars, {
      isOne: ({ key }) => PARTY_KEYS.has(key),
      known: names(['parties']),
      code: 'pack.unknown-party',
      words: 'names a party that process.yaml does not declare',
    }),
    ...unknownFaults(source, scalars, {
      isOne: (placed) => placed.key === 'flow' && (placed.path.length === 1 || isPart(placed)),
      known: names(['flows']),
      code: 'pack.unknown-flow',
      words: 'names a flow that process.yaml does not have',
    }),
    ...unknownFaults(source, scalars, {
      isOne: (placed) => STEP_KEYS.has(placed.key) && !isPart(placed),
      known: stepsOf(flow),
      code: 'pack.unknown-step',
      words: 'names a step that the flow does not have',
    }),
    ...unknownFaults(source, scalars, {
      isOne: (placed) => STEP_KEYS.has(placed.key) && isPart(placed),
      known: stepsOf(part),
      code: 'pack.unknown-step',
      words: 'names a step that the flow of the part does not have',
    }),
    ...unknownFaults(source, scalars, {
      isOne: (placed) =>
        SECTION_KEYS.has(placed.key) || isPlan(placed) || (isPart(placed) && placed.key === 'sections'),
      known: new Set(sectionIds(source)),
      code: 'pack.unknown-section',
      words: 'names a section that the form does not have',
    }),
    ...unknownFaults(source, scalars, {
      isOne: ({ key }) => key === 'list',
      known: lists,
      code: 'pack.unknown-list',
      words: 'names a list that the form does not have',
    }),
  ]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

type Naming = {
  readonly isOne: (placed: PlacedScalar) => boolean
  readonly known: ReadonlySet<string>
  readonly code: string
  readonly words: string
}

function unknownFaults(
  source: PackSource,
  scalars: readonly PlacedScalar[],
  { isOne, known, code, words }: Naming,
): PackFault[] {
  return scalars
    .filter((placed) => isOne(placed) && !known.has(String(placed.scalar.value)))
    .map(({ scalar, path }) =>
      faultAt(source, textStart(scalar), code, path.join('.'), `${words}: ${String(scalar.value)}`),
    )
}

/** In the part for a leader who left, a section that a step ends is ended by the signature of the same name. */
function partFaults(source: PackSource): PackFault[] {
  const read = formSchema.safeParse(toPlainData(source))
  const { partial, sections = [], signatures = [] } = read.data ?? {}
  if (!partial) return []
  const named = sections.filter((one) => one.step && partial.sections.includes(one.id))
  return named.flatMap(({ id, step }) => {
    const signature = signatures.find((one) => one.step === step)?.id
    if (partial.signatures.some((one) => one.id === signature)) return []
    const path = ['partial', 'signatures']
    const words = `has none that ends section ${id}: one by the id ${signature ?? '(none)'}`
    return [faultAt(source, offsetOf(source, path), 'pack.missing', path.join('.'), words)]
  })
}

/** The sections of a form, also of a faulty one. */
export function sectionIds(source: PackSource): string[] {
  const list: unknown = source.document.getIn(['sections'], true)
  if (!isSeq(list)) return []
  return list.items.map((_, index) => String(source.document.getIn(['sections', index, 'id'])))
}
