import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'

/** The answers to "how satisfied are you", best first: the five that services of government ask with. */
export const RATINGS = [
  { value: 'very-satisfied', text: 'Very satisfied' },
  { value: 'satisfied', text: 'Satisfied' },
  { value: 'neither', text: 'Neither satisfied nor dissatisfied' },
  { value: 'dissatisfied', text: 'Dissatisfied' },
  { value: 'very-dissatisfied', text: 'Very dissatisfied' },
] as const

export type Rating = (typeof RATINGS)[number]['value']

/** Counted as a person would: the five emoji that look like one sign are one. */
export const LONGEST_IMPROVEMENT = 1200

export type Feedback = {
  readonly formKey: string
  readonly rating: Rating
  readonly improvement: string
  readonly part: string
}

/** As typed. `formKey` was put into the form when it was shown; another is made for a call without one. */
export type TypedFeedback = {
  readonly formKey: string
  readonly rating: string
  readonly improvement: string
  readonly part: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** An e-mail address, or a number as long as a telephone's: nothing of that kind is kept here. */
const PERSONAL = /\S+@\S+\.\S+|(?:\+44|\b0)(?:[\s-]?\d){9,10}\b/

/** What is kept of a form, or everything that is wrong with it. `newKey` stands in where the form brought none. */
export function readFeedback(typed: TypedFeedback, newKey: string): Decision<Feedback> {
  const improvement = withoutUnprintable(typed.improvement)
  const rating = RATINGS.find(({ value }) => value === typed.rating)?.value
  const refusals: Refusal[] = []
  if (!rating)
    refusals.push({ code: 'rating.missing', message: 'Select how satisfied you are with the service', field: 'rating' })
  if (improvement.length > LONGEST_IMPROVEMENT)
    refusals.push({
      code: 'improvement.too-long',
      message: `What could be better must be ${LONGEST_IMPROVEMENT} characters or fewer`,
      field: 'improvement',
    })
  if (PERSONAL.test(improvement))
    refusals.push({
      code: 'improvement.personal',
      message: 'Take out e-mail addresses and telephone numbers: they are not kept here',
      field: 'improvement',
    })
  if (!rating || refusals.length > 0) return refuse(...refusals)
  const formKey = UUID.test(typed.formKey) ? typed.formKey : newKey
  return accept({ formKey, rating, improvement, part: /^[a-z-]{1,30}$/.test(typed.part) ? typed.part : '' })
}

/** Browsers send lines with \r\n; PostgreSQL cannot keep the sign with the number 0. */
function withoutUnprintable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll('\0', '').trim()
}
