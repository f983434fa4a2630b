import {
  type CaseFacts,
  judgeCondition,
  type MoneyClaim,
  type MoneyGrant,
  type MoneyNeed,
  type MoneyPart,
} from '../programmes/index.ts'
import type { Wanted } from './ledger.ts'

/** Facts of a case and what money asks beside them: parts of a grant that are paid, steps that ended or whose day is reached. */
export type MoneyFacts = {
  readonly facts: CaseFacts
  readonly isPaid: (part: string) => boolean
  readonly isReached: (step: string) => boolean
}

/** How a line stands: the amount in whole pence, what is missing before it may be paid, and what somebody objects to. */
export type Standing = Wanted & { readonly missing: readonly string[]; readonly note: string | null }

const holds = (when: string, { facts }: MoneyFacts): boolean => judgeCondition(when, facts) === 'met'

function missingOf(needs: readonly MoneyNeed[], known: MoneyFacts): string[] {
  const isMet = ({ when, paid, reached }: MoneyNeed) =>
    (when === undefined || holds(when, known)) &&
    (paid === undefined || known.isPaid(paid)) &&
    (reached === undefined || known.isReached(reached))
  return needs.filter((need) => !isMet(need)).map(({ say }) => say)
}

/** A claim: promised days until it is handed in, then what is claimed, due once nothing is missing (TSI-107). */
export function decideClaim(
  line: MoneyClaim,
  known: MoneyFacts,
  pence: { promised: number; claimed: number },
): Standing {
  const missing = missingOf(line.due, known)
  const nothing = { account: 'none', pence: 0, missing } as const
  if (!holds(line.from.when, known)) return { ...nothing, note: null }
  if (line.refused && holds(line.refused.when, known)) return { ...nothing, note: line.refused.say }
  if (!holds(line.claimed.when, known)) return { account: 'committed', pence: pence.promised, missing, note: null }
  return { account: missing.length === 0 ? 'due' : 'claimed', pence: pence.claimed, missing, note: null }
}

/** A part of a grant: not due until nothing is missing, and never while it is disputed (TSI-042 to TSI-044). */
export function decidePart(line: MoneyGrant, part: MoneyPart, known: MoneyFacts): Standing {
  const missing = missingOf(part.due, known)
  if (!holds(line.from.when, known)) return { account: 'none', pence: 0, missing, note: null }
  const pence = part.pounds * 100
  if (part.disputed && holds(part.disputed.when, known))
    return { account: 'committed', pence, missing, note: part.disputed.say }
  return { account: missing.length === 0 ? 'due' : 'committed', pence, missing, note: null }
}
