import { isSeq } from 'yaml'
import { sectionIds } from './check-form.ts'
import { booleanKeyFaults, citeFaults, doubleIdFaults, mapAt, shapeFaults } from './check-pack.ts'
import {
  faultAt,
  keyText,
  listScalars,
  type PackFault,
  type PackSource,
  type PlacedScalar,
  syntaxFaults,
  textStart,
  toPlainData,
} from './pack-source.ts'
import { studySchema } from './study-schema.ts'

type Beside = {
  readonly process: PackSource | undefined
  readonly work: PackSource | undefined
  readonly forms: readonly PackSource[]
}
type Named = 'party' | 'flow' | 'stage' | 'step' | 'section' | 'list'

/** Every fault of a case-studies.yaml, each with its place: what it names must stand in the files of the pack beside it. */
export function findStudyFaults(source: PackSource, beside: Beside): PackFault[] {
  const syntax = syntaxFaults(source)
  if (syntax.some((fault) => fault.code === 'pack.syntax')) return syntax
  const scalars = listScalars(source)
  const known = namesBeside(String(source.document.get('flow') ?? ''), beside)
  const faults = [
    ...syntax,
    ...booleanKeyFaults(source),
    ...citeFaults(source, scalars),
    ...doubleIdFaults(source, scalars),
    ...shapeFaults(source, toPlainData(source), studySchema),
    ...scalars.flatMap(({ path, scalar, key }) => {
      const kind = kindOf({ path, key })
      const name = String(scalar.value)
      if (kind === undefined || known[kind].includes(name)) return []
      const words = `names the ${kind} ${name}, which is not there`
      return [faultAt(source, textStart(scalar), `pack.unknown-${kind}`, path.join('.'), words)]
    }),
  ]
  return faults.sort((a, b) => a.line - b.line || a.column - b.column)
}

function kindOf({ path, key }: Pick<PlacedScalar, 'path' | 'key'>): Named | undefined {
  if (key === 'by') return 'party'
  if (key === 'flow' && path.length === 1) return 'flow'
  if (key === 'stage' || key === 'step') return key
  if ((key === 'section' || key === 'list') && path.includes('prefill')) return key
  return undefined
}

function namesBeside(flow: string, { process, work, forms }: Beside): Readonly<Record<Named, readonly string[]>> {
  const keys = (of: PackSource | undefined, path: readonly string[]) =>
    (of && mapAt(of, path)?.items.map(keyText)) ?? []
  const stages: unknown = process?.document.getIn(['flows', flow, 'stages'], true)
  return {
    party: keys(process, ['parties']),
    flow: keys(process, ['flows']),
    step: keys(process, ['flows', flow, 'steps']),
    stage: isSeq(stages)
      ? stages.items.map((_, at) => String(process?.document.getIn(['flows', flow, 'stages', at, 'id'])))
      : [],
    section: forms.filter(({ document }) => String(document.get('flow')) === flow).flatMap(sectionIds),
    list: keys(work, ['checklists']),
  }
}
