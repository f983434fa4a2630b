import { booleanKeyFaults, citeFaults, mapAt, shapeFaults } from './check-pack.ts'
import { conditionFaults } from './check-process.ts'
import { type Money, moneySchema } from './money-schema.ts'
import {
  faultAt,
  keyText,
  listScalars,
  offsetOf,
  type PackFault,
  type PackSource,
  syntaxFaults,
  toPlainData,
} from './pack-source.ts'

/** Every fault of a money.yaml, each with its place. It stands beside the pack.yaml and process.yaml that it names parts of. */
export function findMoneyFaults(
  source: PackSource,
  { pack, process }: { pack: PackSource; process: PackSource | undefined },
): PackFault[] {
  const syntax = syntaxFaults(source)
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const scalars = listScalars(source)
  const data = toPlainData(source)
  const shape = shapeFaults(source, data, moneySchema)
  const faults = [
    ...syntax,
    ...booleanKeyFaults(source),
    ...citeFaults(source, scalars),
    ...conditionFaults(source, scalars),
    ...shape,
    ...(shape.length > 0 ? [] : meaningFaults(source, moneySchema.parse(data), { pack, process })),
  ]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

type Beside = { pack: PackSource; process: PackSource | undefined }
type Named = { readonly path: (string | number)[]; readonly name: string; readonly among: readonly string[] }

function meaningFaults(source: PackSource, { budget, lines }: Money, { pack, process }: Beside): PackFault[] {
  const keysAt = (of: PackSource | undefined, path: string[]) => (of && mapAt(of, path)?.items.map(keyText)) ?? []
  const named: Named[] = [
    ...(budget ? [{ path: ['budget'], name: budget, among: keysAt(pack, ['values']) }] : []),
    ...Object.entries(lines).flatMap(([id, line]) => {
      const steps = keysAt(process, ['flows', line.flow, 'steps'])
      const at = ['lines', id]
      const needs = line.kind === 'grant' ? line.parts.flatMap(({ due }) => due) : line.due
      return [
        { path: [...at, 'flow'], name: line.flow, among: keysAt(process, ['flows']) },
        ...(line.kind === 'payable'
          ? [{ path: [...at, 'of'], name: line.of, among: keysAt(pack, ['entitlements']) }]
          : []),
        ...(line.kind === 'grant'
          ? line.to.map((name) => ({ path: [...at, 'to'], name: name.split('/')[0] ?? '', among: steps }))
          : []),
        ...needs.flatMap(({ reached }) => (reached ? [{ path: at, name: reached, among: steps }] : [])),
        ...(line.kind === 'grant'
          ? needs.flatMap(({ paid }) =>
              paid ? [{ path: at, name: paid, among: line.parts.map((part) => part.id) }] : [],
            )
          : []),
      ]
    }),
  ]
  const unknown = named
    .filter(({ name, among }) => !among.includes(name))
    .map(({ path, name }) =>
      faultAt(source, offsetOf(source, path), 'pack.unknown-name', path.join('.'), `names ${name}, which is not there`),
    )
  const unequal = Object.entries(lines).flatMap(([id, line]) => {
    if (line.kind !== 'grant' || line.parts.reduce((sum, { pounds }) => sum + pounds, 0) === line.pounds) return []
    const path = ['lines', id, 'pounds']
    return [faultAt(source, offsetOf(source, path), 'pack.wrong-sum', path.join('.'), 'must be the sum of its parts')]
  })
  return [...unknown, ...unequal]
}
