import { type CaseParts, findSeenCase, hatInCase, type SeenCase } from '../cases/index.ts'
import { type Actor, covers, type Hat, isMachine, wearing } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { type AuditEntry, writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { findPack, type Pack, type StudyRules } from '../programmes/index.ts'
import type { Study, StudySubject } from './study.ts'
import { countChange, findStudy } from './study-store.ts'

/** What case studies are built from: cases, whose words a draft begins with. */
export type StudyParts = CaseParts

/** A case study with everything that reading and changing it is judged by, and who asks. */
export type StudyDesk = {
  readonly db: Db
  readonly study: Study
  readonly pack: Pack
  readonly rules: StudyRules
  /** Its cases that the asker sees whole. */
  readonly seen: readonly SeenCase[]
  readonly today: string
  readonly by: Actor
  /** Whether the asker sees it while it is a draft, and what was said of it: whoever sees one of its cases. */
  readonly isInside: boolean
  /** Whether the asker is one of these parties in one of its cases. */
  isOf(parties: readonly string[]): boolean
  /** The asker, acting as one of these parties: the audit names the role. */
  as(parties: readonly string[]): Actor
  /** Whether the asker may say for this school or trust whether it agrees. */
  speaksFor(subject: StudySubject): boolean
}

export const NO_STUDY: Refusal = {
  code: 'study.unknown',
  message: 'There is no such case study, or you may not see it',
}

/** What the programme of a pack says of case studies, in the edition named or the newest one. */
export function rulesOf(packs: readonly Pack[], programme: string, edition: string) {
  const pack = findPack(`${programme}@${edition}`, packs) ?? findPack(programme, packs)
  return pack?.studies ? { pack, rules: pack.studies } : undefined
}

/** A study for somebody who may see it: published ones everybody of the programme, drafts whoever sees one of their cases. */
export async function openStudy(
  parts: StudyParts,
  db: Db,
  { reference, by, lock = false }: { reference: string; by: Actor; lock?: boolean },
): Promise<StudyDesk | undefined> {
  const study = await findStudy(db, reference, lock)
  const found = study && rulesOf(parts.packs, study.programme, study.edition)
  if (!study || !found) return undefined
  const seen = await seenCases(db, by, study)
  const isInside = seen.length > 0 || isMachine(by)
  const isOfProgramme = by.hats.some(({ programme }) => programme === study.programme)
  if (!isInside && !(study.state === 'published' && isOfProgramme)) return undefined
  return deskOf({ db, study, ...found, seen, isInside, by, today: parts.clock.today().toString() })
}

async function seenCases(db: Db, by: Actor, { subjects }: Study): Promise<SeenCase[]> {
  const references = [...new Set(subjects.flatMap(({ caseReference }) => caseReference ?? []))]
  const found: SeenCase[] = []
  for (const reference of references) {
    const seen = await findSeenCase(db, by, reference)
    if (seen?.whole) found.push(seen)
  }
  return found
}

function deskOf(desk: Omit<StudyDesk, 'isOf' | 'as' | 'speaksFor'>): StudyDesk {
  const { seen, by, rules } = desk
  const hatOf = (parties: readonly string[]) => firstHat(seen, by, parties)
  return {
    ...desk,
    isOf: (parties) => isMachine(by) || hatOf(parties) !== undefined,
    as: (parties) => wearing(by, hatOf(parties)),
    speaksFor: (subject) => {
      const parties = rules.consent?.by ?? []
      const own = seen.filter(({ record }) => record.id === subject.caseId)
      return firstHat(own, by, parties) !== undefined || isAtPlace(desk, subject, parties)
    },
  }
}

function firstHat(seen: readonly SeenCase[], by: Actor, parties: readonly string[]): Hat | undefined {
  for (const one of seen) {
    const hat = hatInCase(by, one, parties)
    if (hat) return hat
  }
  return undefined
}

/** A school or trust may be linked without a case: then whoever has the role at that place speaks for it. */
function isAtPlace(
  { pack, by }: Pick<StudyDesk, 'pack' | 'by'>,
  { urn, trust }: StudySubject,
  parties: readonly string[],
) {
  const roles = parties.flatMap((party) => pack.process?.parties[party]?.roles ?? [])
  return by.hats.some(
    ({ programme, role, scope }) =>
      programme === pack.programme && roles.includes(role) && covers(scope, { urn, trust }),
  )
}

export function partyTitles({ process }: Pack, parties: readonly string[]): string {
  return parties.map((party) => process?.parties[party]?.title ?? party).join(', ')
}

/** Why the asker may not: undefined when one of the parties is theirs. */
export function notYours(desk: StudyDesk, parties: readonly string[]): Refusal | undefined {
  if (desk.isOf(parties)) return undefined
  return { code: 'not-responsible', message: `Not yours to do. Responsible: ${partyTitles(desk.pack, parties)}` }
}

/** Who asks for what: `submission` makes the same again count once. */
export type StudyAsk = {
  readonly reference: string
  readonly by: Actor
  readonly submission?: string | undefined
}

/** Runs a change of a study in one transaction that a refusal undoes. */
export function changeStudy<T>(
  parts: StudyParts,
  { reference, by, submission }: StudyAsk,
  work: (desk: StudyDesk) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  return allOrNothing(parts.database.db, (db) =>
    submitOnce(db, submission, async () => {
      const desk = await openStudy(parts, db, { reference, by, lock: true })
      return desk?.isInside ? work(desk) : refuse(NO_STUDY)
    }),
  )
}

/** A change by one of those who write it. */
export function writeStudy<T>(
  parts: StudyParts,
  ask: StudyAsk,
  work: (desk: StudyDesk) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  return changeStudy(parts, ask, async (desk) => {
    const who = notYours(desk, desk.rules.write.by)
    return who ? refuse(who) : work(desk)
  })
}

/** Counts a change of what the page shows and keeps who made it. */
export async function keepChange(
  { db, study, as, rules }: StudyDesk,
  entry: Pick<AuditEntry, 'action' | 'old' | 'new' | 'reason'>,
): Promise<void> {
  await countChange(db, study.id)
  await writeAudit(db, { ...entry, actor: as(rules.write.by), record: 'case-study', recordKey: study.id })
}

/** A case by reference that the asker sees whole and may write about; refusals name the field `case`. */
export async function findWritableCase(
  db: Db,
  by: Actor,
  reference: string,
  rulesFor: (programme: string, edition: string) => { pack: Pack; rules: StudyRules } | undefined,
): Promise<Decision<{ seen: SeenCase; pack: Pack; rules: StudyRules }>> {
  const unknown = refuse({
    code: 'case.unknown',
    message: `There is no case ${reference} that you may see`,
    field: 'case',
  })
  const seen = await findSeenCase(db, by, reference)
  if (!seen?.whole) return unknown
  const { record } = seen
  const found = rulesFor(record.programme, record.edition)
  if (!found || found.rules.flow !== record.flow)
    return refuse({
      code: 'case.no-studies',
      message: `Case ${reference} is of a kind that no case study is written about`,
      field: 'case',
    })
  if (!isMachine(by) && !hatInCase(by, seen, found.rules.write.by))
    return refuse({
      code: 'not-responsible',
      message: `Not yours to do. Responsible: ${partyTitles(found.pack, found.rules.write.by)}`,
    })
  return { ok: true, value: { seen, ...found } }
}
