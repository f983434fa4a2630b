import type { Anytime, Flow, Step } from '../programmes/index.ts'

/** A letter of a step as the pack names it, in one shape. */
export type StepLetter = {
  readonly letter: string
  readonly when?: string | undefined
  readonly fill?: Readonly<Record<string, string | readonly string[]>> | undefined
}

export function lettersOf({ letters = [] }: Pick<Step | Anytime, 'letters'>): StepLetter[] {
  return letters.map((one) => (typeof one === 'string' ? { letter: one } : one))
}

/** The step or action of a flow that sends a letter; undefined where none does. */
export function findSender(flow: Flow, letter: string): { id: string; step: Step | Anytime } | undefined {
  const all: [string, Step | Anytime][] = [...Object.entries(flow.steps), ...Object.entries(flow.anytime ?? {})]
  const found = all.find(([, step]) => lettersOf(step).some((one) => one.letter === letter))
  return found && { id: found[0], step: found[1] }
}
