/** What became of a recipient's copy. `handed-over`: a mail service took it and has said nothing since. */
export type RecipientState = 'queued' | 'handed-over' | 'delivered' | 'unknown' | 'bounced' | 'given-up'
/** Of a whole message, its worst recipient's; `failing` is queued after a try that failed. */
export type MessageState = RecipientState | 'failing'

type StateWords = { readonly text: string; readonly tag: string; readonly who: string }

/** Each state in words, its colour, and who acts now. */
export const STATE_WORDS: Readonly<Record<MessageState, StateWords>> = {
  queued: { text: 'Waiting to be sent', tag: 'blue', who: 'It leaves by itself' },
  failing: { text: 'Failed, is tried again', tag: 'orange', who: 'It is tried again by itself' },
  'handed-over': { text: 'Handed over', tag: 'turquoise', who: 'The mail service has it' },
  delivered: { text: 'Delivered', tag: 'green', who: 'Nothing is left to do' },
  unknown: { text: 'Not known whether it arrived', tag: 'yellow', who: 'Ask the recipient, or try again' },
  bounced: { text: 'Refused', tag: 'red', who: 'Check the address, then try again or send it another way' },
  'given-up': { text: 'Given up', tag: 'red', who: 'Try again, or send it another way' },
}

export const PERHAPS_TWICE = 'perhaps-twice'

/** Choices of the list's filter. */
export const STATE_CHOICES: readonly { readonly value: string; readonly text: string }[] = [
  ...Object.entries(STATE_WORDS).map(([value, { text }]) => ({ value, text })),
  { value: PERHAPS_TWICE, text: 'May have gone twice' },
]
