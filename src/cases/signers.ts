import type { Step } from '../programmes/index.ts'
import { type Held, isWhile } from '../standings/index.ts'
import type { CaseState } from './case-state.ts'

/** Standings of the case's school today, with their levels from the lowest: for steps that more people sign at some of them. */
export type HeldOf = ReadonlyMap<string, Held & { readonly order: readonly { readonly id: string }[] }>

/** A paper that several parties agree to: the step is opened for each of them, and is done when all have ended theirs. */
export function isSignedByEach(step: Step): boolean {
  return step.kind === 'sign' && step.document !== undefined && step.by !== undefined
}

/** Whoever signs a paper; at some levels more do. */
export function signersOf(step: Step, held: HeldOf): string[] {
  const more = step['by-also']
  const now = held.get(more?.while.standing ?? '')
  const also = more && now && isWhile(now.order, now, more.while) ? more.by : []
  return [...new Set([...(step.by ?? []), ...also])]
}

/** The step as it is for one of its openings: a paper's is that of the party who signs. */
export function stepFor<S extends { readonly owner: Step['owner'] }>(step: S, key: string): S {
  return key !== '' && 'kind' in step && isSigned(step) ? { ...step, owner: key } : step
}

function isSigned(step: object): boolean {
  return 'kind' in step && step.kind === 'sign' && 'document' in step && 'by' in step
}

/** Whether anybody beside the one with this key still has to sign. */
export function othersSign(state: CaseState, step: string, key: string): boolean {
  return state.steps.some((one) => one.step === step && one.key !== key && one.state === 'open')
}

/** Which version of its paper an opening of a step is about: how often the paper was handed in before. */
export function versionAt(
  state: CaseState,
  steps: Readonly<Record<string, Step>>,
  { step, seq }: { step: string; seq: number },
) {
  const document = steps[step]?.document
  return state.steps.filter(
    (one) =>
      one.state === 'done' &&
      one.seq < seq &&
      steps[one.step]?.kind === 'form' &&
      steps[one.step]?.document === document,
  ).length
}
