import { sql } from 'kysely'
import { freeDays, holdDays, type LeaderVocabulary } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { wholeNumber } from '../platform/web/route.ts'
import { auditProposal, auditScenario } from './audit-scenario.ts'
import { findPairing } from './build-problem.ts'
import { constraintContext } from './hard-constraints.ts'
import type { LeaderNeedPair, MatchFacts, Pairing } from './match-facts.ts'
import { type FactSources, readMatchFacts } from './match-facts-store.ts'
import { matchingDb } from './matching-tables.ts'
import { decideProposal, EXERCISE_REFUSAL, type Rationale } from './proposal.ts'
import { findScenario, listSolutions, lockScenario, type Scenario } from './scenario-store.ts'
import { CONFIRMED, NO_SCENARIO } from './solve-scenario.ts'

export type Reasons = {
  /** Why a leader without capacity, or beyond a limit, is put forward all the same (TSI-069, TSI-075). */
  readonly overrideReason: string
  /** Why no suitable leader of the first type is available (TSI-021). */
  readonly typeReason: string
}

type Asking = { readonly sources: FactSources; readonly by: Actor }

/** Puts one leader forward for one school and holds the days. Refusals of `decideProposal`, of the ledger and below. */
export function proposeLeader(
  database: Database,
  { id, pair, reasons, sources, by }: Asking & { id: number; pair: LeaderNeedPair; reasons: Reasons },
): Promise<Decision<{ proposals: number[] }>> {
  return inOneTransaction(database, id, async (db, scenario) => {
    const facts = await readMatchFacts(db, scenario, sources)
    const pairing = findPairing(facts, pair)
    if (!pairing) return refuse(await missingPair(db, scenario, pair))
    const stored = await proposePair(db, { scenario, facts, pairing, reasons, solutionId: null, sources, by })
    return stored.ok ? accept({ proposals: [stored.value] }) : stored
  })
}

/**
 * Turns the last answer of a scenario into proposals: all of them or none. Refused in an exercise, where the answer is
 * older than the facts, and where days were taken meanwhile (naming the leader).
 */
export function confirmScenario(
  database: Database,
  { id, reasons, sources, by }: Asking & { id: number; reasons: Reasons },
): Promise<Decision<{ proposals: number[] }>> {
  return inOneTransaction(database, id, async (db, scenario) => {
    const [solution] = await listSolutions(db, id, 1)
    if (!solution) return refuse({ code: 'matching.no-answer', message: 'There is no answer to confirm: solve first' })
    const facts = await readMatchFacts(db, scenario, sources)
    const proposals: number[] = []
    const refusals: Refusal[] = []
    // Leaders are taken in one order everywhere, so that two confirmations wait for each other and never lock up.
    for (const match of solution.answer.matches.toSorted((a, b) => a.leader.localeCompare(b.leader))) {
      const pairing = findPairing(facts, match)
      if (!pairing) continue // proposed by hand since, or gone from the pool
      const ask = { scenario, facts, pairing, reasons, solutionId: solution.id, sources, by }
      const stored = await proposePair(db, ask)
      if (stored.ok) proposals.push(stored.value)
      else refusals.push(...stored.refusals)
    }
    if (refusals.length > 0) return refuse(...refusals)
    await sql`update scenario set confirmed_at = now() where id = ${id}`.execute(db)
    await auditScenario(db, by, id, { action: 'Confirmed', new: { proposals: proposals.length } })
    return accept({ proposals })
  })
}

class Refused extends Error {
  readonly refusals: Refusal[]
  constructor(refusals: Refusal[]) {
    super('Refused')
    this.refusals = refusals
  }
}

/** A refusal undoes everything that was stored before it. */
async function inOneTransaction<T>(
  { db }: Database,
  id: number,
  work: (db: Db, scenario: Scenario) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  try {
    return await db.transaction().execute(async (transaction) => {
      await lockScenario(transaction, id)
      const scenario = await findScenario(transaction, id)
      const refusal = !scenario ? NO_SCENARIO : refusalOf(scenario)
      if (!scenario || refusal) throw new Refused(refusal ? [refusal] : [])
      const decision = await work(transaction, scenario)
      if (!decision.ok) throw new Refused(decision.refusals)
      return decision
    })
  } catch (error) {
    if (error instanceof Refused) return refuse(...error.refusals)
    throw error
  }
}

function refusalOf(scenario: Scenario): Refusal | undefined {
  if (scenario.kind === 'exercise') return EXERCISE_REFUSAL
  return scenario.confirmedAt ? CONFIRMED : undefined
}

async function missingPair(db: Db, scenario: Scenario, { need }: LeaderNeedPair): Promise<Refusal> {
  const open = await matchingDb(db)
    .selectFrom('proposal')
    .select('id')
    .where('scenario_id', '=', scenario.id)
    .where('establishment_id', '=', wholeNumber(need))
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  if (open) return { code: 'matching.already-proposed', message: 'This school already has a proposal in this scenario' }
  return { code: 'matching.no-such-pair', message: 'This school or leader is not in the scenario' }
}

type PairAsk = Asking & {
  readonly scenario: Scenario
  readonly facts: MatchFacts
  readonly pairing: Pairing
  readonly reasons: Reasons
  readonly solutionId: number | null
}

async function proposePair(db: Db, ask: PairAsk): Promise<Decision<number>> {
  const { facts, pairing, reasons } = ask
  const context = constraintContext(facts)
  const decision = decideProposal({ pairing, settings: facts.settings, context, ...reasons })
  if (!decision.ok) return decision
  const proposalId = await storeProposal(db, ask, decision.value)
  const hold = await holdFor(db, ask, proposalId, ask.sources.vocabulary)
  if (!hold.ok)
    return refuse(...hold.refusals.map((one) => ({ ...one, message: `${pairing.leader.label}: ${one.message}` })))
  await sql`update proposal set day_entry_id = ${hold.value.id} where id = ${proposalId}`.execute(db)
  const { need, leader } = pairing
  await auditProposal(db, ask.by, proposalId, {
    action: 'Proposed',
    new: {
      school: need.school.name,
      leader: leader.id,
      days: need.days,
      score: decision.value.score,
      typeReason: decision.value.typeReason,
    },
    reason: decision.value.overrideReason,
  })
  return accept(proposalId)
}

function holdFor(
  db: Db,
  { scenario, pairing, reasons, by }: PairAsk,
  proposalId: number,
  vocabulary: LeaderVocabulary,
) {
  return holdDays(
    { db },
    {
      leader: pairing.leader.id,
      term: scenario.term,
      halfDays: Math.round(pairing.need.days * 2),
      takenFor: `Proposal ${proposalId}, ${pairing.need.school.name}`,
      reason: reasons.overrideReason,
      vocabulary,
      by,
    },
  )
}

async function storeProposal(
  db: Db,
  { scenario, pairing, solutionId, by }: PairAsk,
  rationale: Rationale,
): Promise<number> {
  const { need, leader } = pairing
  const { rows } = await sql<{ id: number }>`
    insert into proposal (scenario_id, establishment_id, leader_id, solution_id, matched_as, half_days, score, miles, parts,
      factors, override_reason, type_reason, made_by, door)
    values (${scenario.id}, ${need.school.id}, (select id from leader where reference = ${leader.id}), ${solutionId},
      ${rationale.matchedAs}, ${Math.round(need.days * 2)}, ${rationale.score}, ${rationale.miles},
      ${JSON.stringify(rationale.parts)}, ${JSON.stringify(rationale.factors)}, ${rationale.overrideReason},
      ${rationale.typeReason}, ${by.name}, ${by.door})
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** Takes a proposal back and gives its days back in the same transaction; it stays on record. */
export function withdrawProposal(
  { db }: Database,
  { id, need, reason, by }: { id: number; need: string; reason: string; by: Actor },
): Promise<Decision<{ withdrawn: number }>> {
  return db.transaction().execute(async (transaction) => {
    await lockScenario(transaction, id)
    const { rows } = await sql<{ id: number; day_entry_id: number | null }>`
      update proposal set withdrawn_at = now(), withdrawn_by = ${by.name}
      where scenario_id = ${id} and establishment_id = ${wholeNumber(need)} and withdrawn_at is null
      returning id, day_entry_id`.execute(transaction)
    const [row] = rows
    if (!row) return refuse({ code: 'matching.no-proposal', message: 'This school has no proposal in this scenario' })
    if (row.day_entry_id !== null)
      await freeDays({ db: transaction }, { entryId: row.day_entry_id, reason: reason || 'Proposal withdrawn', by })
    await auditProposal(transaction, by, row.id, { action: 'Withdrawn', reason })
    return accept({ withdrawn: row.id })
  })
}

export type StoredProposal = {
  readonly id: number
  readonly need: string
  readonly school: string
  readonly leader: string
  readonly label: string
  readonly leader_region: string
  readonly school_region: string | null
  readonly days: number
  readonly score: number
  readonly miles: number | null
  readonly matched_as: string | null
  readonly parts: Rationale['parts']
  readonly factors: Rationale['factors']
  readonly override_reason: string | null
  readonly type_reason: string | null
  readonly made_at: Date
  readonly made_by: string
}

/** The open proposals of a scenario by school name. */
export async function listProposals(db: Db, scenarioId: number): Promise<StoredProposal[]> {
  const { rows } = await sql<StoredProposal>`
    select p.id, p.establishment_id::text as need, e.name as school, l.reference as leader,
      coalesce(l.name, l.reference) as label, l.region as leader_region,
      coalesce(e.region, (select region from authority where code = e.authority_code)) as school_region, p.half_days / 2.0::float8 as days, p.score::float8 as score, p.miles, p.matched_as,
      p.parts, p.factors, p.override_reason, p.type_reason, p.made_at, p.made_by
    from proposal p join establishment e on e.id = p.establishment_id join leader l on l.id = p.leader_id
    where p.scenario_id = ${scenarioId} and p.withdrawn_at is null order by e.name`.execute(db)
  return rows
}
