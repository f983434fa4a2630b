import type { Actor } from '../platform/actor.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { checkHomeRegion } from './home-region.ts'
import { checkLeader, type Leader, type LeaderFields } from './leader.ts'
import { differences, recordHistory } from './leader-history.ts'
import {
  findLeader,
  historyValues,
  insertLeaders,
  lockLeaders,
  type StoredLeader,
  updateLeader,
} from './leader-store.ts'
import { inTransaction, leaderDb } from './leader-tables.ts'
import { decideAvailable, NO_DAYS, type TermBalance } from './ledger.ts'
import { readRegions, resolvePlaces } from './register-facts.ts'
import { type LeaderVocabulary, titleOf } from './vocabulary.ts'

export type Saved = { readonly reference: string; readonly outcome: 'added' | 'changed' | 'unchanged' }

/** `submission`: the same again is done once. */
export type NewLeader = {
  readonly fields: LeaderFields
  readonly vocabulary: LeaderVocabulary
  readonly by: Actor
  readonly submission?: string | undefined
}

/** A new leader. Refuses what is wrong, naming the field (TSI-070), and a reference that is taken. */
export async function createLeader(
  { db }: Pick<Database, 'db'>,
  { fields, vocabulary, by, submission }: NewLeader,
): Promise<Decision<Saved>> {
  const add = async (transaction: Db): Promise<Decision<Saved>> => {
    const decision = await checkAgainstRegister(transaction, fields, vocabulary)
    if (!decision.ok) return decision
    const elsewhere = checkHomeRegion(by, decision.value)
    if (elsewhere.length > 0) return refuse(...elsewhere)
    const [inserted] = await insertLeaders(transaction, [decision.value])
    if (!inserted)
      return refuse({
        code: 'reference.taken',
        message: `There is already a leader with the reference ${fields.reference}`,
        field: 'reference',
      })
    await recordHistory(transaction, by, [
      { leaderId: inserted.id, what: 'Added', after: historyValues(decision.value) },
    ])
    return accept({ reference: fields.reference, outcome: 'added' })
  }
  return inTransaction(db, (transaction) => submitOnce(transaction, submission, () => add(transaction)))
}

export type ChangeLeader = {
  readonly reference: string
  readonly fields: LeaderFields
  /** The edit version that the change was made on. */
  readonly version: number
  /** Needed where days go below what is held or promised (TSI-075). */
  readonly reason: string
  readonly vocabulary: LeaderVocabulary
  readonly by: Actor
}

/** Refusal `moved-on` (409): somebody saved since. Nothing differs: `unchanged`, and no history. */
export async function changeLeader({ db }: Pick<Database, 'db'>, change: ChangeLeader): Promise<Decision<Saved>> {
  return inTransaction(db, async (transaction) => {
    const before = await findLocked(transaction, change.reference)
    if (!before) return refuse({ code: 'not-found', message: `There is no leader ${change.reference}` })
    if (before.editVersion !== change.version)
      return refuse({ code: 'moved-on', message: 'This leader was changed by somebody else since you opened it' })
    const fields = { ...change.fields, reference: change.reference, exercise: before.leader.exercise }
    const decision = await checkAgainstRegister(transaction, fields, change.vocabulary)
    const emptied = emptiedDays(before.leader, fields, change.vocabulary)
    if (!decision.ok) return refuse(...decision.refusals, ...emptied)
    const elsewhere = checkHomeRegion(change.by, decision.value, before.leader)
    if (emptied.length + elsewhere.length > 0) return refuse(...elsewhere, ...emptied)
    return storeChange(transaction, { before, after: decision.value, ...change })
  })
}

/** Days once given cannot become unknown again; a term that is not mentioned at all keeps its days. */
function emptiedDays(before: Leader, fields: LeaderFields, { terms }: LeaderVocabulary): Refusal[] {
  return terms
    .filter((term) => fields.days[term.id] === '' && before.days[term.id] !== undefined)
    .map((term) => ({
      code: 'days.missing',
      message: `Enter the days in ${term.title}, or 0`,
      field: `days-${term.id}`,
    }))
}

async function findLocked(db: Db, reference: string): Promise<StoredLeader | undefined> {
  const found = await findLeader(db, reference)
  if (!found) return undefined
  await lockLeaders(db, [found.id])
  return findLeader(db, reference)
}

async function checkAgainstRegister(
  db: Db,
  fields: LeaderFields,
  vocabulary: LeaderVocabulary,
): Promise<Decision<Leader>> {
  const places = await resolvePlaces(db, [fields])
  return checkLeader(fields, {
    vocabulary,
    regions: await readRegions(db),
    organisation: places.organisations.get(fields.organisation),
    base: places.bases.get(fields.base),
  })
}

type StoreChange = {
  readonly before: StoredLeader
  readonly after: Leader
  readonly reason: string
  readonly vocabulary: LeaderVocabulary
  readonly by: Actor
}

/** Writes a checked change of a locked leader: the row, the days and the history together. */
export async function storeChange(db: Db, change: StoreChange): Promise<Decision<Saved>> {
  const { before, after, reason } = change
  const values = differences(historyValues(before.leader), historyValues(after))
  const saved = { reference: after.reference } as const
  if (Object.keys(values.after).length === 0) return accept({ ...saved, outcome: 'unchanged' })
  const refusals = await storeDays(db, change)
  if (refusals.length > 0) return refuse(...refusals)
  await updateLeader(db, before.id, after)
  await recordHistory(db, change.by, [{ leaderId: before.id, what: 'Changed', ...values, reason }])
  return accept({ ...saved, outcome: 'changed' })
}

async function storeDays(db: Db, { before, after, reason, vocabulary }: StoreChange): Promise<Refusal[]> {
  const balances = await readBalances(db, before.id)
  const refusals: Refusal[] = []
  const changed: { term: string; available: number; over: boolean }[] = []
  for (const [term, available] of Object.entries(after.days)) {
    const balance = balances.get(term)
    if (balance?.available === available) continue
    const decision = decideAvailable(balance ?? NO_DAYS, available, { reason, term: titleOf(vocabulary.terms, term) })
    if (decision.ok) changed.push({ term, available, over: decision.value.over })
    else refusals.push(...decision.refusals)
  }
  if (refusals.length > 0) return refusals
  for (const { term, available, over } of changed)
    await leaderDb(db)
      .insertInto('leader_term')
      .values({ leader_id: before.id, term, available_half_days: available, over_reason: null })
      .onConflict((conflict) =>
        conflict.columns(['leader_id', 'term']).doUpdateSet((eb) => ({
          available_half_days: available,
          over_reason: over ? eb.fn.coalesce(eb.val(reason || null), 'leader_term.over_reason') : null,
        })),
      )
      .execute()
  return []
}

async function readBalances(db: Db, leaderId: number): Promise<Map<string, TermBalance>> {
  const rows = await leaderDb(db).selectFrom('leader_term').selectAll().where('leader_id', '=', leaderId).execute()
  return new Map(
    rows.map((row) => [
      row.term,
      {
        available: row.available_half_days,
        held: row.held_half_days,
        promised: row.promised_half_days,
        blocked: false,
      },
    ]),
  )
}
