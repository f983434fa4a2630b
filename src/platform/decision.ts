/**
 * A broken rule, told the same way at the page, the API and the command line. `field` names the input to mend. `allowed`: where
 * that input is a choice, the ids that it takes; people read their titles in the message.
 */
export type Refusal = {
  readonly code: string
  readonly message: string
  readonly field?: string
  readonly allowed?: readonly string[]
}

/** What a pure rule answers: something to store, or every reason why not. Refusals are values; bugs are exceptions. */
export type Decision<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: Refusal[] }

export function accept<T>(value: T): Decision<T> {
  return { ok: true, value }
}

export function refuse(...refusals: Refusal[]): Decision<never> {
  return { ok: false, refusals }
}
