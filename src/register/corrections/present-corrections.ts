import { longDate } from '../../platform/words.ts'
import { gradeName, INSPECTION_KINDS } from '../inspection-words.ts'
import type { ChainInspection, SchoolRecord } from '../school-store.ts'
import { CORRECTION_FIELDS, findField, sayValue } from './correction-fields.ts'
import type { Correction } from './correction-store.ts'

/** A fact that may be corrected, as it stands now: `what` names it in the address of the form. */
export type CorrectableFact = {
  readonly what: string
  readonly title: string
  readonly now: string
  /** A correction of it is in force and must end before another. */
  readonly isCorrected: boolean
}

export type OwnInspection = Pick<ChainInspection, 'inspected_on' | 'published_on' | 'kind' | 'overall'> & {
  readonly id: number
}
export type PlainPredecessor = { readonly urn: number; readonly name: string }

/** Every fact of a school that may be corrected, in the order of the closed list. */
export function listCorrectable(
  school: SchoolRecord,
  inspections: readonly OwnInspection[],
  predecessors: readonly PlainPredecessor[],
  corrections: readonly Correction[],
): CorrectableFact[] {
  const taken = new Set(corrections.filter(({ endedHow }) => endedHow === null).map(whatOf))
  return listFacts(school, inspections, predecessors).map((fact) => ({ ...fact, isCorrected: taken.has(fact.what) }))
}

function whatOf({ field, inspectionId, linkedUrn }: Correction): string {
  const number = inspectionId ?? linkedUrn
  return number === null ? field : `${field}:${number}`
}

function listFacts(
  school: SchoolRecord,
  inspections: readonly OwnInspection[],
  predecessors: readonly PlainPredecessor[],
): Omit<CorrectableFact, 'isCorrected'>[] {
  const row: Readonly<Record<string, unknown>> = { ...school }
  const ofSchool = CORRECTION_FIELDS.filter((field) => field.of === 'school').map((field) => ({
    what: field.id,
    title: field.title,
    now: nowInWords(field.id, field.fact, row, school),
  }))
  const ofInspections = inspections.flatMap((one) => {
    const named = `${INSPECTION_KINDS[one.kind]} of ${longDate(one.inspected_on)}`
    const grade =
      one.kind === 'graded' ? [{ what: `grade:${one.id}`, title: `${named}: grade`, now: gradeName(one.overall) }] : []
    return [
      ...grade,
      { what: `inspected-on:${one.id}`, title: `${named}: date`, now: longDate(one.inspected_on) },
      { what: `published-on:${one.id}`, title: `${named}: publication date`, now: longDate(one.published_on) },
    ]
  })
  const links = predecessors.map(({ urn, name }) => ({
    what: `predecessor:${urn}`,
    title: 'Predecessor: cut the link',
    now: `${name} (URN ${urn})`,
  }))
  const add = {
    what: 'predecessor',
    title: 'Predecessor: add a link',
    now: predecessors.length > 0 ? 'as above' : 'none',
  }
  return [...ofSchool, ...ofInspections, ...links, add]
}

function nowInWords(id: string, fact: string, row: Readonly<Record<string, unknown>>, school: SchoolRecord): string {
  if (id === 'trust') return school.trust_uid ? `${school.trust_name} (UID ${school.trust_uid})` : 'none'
  if (id === 'authority') return `${school.authority_name ?? 'not held'} (code ${school.authority_code ?? 'none'})`
  const value = row[fact]
  return value === null || value === undefined ? 'not held' : longDate(String(value))
}

/** A correction with the old value beside the new, and how it ended. Of persons only for those who administer. */
export function presentCorrection(one: Correction) {
  return {
    id: one.id,
    title: titleOf(one),
    corrected: valueInWords(one, one.corrected),
    register: valueInWords(one, one.register),
    source: one.source,
    sourceDate: one.sourceDate,
    reason: one.reason,
    holdsFrom: one.holdsFrom,
    madeOn: one.madeOn,
    madeBy: one.madeBy,
    inForce: one.endedHow === null,
    ended: endInWords(one),
  }
}

/** What everybody may see of the corrections in force: the two values and the source, not who and why. */
export function inForceWithoutPersons(corrections: readonly Correction[]) {
  return corrections
    .map(presentCorrection)
    .filter((one) => one.inForce)
    .map(({ title, corrected, register, source, sourceDate, madeOn, holdsFrom }) => ({
      title,
      corrected,
      register,
      source,
      sourceDate,
      correctedOn: madeOn,
      holdsFrom,
    }))
}

function titleOf({ field, inspectedOn, linkedUrn, linkedName }: Correction): string {
  const title = findField(field)?.title ?? field
  if (inspectedOn) return `Inspection of ${longDate(inspectedOn)}: ${title.toLowerCase()}`
  return linkedUrn === null ? title : `${title} ${linkedName ?? ''} (URN ${linkedUrn})`
}

function valueInWords({ linkedUrn, fact }: Correction, values: Correction['corrected']): string {
  if (linkedUrn !== null) return values[fact] === 'held' ? 'linked' : 'not linked'
  return sayValue(values)
}

function endInWords({ endedHow, endedOn, endedBy, endReason }: Correction): string | null {
  if (endedHow === 'register agrees') return `Ended by itself on ${longDate(endedOn)}: the register agrees`
  return endedHow && `Ended on ${longDate(endedOn)} by ${endedBy}: ${endReason}`
}
