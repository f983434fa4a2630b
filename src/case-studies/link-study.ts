import { accept, type Decision, refuse } from '../platform/decision.ts'
import { findSchoolPlace, findTrustPlace } from '../register/index.ts'
import { findCaseOf, otherProgramme, subjectOfCase } from './begin-study.ts'
import { decideLink, decideUnlink, isEarly, type Study } from './study.ts'
import {
  findWritableCase,
  keepChange,
  type StudyAsk,
  type StudyDesk,
  type StudyParts,
  writeStudy,
} from './study-desk.ts'
import { deleteSubject, insertSubject, insertSupporter, type SubjectIds } from './study-store.ts'

/** One of them: a case by its number, a school by its URN, a trust by its number. */
export type LinkAsk = StudyAsk & { readonly case: string; readonly urn: string; readonly trust: string }
export type Linked = { readonly reference: string; readonly name: string; readonly warnings: readonly string[] }

/** Links a case, with its leader as supporter, or a school or trust alone (TSI-147). A case that is not far enough gives a warning. */
export function linkSubject(parts: StudyParts, ask: LinkAsk): Promise<Decision<Linked>> {
  return writeStudy(parts, ask, async (desk) => {
    const { db, study, today } = desk
    const found = await findToLink(desk, ask)
    if (!found.ok) return found
    const { name, key, ids, leaderId, stage, reference } = found.value
    const decision = decideLink(study, { name, key, caseId: ids.caseId })
    if (!decision.ok) return decision
    await insertSubject(db, study.id, ids, today)
    if (leaderId !== null) await insertSupporter(db, study.id, { leaderId, name: null, organisation: null })
    await keepChange(desk, { action: 'Linked', new: { about: reference ? `${name}, case ${reference}` : name } })
    return accept({ reference: study.reference, name, warnings: warningsOf(desk, [{ name, caseStage: stage }]) })
  })
}

type ToLink = {
  readonly name: string
  readonly key: string
  readonly ids: SubjectIds
  readonly leaderId: number | null
  readonly stage: string | null
  /** Of the case; null for a school or trust alone. */
  readonly reference: string | null
}

/** A school or trust named without its case is linked with the newest one that the asker may write about, else alone. */
async function findToLink(desk: StudyDesk, ask: LinkAsk): Promise<Decision<ToLink>> {
  const { db, study, rules } = desk
  if (ask.case) {
    const byCase = await caseToLink(desk, ask.case)
    if (byCase.ok || !ask.trust) return byCase
  }
  const reference = await findCaseOf(db, { ...ask, flow: rules.flow, programme: study.programme })
  const ofPlace = reference ? await caseToLink(desk, reference) : undefined
  return ofPlace?.ok ? ofPlace : placeToLink(desk, ask)
}

async function caseToLink(desk: StudyDesk, reference: string): Promise<Decision<ToLink>> {
  const { db, by, study, pack, rules } = desk
  const found = await findWritableCase(db, by, reference, (programme) =>
    programme === study.programme ? { pack, rules } : undefined,
  )
  if (!found.ok)
    return found.refusals.some(({ code }) => code === 'case.no-studies') ? refuse(otherProgramme(reference)) : found
  const { record } = found.value.seen
  const key = record.subjectKind === 'school' ? `urn:${record.urn}` : `trust:${record.trustUid}`
  const { leaderId, stage } = record.state
  return accept({ name: record.name, key, ids: subjectOfCase(record), leaderId, stage, reference })
}

async function placeToLink({ db }: StudyDesk, { urn, trust }: LinkAsk): Promise<Decision<ToLink>> {
  const none = { leaderId: null, stage: null, reference: null }
  const school = /^\d{6}$/.test(urn) ? await findSchoolPlace(db, Number(urn)) : undefined
  if (school)
    return accept({
      ...none,
      name: school.name,
      key: `urn:${school.urn}`,
      ids: { caseId: null, establishmentId: school.id, trust: null },
    })
  const found = trust ? await findTrustPlace(db, trust) : undefined
  if (found)
    return accept({
      ...none,
      name: found.name,
      key: `trust:${found.trust}`,
      ids: { caseId: null, establishmentId: null, trust: found.trust },
    })
  return refuse({
    code: 'subject.unknown',
    message: 'Enter the number of a case that you may see, the URN of a school, or the number of a trust',
    field: 'subject',
  })
}

/** What is to be said of cases that are not far enough to be written about; it hinders nothing. */
export function warningsOf(
  { pack, rules }: Pick<StudyDesk, 'pack' | 'rules'>,
  subjects: readonly Pick<Study['subjects'][number], 'name' | 'caseStage'>[],
): string[] {
  const stages = pack.process?.flows?.[rules.flow]?.stages ?? []
  const { stage: fine, say } = rules['fine-from']
  const order = stages.map(({ id }) => id)
  return subjects
    .filter(({ caseStage }) => isEarly(order, caseStage, fine))
    .map(({ name, caseStage }) => {
      const title = stages.find(({ id }) => id === caseStage)?.title ?? ''
      return `${name}: ${say}. Its case is in stage ${caseStage}, ${title.toLowerCase()}`
    })
}

export function unlinkSubject(
  parts: StudyParts,
  ask: StudyAsk & { readonly id: number },
): Promise<Decision<{ reference: string }>> {
  return writeStudy(parts, ask, async (desk) => {
    const decision = decideUnlink(desk.study, ask.id)
    if (!decision.ok) return decision
    const { name, caseReference } = decision.value
    await deleteSubject(desk.db, ask.id)
    await keepChange(desk, {
      action: 'Link taken away',
      old: { about: caseReference ? `${name}, case ${caseReference}` : name },
    })
    return accept({ reference: desk.study.reference })
  })
}
