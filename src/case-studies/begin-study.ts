import { sql } from 'kysely'
import { type CaseRecord, hatInCase, readCaseStory, type SeenCase } from '../cases/index.ts'
import { type Actor, wearing } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { StudyRules } from '../programmes/index.ts'
import { storyText } from './story-text.ts'
import { titleRefusals } from './study.ts'
import { findWritableCase, rulesOf, type StudyParts } from './study-desk.ts'
import { insertStudy, insertSubject, insertSupporter, saveTexts } from './study-store.ts'

export type BeginStudy = {
  /** The cases that it is about, at least one: each by its reference, or by the URN of its school. */
  readonly cases: readonly string[]
  /** Empty: the names of the schools or trusts. */
  readonly title: string
  readonly by: Actor
  readonly submission?: string | undefined
  /** The number that a scene gives it. */
  readonly reference?: string
}

/**
 * Begins a draft about one or several cases of a programme, with what the cases say already in its sections (TSI-149) and their
 * leaders as supporters. Codes: `case.missing`, `case.unknown`, `case.no-studies`, `case.other-programme`, `title.too-long`,
 * `not-responsible`.
 */
export function beginStudy(parts: StudyParts, ask: BeginStudy): Promise<Decision<{ reference: string }>> {
  return allOrNothing(parts.database.db, (db) => submitOnce(db, ask.submission, () => begin(parts, db, ask)))
}

async function begin(parts: StudyParts, db: Db, ask: BeginStudy): Promise<Decision<{ reference: string }>> {
  const read = await readCases(parts, db, ask)
  if (!read.ok) return read
  const { records, first, rules, programme, edition } = read.value
  const title = ask.title || namesOf(records)
  const wrong = titleRefusals(title)
  if (wrong.length > 0) return refuse(...wrong)
  const today = parts.clock.today().toString()
  const made = await insertStudy(db, { reference: ask.reference, programme, edition, title, on: today, by: ask.by })
  for (const record of records) {
    await insertSubject(db, made.id, subjectOfCase(record), today)
    if (record.state.leaderId !== null)
      await insertSupporter(db, made.id, { leaderId: record.state.leaderId, name: null, organisation: null })
  }
  await saveTexts(db, made.id, { title, texts: await textsFromCases(parts, db, records, rules) })
  await writeAudit(db, {
    actor: wearing(ask.by, hatInCase(ask.by, first, rules.write.by)),
    action: 'Begun',
    record: 'case-study',
    recordKey: made.id,
    new: { title, cases: records.map(({ reference }) => reference) },
  })
  return accept({ reference: made.reference })
}

type ReadCases = {
  readonly first: SeenCase
  readonly records: readonly CaseRecord[]
  readonly rules: StudyRules
  readonly programme: string
  readonly edition: string
}

async function readCases(parts: StudyParts, db: Db, { cases, by }: BeginStudy): Promise<Decision<ReadCases>> {
  const references: string[] = []
  for (const named of new Set(cases)) references.push(await referenceOf(parts, db, named))
  if (references.length === 0)
    return refuse({ code: 'case.missing', message: 'Enter the number of a case', field: 'case' })
  const found: { seen: SeenCase; rules: StudyRules }[] = []
  for (const reference of references) {
    const one = await findWritableCase(db, by, reference, (programme, edition) =>
      rulesOf(parts.packs, programme, edition),
    )
    if (!one.ok) return one
    found.push(one.value)
  }
  const [head] = found
  if (!head) throw new Error('A case study without a case')
  const records = found.map(({ seen }) => seen.record)
  const { programme, edition } = head.seen.record
  const other = records.find((record) => record.programme !== programme)
  if (other) return refuse(otherProgramme(other.reference))
  return accept({ records, first: head.seen, rules: head.rules, programme, edition })
}

/** The newest case of a school that case studies may be about; what is no URN stays as it is. */
async function referenceOf({ packs }: StudyParts, db: Db, named: string): Promise<string> {
  if (!/^\d{6}$/.test(named)) return named
  for (const { programme, studies } of packs) {
    const found = studies && (await findCaseOf(db, { urn: named, trust: '', programme, flow: studies.flow }))
    if (found) return found
  }
  return named
}

/** The newest case of a school, by URN, or of a trust; undefined without one. */
export async function findCaseOf(
  db: Db,
  { urn, trust, programme, flow }: { urn: string; trust: string; programme: string; flow: string },
): Promise<string | undefined> {
  const { rows } = await sql<{ reference: string }>`
    select reference from support_case
    where programme = ${programme} and flow = ${flow} and parent_id is null
      and (urn::text = ${urn} or (subject_kind = 'trust' and trust_uid = ${trust}))
    order by id desc limit 1`.execute(db)
  return rows[0]?.reference
}

export function otherProgramme(reference: string) {
  return { code: 'case.other-programme', message: `Case ${reference} is of another programme`, field: 'case' }
}

export function subjectOfCase({ id, subjectKind, establishmentId, trustUid }: CaseRecord) {
  return subjectKind === 'school'
    ? { caseId: id, establishmentId, trust: null }
    : { caseId: id, establishmentId: null, trust: trustUid }
}

function namesOf(records: readonly CaseRecord[]): string {
  return new Intl.ListFormat('en-GB').format([...new Set(records.map(({ name }) => name))])
}

/** By section, what the cases say of it; empty where the pack names nothing or the cases hold nothing. */
export async function textsFromCases(
  parts: StudyParts,
  db: Db,
  records: readonly CaseRecord[],
  { sections }: StudyRules,
): Promise<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const { id, prefill = [] } of sections) {
    const stories = []
    for (const record of records)
      stories.push({ name: record.name, lines: await readCaseStory(parts, db, record, prefill) })
    texts[id] = storyText(stories)
  }
  return texts
}
