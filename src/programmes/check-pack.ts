import { isMap, isSeq, type YAMLMap } from 'yaml'
import type { z } from 'zod'
import { createLanguage, ELIGIBILITY_FACTS, findConditionFault, parameterType, splitWords } from './conditions.ts'
import { ADMINISTRATOR, NOT_RUN_YET, packSchema } from './pack-schema.ts'
import {
  faultAt,
  keyText,
  listKeys,
  listScalars,
  offsetOf,
  offsetOfKey,
  type PackFault,
  type PackSource,
  type PathStep,
  type PlacedScalar,
  textStart,
} from './pack-source.ts'

const READ_AS_BOOLEAN = /^(yes|no|on|off|y|n|true|false)$/i
const ROLE_KEYS = new Set([
  'judged-by',
  'asked-by',
  'asked-for-by',
  'granted-by',
  'vacant',
  'edit',
  'holder-of',
  'conflicts-with',
])
const CONDITION_KEYS = new Set(['when'])
const TEXT_KEYS = new Set(['found', 'say'])

/** Every fault of shape: unknown and missing keys, wrong kinds of value, dates that are no dates. */
export function shapeFaults(source: PackSource, data: unknown, schema: z.ZodType = packSchema): PackFault[] {
  const result = schema.safeParse(data)
  return result.success ? [] : result.error.issues.flatMap((issue) => issueFaults(source, issue))
}

function issueFaults(source: PackSource, issue: z.core.$ZodIssue): PackFault[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(source, path, key))
  if (issue.code === 'invalid_union')
    return closestVariant(issue).flatMap((inner) =>
      issueFaults(source, { ...inner, path: [...issue.path, ...inner.path] }),
    )
  const missing = source.document.getIn(path) === undefined
  const [code, words] = missing ? ['pack.missing', 'is missing'] : ['pack.wrong-value', issue.message]
  return [faultAt(source, offsetOf(source, path), code, path.join('.'), words)]
}

/** Of the shapes that a row may have, the one whose faults are fewest is the one that its author meant. */
function closestVariant(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  return [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? []
}

function unknownKey(source: PackSource, path: readonly PathStep[], key: string): PackFault {
  const reserved = path.length === 0 && NOT_RUN_YET.includes(key)
  const [code, words] = reserved
    ? ['pack.not-run-yet', 'is not run yet']
    : ['pack.unknown-key', 'is no key that a pack has here']
  return faultAt(source, offsetOfKey(source, path, key), code, [...path, key].join('.'), words)
}

/** Faults of meaning, read from the file itself so that they are told even where the shape is wrong elsewhere. */
export function meaningFaults(source: PackSource): PackFault[] {
  const scalars = listScalars(source)
  return [
    ...booleanKeyFaults(source),
    ...roleFaults(source, scalars),
    ...citeFaults(source, scalars),
    ...doubleIdFaults(source, scalars),
    ...conditionFaults(source, scalars),
    ...termFaults(source),
    ...reachFaults(source),
    ...contactFaults(source),
    ...gapFaults(source),
  ]
}

export function booleanKeyFaults(source: PackSource): PackFault[] {
  return listKeys(source)
    .filter(({ key }) => key.type === 'PLAIN' && READ_AS_BOOLEAN.test(String(key.source ?? key.value)))
    .map(({ path, key }) =>
      faultAt(
        source,
        key.range?.[0] ?? 0,
        'pack.boolean-key',
        path.join('.'),
        'is a key that some readers take for true or false',
      ),
    )
}

function roleFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const roles = mapAt(source, ['roles'])
  const declared = new Set([ADMINISTRATOR, ...(roles?.items.map(keyText) ?? [])])
  return scalars
    .filter(({ key, scalar }) => ROLE_KEYS.has(key) && !declared.has(String(scalar.value)))
    .map(({ path, scalar }) =>
      faultAt(
        source,
        textStart(scalar),
        'pack.unknown-role',
        path.join('.'),
        `names the role ${scalar.value}, which the pack does not declare`,
      ),
    )
}

/** Policy that no one can trace is refused: a number or a role needs `cites` beside it or on something around it. */
export function citeFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  return scalars
    .filter(({ key, scalar }) => typeof scalar.value === 'number' || ROLE_KEYS.has(key))
    .filter(({ maps }) => maps.length > 1 && !maps.slice(1).some((map) => map.has('cites')))
    .map(({ path, scalar }) =>
      faultAt(source, textStart(scalar), 'pack.no-cites', path.join('.'), 'stands without cites'),
    )
}

export function doubleIdFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const seen = new Set<string>()
  return scalars
    .filter(({ path }) => path.at(-1) === 'id')
    .filter(({ path, scalar }) => {
      const name = `${path.slice(0, -2).join('.')} ${scalar.value}`
      return seen.has(name) || !seen.add(name)
    })
    .map(({ path, scalar }) =>
      faultAt(source, textStart(scalar), 'pack.double-id', path.join('.'), `repeats the id ${scalar.value}`),
    )
}

function conditionFaults(source: PackSource, scalars: readonly PlacedScalar[]): PackFault[] {
  const language = createLanguage(declaredParameters(source))
  const told = (placed: PlacedScalar, expression: string, shift: number, wanted: string | undefined) => {
    const found = findConditionFault(expression, wanted, language)
    if (!found) return []
    const offset = textStart(placed.scalar) + shift + found.at
    return [faultAt(source, offset, found.code, placed.path.join('.'), found.message)]
  }
  return scalars.flatMap((placed) => {
    const text = placed.scalar.value
    if (typeof text !== 'string') return []
    if (CONDITION_KEYS.has(placed.key)) return told(placed, text, 0, 'bool')
    if (placed.key === 'uses') return told(placed, text, 0, 'list<Judgement>')
    if (!TEXT_KEYS.has(placed.key)) return []
    return splitWords(text).flatMap((part) =>
      part.expression === undefined ? [] : told(placed, part.expression, part.at, undefined),
    )
  })
}

/** What conditions may name, read leniently: a faulty parameter is told by the shape and left out here. */
function declaredParameters(source: PackSource) {
  const parameters: Record<string, { title: string; value: number | string; cites: string[] }> = {}
  for (const pair of mapAt(source, ['eligibility', 'parameters'])?.items ?? []) {
    const name = keyText(pair)
    const value: unknown = source.document.getIn(['eligibility', 'parameters', name, 'value'])
    const usable = /^[a-z][A-Za-z0-9]*$/.test(name) && !(name in ELIGIBILITY_FACTS)
    if (usable && (typeof value === 'number' || typeof value === 'string') && parameterType(value))
      parameters[name] = { title: name, value, cites: [] }
  }
  const year = { name: '', from: '0000-01-01', to: '9999-12-31', cites: [] }
  return { 'academic-year': year, eligibility: { parameters } }
}

/** Terms stand in order, do not overlap and lie in the academic year; a year ends after it begins. */
function termFaults(source: PackSource): PackFault[] {
  const read = (path: PathStep[]) => String(source.document.getIn(path) ?? '')
  const faults: PackFault[] = []
  const demand = (holds: boolean, path: PathStep[], words: string) => {
    if (!holds) faults.push(faultAt(source, offsetOf(source, path), 'pack.wrong-order', path.join('.'), words))
  }
  const [yearFrom, yearTo] = [read(['academic-year', 'from']), read(['academic-year', 'to'])]
  demand(yearFrom < yearTo || yearTo === '', ['academic-year', 'to'], 'lies before the first day of the year')
  let before = yearFrom
  for (let index = 0; index < lengthAt(source, ['terms', 'default']); index += 1) {
    const at = ['terms', 'default', index]
    const [from, to] = [read([...at, 'from']), read([...at, 'to'])]
    demand(from >= before, [...at, 'from'], 'lies before the year or the term before it ends')
    demand(to > from, [...at, 'to'], 'lies before the first day of the term')
    demand(to <= yearTo || yearTo === '', [...at, 'to'], 'lies after the last day of the academic year')
    before = to
  }
  return faults
}

/** Rows that trusts and entitlements lean on must exist. */
function reachFaults(source: PackSource): PackFault[] {
  const rows = Array.from({ length: lengthAt(source, ['eligibility', 'rows']) }, (_, index) =>
    source.document.getIn(['eligibility', 'rows', index, 'id']),
  )
  return ['through', 'judged'].flatMap((key) =>
    Array.from({ length: lengthAt(source, ['eligibility', 'trusts', key]) }, (_, index) => [
      'eligibility',
      'trusts',
      key,
      index,
    ])
      .filter((path) => !rows.includes(source.document.getIn(path)))
      .map((path) =>
        faultAt(source, offsetOf(source, path), 'pack.unknown-row', path.join('.'), 'names no row of the table'),
      ),
  )
}

/** Whom to ask must be a value that the service keeps. */
function contactFaults(source: PackSource): PackFault[] {
  const path = ['eligibility', 'contact', 'value']
  const value: unknown = source.document.getIn(path)
  if (value === undefined || source.document.hasIn(['values', value])) return []
  return [
    faultAt(
      source,
      offsetOf(source, path),
      'pack.unknown-value',
      path.join('.'),
      `names the value ${value}, which the pack does not declare`,
    ),
  ]
}

/** A table of priorities must say what holds when no row does: a gap is named `none`. */
function gapFaults(source: PackSource): PackFault[] {
  if (source.document.getIn(['eligibility', 'hit']) !== 'priority') return []
  if (source.document.hasIn(['eligibility', 'none'])) return []
  return [
    faultAt(
      source,
      offsetOfKey(source, ['eligibility'], 'hit'),
      'pack.gap',
      'eligibility',
      'has a gap: name what holds when no row does as none',
    ),
  ]
}

export function mapAt(source: PackSource, path: readonly PathStep[]): YAMLMap | undefined {
  const node: unknown = source.document.getIn(path, true)
  return isMap(node) ? node : undefined
}

function lengthAt(source: PackSource, path: readonly PathStep[]): number {
  const node: unknown = source.document.getIn(path, true)
  return isSeq(node) ? node.items.length : 0
}
