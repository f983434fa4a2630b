import type { Form, Pack } from '../programmes/index.ts'
import { answersOf, type Copy, planAsActivities, type StoredForm } from './form-state.ts'
import type { Signpost } from './signposts.ts'

/** A planned activity, or a programme that the school was told of, with what is to be done and what is to come of it. */
export type PlannedOutcome = {
  readonly key: string
  readonly title: string
  readonly keyAction: string | null
  readonly expected: string | null
}

/** The activities of the plan as it stands, with their key actions and expected outcomes; none where the pack asks for none. */
export function plannedOutcomes(form: Form, stored: StoredForm, pack: Pack): PlannedOutcome[] {
  const outcomes = form.plan?.outcomes
  if (!outcomes) return []
  const rows = answersOf(stored, outcomes.section).rows?.[outcomes.group] ?? {}
  return planAsActivities(form, stored, pack).map(({ key, title }) => ({
    key,
    title,
    keyAction: textOf(rows[key]?.[outcomes.action]),
    expected: textOf(rows[key]?.[outcomes.expected]),
  }))
}

/** Programmes that the school was told of, likewise. */
export function signpostedOutcomes(signposts: readonly Signpost[]): PlannedOutcome[] {
  return signposts
    .filter(({ kind }) => kind === 'signposted')
    .map(({ id, title, details }) => ({
      key: String(id),
      title,
      keyAction: textOf(details['key-action']),
      expected: textOf(details['expected']),
    }))
}

function textOf(value: unknown): string | null {
  return value === undefined || value === '' ? null : String(value)
}

/** One line that names whatever has no expected outcome; none where all have one. It stops nothing (TSI-204). */
export function outcomeWarnings(say: string, outcomes: readonly PlannedOutcome[]): string[] {
  const lacking = outcomes.filter(({ expected }) => expected === null).map(({ title }) => title)
  return lacking.length > 0 ? [`${say}: ${lacking.join('; ')}`] : []
}

/** What is planned, as facts to show beside the result. */
export function outcomeFacts({ keyAction, expected }: PlannedOutcome): Copy[] {
  return [
    ...(keyAction ? [{ title: 'Key action', value: keyAction }] : []),
    ...(expected ? [{ title: 'Expected outcome', value: expected }] : []),
  ]
}
