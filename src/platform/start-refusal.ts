import type { Refusal } from './decision.ts'

/**
 * A reason why the service or a command cannot start, meant for the person who started it: print the message and leave
 * with status 1, without a stack. Anything else that is thrown at start is a bug.
 */
export class StartRefusal extends Error {
  readonly refusal: Refusal

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartRefusal'
    this.refusal = { code, message }
  }
}
