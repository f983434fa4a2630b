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
    ...fieldFaults(source, scalars, beside),
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

/** What a draft takes from a section or a list must stand in it. */
function fieldFaults(source: PackSource, scalars: readonly PlacedScalar[], { work, forms }: Beside): PackFault[] {
  return scalars.flatMap(({ path, scalar }) => {
    const at = path.indexOf('fields')
    if (!path.includes('prefill') || at < 0) return []
    const of = (key: string) => source.document.getIn([...path.slice(0, at), key])
    const [section, list] = [of('section'), of('list')]
    const known = section === undefined ? listFields(work, String(list)) : sectionFields(forms, String(section))
    const name = String(scalar.value)
    if (known === undefined || known.includes(name)) return []
    const words = `names the field ${name}, which ${String(section ?? list)} does not have`
    return [faultAt(source, textStart(scalar), 'pack.unknown-field', path.join('.'), words)]
  })
}

function listFields(work: PackSource | undefined, list: string): string[] | undefined {
  return work && mapAt(work, ['checklists', list, 'fields'])?.items.map(keyText)
}

/** Fields and groups of a section; undefined where no form has it, which is told already. */
function sectionFields(forms: readonly PackSource[], section: string): string[] | undefined {
  for (const form of forms) {
    const place = sectionIds(form).indexOf(section)
    if (place >= 0)
      return ['fields', 'groups'].flatMap((key) => mapAt(form, ['sections', place, key])?.items.map(keyText) ?? [])
  }
  return undefined
}
