import { accept, type Decision, refuse } from '../platform/decision.ts'

/** Wrong addresses after which a link ends: enough for slips, too few for guessing. */
export const MOST_WRONG_TRIES = 5

/** What a link for one person is judged by. Days are ISO dates; both count. */
export type LinkFacts = {
  readonly today: string
  readonly lastDay: string
  /** A token was made for it: its letter was handed over. */
  readonly isSent: boolean
  readonly isUsed: boolean
  readonly endedBecause: 'revoked' | 'replaced' | 'wrong-address' | null
  /** What its record asked of the person still waits for them. */
  readonly isAsked: boolean
  /** The person still holds the role, at the address that it was sent to. */
  readonly holdsRole: boolean
  readonly sameAddress: boolean
  /** The address that it was sent to. */
  readonly email: string
}

export type LinkState = 'waiting' | 'sent' | 'used' | 'ended' | 'revoked'

/** How a link stands, and why it does not work where it does not. */
export function stateOfLink(facts: Omit<LinkFacts, 'email'>): { readonly state: LinkState; readonly why: string } {
  const ended = (why: string) => ({ state: 'ended', why }) as const
  if (facts.endedBecause === 'revoked') return { state: 'revoked', why: 'Revoked' }
  if (facts.isUsed) return { state: 'used', why: 'Its reader opened it' }
  if (facts.endedBecause === 'replaced') return ended('A newer link took its place')
  if (facts.endedBecause === 'wrong-address') return ended(`A wrong address was entered ${MOST_WRONG_TRIES} times`)
  if (facts.today > facts.lastDay) return ended('Its last day has passed')
  if (!facts.isAsked) return ended('What it was sent for does not wait any more')
  if (!facts.holdsRole) return ended('The role ended')
  if (!facts.sameAddress) return ended('The e-mail address changed')
  return facts.isSent ? { state: 'sent', why: '' } : { state: 'waiting', why: 'Its letter leaves by itself' }
}

/** Told of every link that does not work, and of one that never was: nothing says which. */
export const LINK_GONE = {
  code: 'link.gone',
  message: 'This link does not work. Ask whoever wrote to you for a new one',
}

/** Told of whatever is entered and is not the address: empty, no address, or another's. */
export const LINK_ADDRESS = {
  code: 'link.address',
  field: 'email',
  message: 'Enter the e-mail address that the letter with this link was sent to',
}

/** Whether a link opens for whoever enters an address. Refusals `link.gone` and `link.address`, each always in the same words. */
export function decideOpening(facts: LinkFacts, typed: string): Decision<void> {
  if (stateOfLink(facts).state !== 'sent') return refuse(LINK_GONE)
  return typed.trim().toLowerCase() === facts.email.toLowerCase() ? accept(undefined) : refuse(LINK_ADDRESS)
}
