import type { Decision } from '../platform/decision.ts'
import type { ComposedMessage, RecipientChoice } from './compose.ts'
import { type LetterBlock, letterBlocks } from './letter-text.ts'
import type { ProposedRecipient } from './recipients.ts'

/** A letter before it goes, as the macro `letterDraft` of `messages/letter.njk` prints it. */
export type PresentedDraft = {
  readonly subject: string
  readonly blocks: readonly LetterBlock[]
  readonly recipients: readonly {
    readonly part: string
    readonly people: readonly { readonly name: string; readonly email: string }[]
    readonly because: string
  }[]
  /** Copies that the sender may tick; the form sends their values under `copy`. */
  readonly offered: readonly {
    readonly value: string
    readonly text: string
    readonly hint: string
    readonly checked: boolean
  }[]
  /** Why it cannot go, in words. */
  readonly faults: readonly string[]
}

/** What is shown before sending: who gets it and why, the copies on offer, and the words, or what keeps it from going. */
export function presentDraft(
  recipients: readonly ProposedRecipient[],
  { ticked = [] }: RecipientChoice,
  composed: Decision<ComposedMessage>,
): PresentedDraft {
  const demanded = recipients.filter(({ offered }) => !offered)
  return {
    subject: composed.ok ? composed.value.subject : '',
    blocks: composed.ok ? letterBlocks(composed.value.body) : [],
    recipients: demanded.map(({ part, holders, because }) => ({
      part: part === 'to' ? 'To' : 'Copy',
      people: holders.map(({ name, email }) => ({ name, email })),
      because,
    })),
    offered: recipients
      .filter(({ offered }) => offered)
      .map(({ id, holders, because }) => ({
        value: id,
        text: holders.map(({ name }) => name).join(', '),
        hint: because,
        checked: ticked.includes(id),
      })),
    faults: composed.ok ? [] : composed.refusals.map(({ message }) => message),
  }
}
