import type { Actor } from '../platform/actor.ts'
import type { Refusal } from '../platform/decision.ts'
import type { Pack } from '../programmes/index.ts'
import { inPounds } from './ledger.ts'
import type { Standing } from './standing.ts'

/** A line that somebody wants to pay: how it stands, what is due of it, and what was said when it was asked for. */
export type PaymentFacts = {
  readonly title: string
  readonly standing: Standing
  readonly due: number
  readonly paid: number
  readonly withPayer: number
  /** What to answer where all of it is paid or on its way; null for a claim. */
  readonly full: string | null
  readonly leaderReference: string | null
}

/** Why a line may not be paid now, naming what is missing (TSI-107, TSI-043). None: it may. */
export function paymentRefusal({ title, standing, due, paid, withPayer, full }: PaymentFacts): Refusal | undefined {
  const { account, missing, note } = standing
  if (note) return { code: 'payment.stopped', message: `${title}: ${note}` }
  if (missing.length > 0 && account !== 'none')
    return { code: 'payment.not-due', message: `${title} is not due. Missing: ${missing.join(', ')}` }
  if (due > 0) return undefined
  if (withPayer > 0) return { code: 'payment.on-its-way', message: `${title} is in a payment run already` }
  if (paid > 0 || (full && account !== 'none'))
    return { code: 'payment.full', message: full ? `${title}: ${full}` : `${title} is paid in full: ${inPounds(paid)}` }
  return { code: 'payment.nothing', message: `${title}: there is nothing to pay` }
}

/** An amount is never typed: whoever sends one must send what is due (TSI-042, TSI-141). */
export function amountRefusal(pounds: unknown, due: number, full: string | null): Refusal | undefined {
  if (pounds === undefined || pounds === '') return undefined
  if (Math.round(Number(pounds) * 100) === due) return undefined
  const message = full ?? `The amount is worked out: ${inPounds(due)} is due, not £${String(pounds)}`
  return { code: full ? 'grant.amount' : 'amount.mismatch', message, field: 'amount' }
}

/** Nobody pays himself, whichever of the two he is. */
export function ownMoneyRefusal(
  { hats }: Pick<Actor, 'hats'>,
  leaders: readonly (string | null)[],
): Refusal | undefined {
  const own = hats.filter(({ scopeKind }) => scopeKind === 'leader').flatMap(({ scopeValues }) => scopeValues)
  const found = leaders.find((leader) => leader !== null && own.includes(leader))
  if (!found) return undefined
  return { code: 'payment.own', message: 'This pays yourself: somebody else must do it' }
}

/** A run is released by another person than the one who prepared it; `payers` are the titles of the roles that may. */
export function releaseRefusal(
  run: { status: string; reference: string; preparedById: number | null; preparedBy: string },
  by: Pick<Actor, 'personId'>,
  payers: readonly string[],
): Refusal | undefined {
  if (run.status !== 'prepared')
    return { code: 'run.moved-on', message: `Payment run ${run.reference} is ${run.status} already` }
  if (by.personId === null || by.personId === run.preparedById)
    return {
      code: 'run.same-person',
      message: `${run.preparedBy} prepared this run: somebody else releases it, as ${inWords(payers)}`,
    }
  return undefined
}

/** Titles of the roles of a programme that may release a run. */
export function payersOf({ roles }: Pick<Pack, 'roles'>): string[] {
  return Object.values(roles).flatMap(({ title, may }) => (may?.includes('pay') ? [title] : []))
}

function inWords(titles: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(titles)
}
