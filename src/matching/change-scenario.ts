import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { auditScenario } from './audit-scenario.ts'
import { findPairing } from './build-problem.ts'
import { decideRelease, type ScenarioDecision } from './decisions.ts'
import { constraintContext, exclusionsOf } from './hard-constraints.ts'
import type { LeaderNeedPair, MatchFacts, Pairing } from './match-facts.ts'
import { type FactSources, readMatchFacts } from './match-facts-store.ts'
import { findScenario, lockScenario, type Scenario, storeDecision, undoLastDecision } from './scenario-store.ts'
import { CONFIRMED, NO_SCENARIO } from './solve-scenario.ts'

export type Change = { readonly decision: ScenarioDecision; readonly reason?: string }

/** A scenario after a change, with the words of the change for the answer that follows. */
export type Changed = { readonly scenario: Scenario; readonly because: string }

/**
 * Records one decision. A lock needs a pair that may be made; a clearance needs a reason (TSI-090); a release something
 * that stands. Refusals: `matching.confirmed`, `matching.excluded`, `matching.no-such-pair`, `matching.reason-needed`,
 * `matching.nothing-to-release`.
 */
export async function changeScenario(
  { db }: Database,
  { id, change, sources, by }: { id: number; change: Change; sources: FactSources; by: Actor },
): Promise<Decision<Changed>> {
  return db.transaction().execute(async (transaction) => {
    await lockScenario(transaction, id)
    const scenario = await findScenario(transaction, id)
    if (!scenario) return refuse(NO_SCENARIO)
    if (scenario.confirmedAt) return refuse(CONFIRMED)
    const facts = await readMatchFacts(transaction, scenario, sources)
    const refusal = refusalOf(change, scenario, facts)
    if (refusal) return refuse(refusal)
    const words = wordsOf(change.decision, facts, scenario)
    const reason = change.reason || null
    await storeDecision(transaction, { scenarioId: id, decision: change.decision, words, reason, by })
    await auditScenario(transaction, by, id, { action: words, ...valuesOf(change.decision, scenario), reason })
    const changed = await findScenario(transaction, id)
    return changed ? accept({ scenario: changed, because: words }) : refuse(NO_SCENARIO)
  })
}

/** Takes back the last decision that stands. Refusal `matching.nothing-to-undo`. */
export async function undoInScenario({ db }: Database, id: number, by: Actor): Promise<Decision<Changed>> {
  return db.transaction().execute(async (transaction) => {
    await lockScenario(transaction, id)
    const scenario = await findScenario(transaction, id)
    if (!scenario) return refuse(NO_SCENARIO)
    if (scenario.confirmedAt) return refuse(CONFIRMED)
    const words = await undoLastDecision(transaction, id, by.name)
    if (!words) return refuse({ code: 'matching.nothing-to-undo', message: 'There is no decision to undo' })
    const changed = await findScenario(transaction, id)
    const because = `Undoing “${words.slice(0, 1).toLowerCase()}${words.slice(1)}”`
    await auditScenario(transaction, by, id, { action: because })
    return changed ? accept({ scenario: changed, because }) : refuse(NO_SCENARIO)
  })
}

/** What the decision sets, before and after; a decision about a pair is told by its words. */
function valuesOf(decision: ScenarioDecision, { standing }: Scenario) {
  switch (decision.kind) {
    case 'weights':
      return { old: { ...standing.weights }, new: { ...decision.weights } }
    case 'limits':
      return { old: { ...standing.limits }, new: { ...decision.limits } }
    case 'need':
      return { old: { values: standing.needs.get(decision.need) }, new: { values: decision.values } }
    default:
      return { new: { decision: decision.kind, school: decision.pair.need, leader: decision.pair.leader } }
  }
}

const NO_PAIR: Refusal = {
  code: 'matching.no-such-pair',
  message: 'This school or leader is not in the scenario, or the school already has a proposal',
}

function refusalOf({ decision, reason }: Change, scenario: Scenario, facts: MatchFacts): Refusal | undefined {
  if (decision.kind === 'weights' || decision.kind === 'limits') return undefined
  if (decision.kind === 'need') return facts.needs.some(({ id }) => id === decision.need) ? undefined : NO_PAIR
  const pairing = findPairing(facts, decision.pair)
  if (!pairing) return NO_PAIR
  if (decision.kind === 'release') {
    const release = decideRelease(scenario.standing, decision.pair)
    return release.ok ? undefined : release.refusals[0]
  }
  if (decision.kind === 'clear' && !reason)
    return { code: 'matching.reason-needed', message: 'Say why the declared interest is no obstacle', field: 'reason' }
  return decision.kind === 'lock' ? lockRefusal(pairing, facts) : undefined
}

/** A forbidden pair may be locked, because the lock takes the place of the prohibition. */
function lockRefusal(pairing: Pairing, facts: MatchFacts): Refusal | undefined {
  const [found] = exclusionsOf(pairing, constraintContext(facts)).filter(({ code }) => code !== 'forbidden')
  if (!found) return undefined
  const { leader, need } = pairing
  const message = `${leader.label} cannot be locked to ${need.school.name}: ${found.reason.toLowerCase()} (${found.evidence})`
  return { code: 'matching.excluded', message, field: 'leader' }
}

function wordsOf(decision: ScenarioDecision, facts: MatchFacts, { standing }: Scenario): string {
  switch (decision.kind) {
    case 'weights':
      return 'Changing the weights'
    case 'limits':
      return 'Changing the limits'
    case 'need':
      return `Changing the need of ${schoolName(facts, decision.need)}`
    case 'lock':
      return `Locking ${pairInWords(facts, decision.pair, 'to')}`
    case 'forbid':
      return `Forbidding ${pairInWords(facts, decision.pair, 'for')}`
    case 'clear':
      return `Clearing the declared interest of ${pairInWords(facts, decision.pair, 'in')}`
    case 'release': {
      const locked = standing.locked.some((pair) => isSame(pair, decision.pair))
      return locked
        ? `Unlocking ${pairInWords(facts, decision.pair, 'from')}`
        : `Allowing ${pairInWords(facts, decision.pair, 'for')} again`
    }
  }
}

function isSame(a: LeaderNeedPair, b: LeaderNeedPair): boolean {
  return a.need === b.need && a.leader === b.leader
}

function pairInWords(facts: MatchFacts, pair: LeaderNeedPair, between: string): string {
  const leader = facts.leaders.find(({ id }) => id === pair.leader)?.label ?? pair.leader
  return `${leader} ${between} ${schoolName(facts, pair.need)}`
}

function schoolName(facts: MatchFacts, need: string): string {
  return facts.needs.find(({ id }) => id === need)?.school.name ?? need
}
