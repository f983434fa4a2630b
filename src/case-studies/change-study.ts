import { sql } from 'kysely'
import { covers } from '../platform/actor.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { findSchoolPlace, findTrustPlace, gradeName } from '../register/index.ts'
import { findCaseOf, otherProgramme, subjectOfCase } from './begin-study.ts'
import {
  decideEntry,
  decideLink,
  decideText,
  decideUnlink,
  isEarly,
  PUBLISHED,
  type Study,
  type TypedEntry,
  type TypedText,
} from './study.ts'
import {
  changeStudy,
  findWritableCase,
  keepChange,
  notYours,
  type StudyAsk,
  type StudyDesk,
  type StudyParts,
} from './study-desk.ts'
import {
  deleteEntry,
  deleteSubject,
  deleteSupporter,
  insertEntry,
  insertSubject,
  insertSupporter,
  type Judgement,
  readJudgements,
  type SubjectIds,
  saveTexts,
} from './study-store.ts'

/** A change by one of those who write it. */
function write<T>(
  parts: StudyParts,
  ask: StudyAsk,
  work: (desk: StudyDesk) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  return changeStudy(parts, ask, async (desk) => {
    const who = notYours(desk, desk.rules.write.by)
    return who ? refuse(who) : work(desk)
  })
}

export type TextSaved = { readonly reference: string; readonly version: number }

/** Saves texts as they were typed. Code `moved-on` (409) where somebody saved since; others say which field is wrong. */
export function saveText(parts: StudyParts, ask: StudyAsk & TypedText): Promise<Decision<TextSaved>> {
  return write(parts, ask, async (desk) => {
    const { db, study, rules } = desk
    const decision = decideText(study, rules, ask)
    if (!decision.ok) return decision
    const { title, texts } = decision.value
    const changed = Object.entries(texts).filter(([id, words]) => words !== (study.texts[id] ?? ''))
    if (changed.length === 0 && title === study.title)
      return accept({ reference: study.reference, version: study.version })
    await saveTexts(db, study.id, { title, texts: Object.fromEntries(changed) })
    const named = changed.map(([id, words]) => [id, study.texts[id] ?? '', words] as const)
    await keepChange(desk, {
      action: 'Text changed',
      old: { ...(title !== study.title && { title: study.title }), ...fieldsOf(named, 1) },
      new: { ...(title !== study.title && { title }), ...fieldsOf(named, 2) },
    })
    return accept({ reference: study.reference, version: study.version + 1 })
  })
}

function fieldsOf(rows: readonly (readonly [string, string, string])[], side: 1 | 2): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row[0], row[side]]))
}

/** One of them: a case by its number, a school by its URN, a trust by its number. */
export type LinkAsk = StudyAsk & { readonly case: string; readonly urn: string; readonly trust: string }
export type Linked = { readonly reference: string; readonly name: string; readonly warnings: readonly string[] }

/** Links a case, with its leader as supporter, or a school or trust alone (TSI-147). A case that is not far enough gives a warning. */
export function linkSubject(parts: StudyParts, ask: LinkAsk): Promise<Decision<Linked>> {
  return write(parts, ask, async (desk) => {
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
  return write(parts, ask, async (desk) => {
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

/** A leader by reference, or somebody named with an organisation. */
export type SupporterAsk = StudyAsk & {
  readonly leader: string
  readonly name: string
  readonly organisation: string
}

export function addSupporter(parts: StudyParts, ask: SupporterAsk): Promise<Decision<{ reference: string }>> {
  return write(parts, ask, async (desk) => {
    const { db, study } = desk
    if (study.state === 'published') return refuse(PUBLISHED)
    const leader = ask.leader ? await findNameableLeader(desk, ask.leader) : undefined
    if (ask.leader && !leader)
      return refuse({ code: 'leader.unknown', message: `There is no leader ${ask.leader}`, field: 'leader' })
    if (!leader && !ask.name)
      return refuse({ code: 'name.missing', message: 'Enter the number of a leader, or a name', field: 'name' })
    if (!leader && !ask.organisation)
      return refuse({ code: 'organisation.missing', message: 'Enter the organisation', field: 'organisation' })
    const one = leader
      ? { leaderId: leader.id, name: null, organisation: null }
      : { leaderId: null, name: ask.name, organisation: ask.organisation }
    const name = leader?.name ?? ask.name
    if (!(await insertSupporter(db, study.id, one)))
      return refuse({ code: 'supporter.twice', message: `${name} is named already`, field: leader ? 'leader' : 'name' })
    await keepChange(desk, { action: 'Supporter added', new: { supporter: name } })
    return accept({ reference: study.reference })
  })
}

/** A leader by reference whom the asker sees in the roster; a number shows nobody the name of somebody out of reach. */
async function findNameableLeader({ db, by }: StudyDesk, reference: string) {
  const { rows } = await sql<{ id: number; name: string; region: string; trust: string | null }>`
    select id, coalesce(name, reference) as name, region, organisation_trust_uid as trust
    from leader where reference = ${reference}`.execute(db)
  const [leader] = rows
  const sees = leader && covers(by.scope, { region: leader.region, trust: leader.trust, leader: reference })
  return sees ? leader : undefined
}

export function removeSupporter(
  parts: StudyParts,
  ask: StudyAsk & { readonly id: number },
): Promise<Decision<{ reference: string }>> {
  return write(parts, ask, async (desk) => {
    const { db, study } = desk
    if (study.state === 'published') return refuse(PUBLISHED)
    const found = study.supporters.find(({ id }) => id === ask.id)
    if (!found) return refuse({ code: 'supporter.unknown', message: 'Nobody of this number is named here' })
    await deleteSupporter(db, ask.id)
    await keepChange(desk, { action: 'Supporter taken away', old: { supporter: found.name } })
    return accept({ reference: study.reference })
  })
}

/** A dated entry: typed, or a judgement that is offered, named "urn:day" (TSI-149). */
export type EntryAsk = StudyAsk & TypedEntry & { readonly judgement: string }

export function addEntry(parts: StudyParts, ask: EntryAsk): Promise<Decision<{ reference: string }>> {
  return write(parts, ask, async (desk) => {
    const { db, study, rules, today } = desk
    const offered = ask.judgement ? await offeredJudgements(desk) : []
    const judged = offered.find((one) => judgementKey(one) === ask.judgement)
    if (ask.judgement && !judged)
      return refuse({ code: 'judgement.unknown', message: 'Choose one of the judgements offered', field: 'judgement' })
    const typed = judged ? { section: ask.section, on: judged.on, words: judgementWords(judged) } : ask
    const decision = decideEntry(study, rules, typed, today)
    if (!decision.ok) return decision
    const made = await insertEntry(db, study.id, {
      ...decision.value,
      establishmentId: judged?.establishmentId ?? null,
      source: judged?.source ?? null,
    })
    if (!made)
      return refuse({ code: 'entry.twice', message: 'This judgement stands there already', field: 'judgement' })
    await keepChange(desk, { action: 'Entry added', new: decision.value })
    return accept({ reference: study.reference })
  })
}

export function removeEntry(
  parts: StudyParts,
  ask: StudyAsk & { readonly id: number },
): Promise<Decision<{ reference: string }>> {
  return write(parts, ask, async (desk) => {
    const { db, study } = desk
    if (study.state === 'published') return refuse(PUBLISHED)
    const found = study.entries.find(({ id }) => id === ask.id)
    if (!found) return refuse({ code: 'entry.unknown', message: 'There is no such entry' })
    await deleteEntry(db, ask.id)
    await keepChange(desk, { action: 'Entry taken away', old: { on: found.on, words: found.words } })
    return accept({ reference: study.reference })
  })
}

export function judgementKey({ urn, on }: Pick<Judgement, 'urn' | 'on'>): string {
  return `${urn}:${on}`
}

export function judgementWords({ name, grade }: Judgement): string {
  return `${name} was judged ${gradeName(grade)}`
}

/** Judgements of the schools since the support of their case ended, but for those that stand in the study already. */
export async function offeredJudgements({ db, seen, rules, study, today }: StudyDesk): Promise<Judgement[]> {
  const found: Judgement[] = []
  for (const { record } of seen) {
    const ended = record.state.steps.findLast(
      ({ step, state, superseded }) => step === rules.ended.step && state === 'done' && !superseded,
    )?.doneOn
    const { establishmentId, trust } = subjectOfCase(record)
    if (ended) found.push(...(await readJudgements(db, { establishmentId, trust, after: ended, to: today })))
  }
  const held = study.entries.map(({ judged, on }) => `${judged}:${on}`)
  return found.filter((one) => !held.includes(judgementKey(one)))
}
