import { type Actor, covers, type Place } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { type FoundContact, findContact, isRuleRow, type Origin, originsOf, type Pack } from '../programmes/index.ts'
import { readJudgingFacts } from './judge-subject.ts'
import { hatAmong, type JudgingFacts, judgingHat } from './judgement.ts'
import { type JudgementRecord, listJudgementsOf, type SubjectKey } from './judgement-store.ts'
import { listRequests, type RequestRecord } from './request-store.ts'
import { type FoundSubject, findSubject } from './subject.ts'
import { answerFor, type SubjectAnswer } from './subject-answer.ts'

/** A row that somebody may ask for, from these origins. */
export type MayAsk = { readonly row: string; readonly title: string; readonly origins: readonly Origin[] }

/** One school or trust in one edition, as far as somebody may see it. `answer` is undefined where it was not open on the day. */
export type SubjectView = {
  readonly pack: Pack
  readonly subject: FoundSubject
  readonly on: string
  readonly answer: SubjectAnswer | undefined
  /** Reasons, names and requests: only for those whose place it is; empty for others. */
  readonly isClose: boolean
  readonly decisions: readonly JudgementRecord[]
  readonly requests: readonly RequestRecord[]
  /** Whom to ask where it does not qualify; null where the edition names nobody, or it does. */
  readonly contact: FoundContact | null
  readonly mayJudge: readonly { readonly row: string; readonly title: string }[]
  readonly mayAsk: readonly MayAsk[]
}

type Parts = { readonly database: Database; readonly clock: Clock }
type Asked = { readonly pack: Pack; readonly key: SubjectKey; readonly on: string; readonly actor: Actor }

/** Whether somebody works with the school or trust: sees who qualifies there, judges of it, or may ask for it. */
export function isCloseTo(pack: Pack, actor: Actor, place: Place): boolean {
  const askers = new Set(
    pack.eligibility.rows.flatMap((row) =>
      isRuleRow(row)
        ? []
        : [
            ...row['judged-by'],
            ...originsOf(row).flatMap((one) => [...one['asked-by'], ...(one['asked-for-by'] ?? [])]),
          ],
    ),
  )
  return (actor.hats ?? []).some(
    (hat) =>
      (hat.programme === null || hat.programme === pack.programme) &&
      covers(hat.scope, place) &&
      (hat.capabilities.includes('see-eligibility') || askers.has(hat.role)),
  )
}

/** `unknown`: the register does not hold it. `forbidden`: not this person's to see. */
export async function readSubjectView(parts: Parts, asked: Asked): Promise<SubjectView | 'unknown' | 'forbidden'> {
  const { pack, key, on, actor } = asked
  const { db } = parts.database
  const today = parts.clock.today().toString()
  const subject = await findSubject(db, key, on)
  const isClose = subject !== undefined && isCloseTo(pack, actor, subject.place)
  // A programme that runs only levels is for those who have a role in it at the place.
  const maySee = actor.capabilities.has('see-eligibility') && !pack['not-run-yet']
  if (!maySee && !isClose) return 'forbidden'
  if (!subject) return 'unknown'
  const [answer, facts, decisions, requests] = await Promise.all([
    answerFor(parts.database, { pack, subject: key, on }),
    readJudgingFacts(db, { pack, place: subject.place, actor, today }),
    isClose ? listJudgementsOf(db, pack, key) : [],
    isClose ? listRequests(db, pack, key) : [],
  ])
  const isEligible = answer?.evaluation.outcome === 'eligible'
  return {
    pack,
    subject,
    on,
    answer,
    isClose,
    decisions,
    requests,
    contact: isEligible ? null : await findContactOf(parts, { pack, region: subject.place.region, on: today }),
    mayJudge: listMayJudge(facts),
    mayAsk: isEligible ? [] : listMayAsk(facts, requests),
  }
}

/** The contact of the subject's region, where the edition names a value that is kept by region. */
async function findContactOf(
  { database: { db } }: Parts,
  { pack, region, on }: { pack: Pack; region: string | null; on: string },
): Promise<FoundContact | null> {
  const id = pack.eligibility.contact?.value
  if (!id || region === null) return null
  return findContact(db, { pack, id, key: [region], on })
}

function listMayJudge(facts: JudgingFacts) {
  return facts.pack.eligibility.rows.flatMap((row) =>
    !isRuleRow(row) && originsOf(row).length === 0 && judgingHat(row, facts) ? [{ row: row.id, title: row.title }] : [],
  )
}

function listMayAsk(facts: JudgingFacts, requests: readonly RequestRecord[]): MayAsk[] {
  return facts.pack.eligibility.rows.flatMap((row) => {
    if (isRuleRow(row) || requests.some((one) => one.row === row.id && one.state === 'requested')) return []
    const origins = originsOf(row).filter((origin) =>
      hatAmong(facts, [...origin['asked-by'], ...(origin['asked-for-by'] ?? [])]),
    )
    return origins.length > 0 ? [{ row: row.id, title: row.title, origins }] : []
  })
}
