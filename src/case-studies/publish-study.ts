import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { decideApprove, decideConsent, decidePublish, decideWithdraw, MOVED_ON, type TypedConsent } from './study.ts'
import { changeStudy, notYours, partyTitles, type StudyAsk, type StudyDesk, type StudyParts } from './study-desk.ts'
import { insertApproval, insertConsent, markPublished, markWithdrawn } from './study-store.ts'

type Done = Decision<{ reference: string }>

/** What is said of a text is said of the one that was read: `version` is the one opened, null where nobody says. */
type OfText = StudyAsk & { readonly version: number | null }

function isOther({ study }: StudyDesk, { version }: OfText): boolean {
  return version !== null && version !== study.version
}

/**
 * Approves the study as it stands. Codes: `not-responsible`, `moved-on`, `study.published`,
 * `approval.there`, `approval.not-asked`.
 */
export function approveStudy(parts: StudyParts, ask: OfText): Promise<Done> {
  return changeStudy(parts, ask, async (desk) => {
    const { db, study, rules, today } = desk
    const parties = rules.approval?.by ?? []
    const who = notYours(desk, parties)
    if (who && rules.approval) return refuse(who)
    if (isOther(desk, ask)) return refuse(MOVED_ON)
    const decision = decideApprove(study, rules)
    if (!decision.ok) return decision
    const by = desk.as(parties)
    await insertApproval(db, study, { on: today, by, as: by.acting ?? null })
    await writeAudit(db, { actor: by, action: 'Approved', record: 'case-study', recordKey: study.id })
    return accept({ reference: study.reference })
  })
}

/**
 * Records what a school or trust says to the study as it stands: who, when and how (TSI-149). Those who speak for one school
 * record nothing for another.
 */
export function recordConsent(parts: StudyParts, ask: OfText & TypedConsent): Promise<Done> {
  return changeStudy(parts, ask, async (desk) => {
    const { db, study, rules, today } = desk
    if (isOther(desk, ask)) return refuse(MOVED_ON)
    const decision = decideConsent(study, rules, ask, today)
    if (!decision.ok) return decision
    const { key, answer } = decision.value
    const subjects = study.subjects.filter((one) => one.key === key)
    if (!subjects.some((one) => mayRecord(desk, one)))
      return refuse({
        code: 'not-responsible',
        message: `Not yours to do. Responsible: ${partyTitles(desk.pack, recorders(desk))}`,
      })
    const by = desk.as([...rules.write.by, ...(rules.consent?.by ?? [])])
    await insertConsent(db, study, { ...decision.value, on: today, by })
    const { givenBy, givenOn } = decision.value
    const way = rules.consent?.ways.find(({ id }) => id === decision.value.way)?.title
    await writeAudit(db, {
      actor: by,
      action: answer === 'yes' ? 'Consent recorded' : 'Refusal recorded',
      record: 'case-study',
      recordKey: study.id,
      new: { about: subjects[0]?.name, givenBy, givenOn, way },
    })
    return accept({ reference: study.reference })
  })
}

/** Writers who are not one of the schools record it for any; a school for itself. */
export function mayRecord(desk: StudyDesk, subject: StudyDesk['study']['subjects'][number]): boolean {
  const { rules } = desk
  const writers = rules.write.by.filter((party) => !rules.consent?.by.includes(party))
  return desk.isOf(writers) || desk.speaksFor(subject)
}

function recorders({ rules }: StudyDesk): string[] {
  return [...new Set([...rules.write.by, ...(rules.consent?.by ?? [])])]
}

/** Publishes, or says everything that is missing: each empty section by its name (TSI-146), approval and consents (TSI-149). */
export function publishStudy(parts: StudyParts, ask: StudyAsk): Promise<Done> {
  return changeStudy(parts, ask, async (desk) => {
    const { db, study, rules, pack, today } = desk
    const who = notYours(desk, rules.publish.by)
    if (who) return refuse(who)
    const decision = decidePublish(study, rules, partyTitles(pack, rules.approval?.by ?? []))
    if (!decision.ok) return decision
    const by = desk.as(rules.publish.by)
    await markPublished(db, study.id, { on: today, by })
    await writeAudit(db, {
      actor: by,
      action: 'Published',
      record: 'case-study',
      recordKey: study.id,
      new: { title: study.title },
    })
    return accept({ reference: study.reference })
  })
}

/** Takes a published study back, with the reason; it can then be changed, and is approved and agreed to anew. */
export function withdrawStudy(parts: StudyParts, ask: StudyAsk & { readonly reason: string }): Promise<Done> {
  return changeStudy(parts, ask, async (desk) => {
    const { db, study, rules, today } = desk
    const who = notYours(desk, rules.withdraw.by)
    if (who) return refuse(who)
    const decision = decideWithdraw(study, ask.reason)
    if (!decision.ok) return decision
    const by = desk.as(rules.withdraw.by)
    await markWithdrawn(db, study.id, { on: today, by, reason: decision.value })
    await writeAudit(db, {
      actor: by,
      action: 'Withdrawn',
      record: 'case-study',
      recordKey: study.id,
      reason: decision.value,
    })
    return accept({ reference: study.reference })
  })
}
