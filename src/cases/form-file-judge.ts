import type { Refusal } from '../platform/decision.ts'
import type { FormSection } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import { type FormDesk, groupRowsOf } from './form-desk.ts'
import { answersFromFlat } from './form-file-questions.ts'
import type { FileChange } from './form-file-read.ts'
import { shownAnswers } from './form-file-write.ts'
import { judgeSection } from './form-section.ts'
import { claimGiven, flatAnswers, type SectionAnswers } from './form-state.ts'

/** A change that a file asks for, by the key of its question within the section. Empty text takes the answer away. */
export type Candidate = {
  readonly key: string
  readonly value: string | readonly string[]
  readonly change: FileChange
}
type Bad = { readonly candidate: Candidate; readonly code: string; readonly reason: string }
export type SortedOut = {
  readonly good: readonly Candidate[]
  readonly bad: readonly Bad[]
  /** Keys of answers that go with the good ones, because they are no longer asked. */
  readonly follow: readonly string[]
}

/**
 * Parts what can be taken from what the rules of the section refuse, each with its reason. What is refused goes out and the rest is
 * judged again, so that one bad answer holds up no good one.
 */
export function sortOut(desk: FormDesk, section: FormSection, candidates: readonly Candidate[]): SortedOut {
  const bad: Bad[] = []
  let good = [...candidates]
  while (good.length > 0) {
    const merged = mergeChanges(desk, section, new Map(good.map(({ key, value }) => [key, value])))
    const judged = judgeSection(section, merged.answers, {
      facts: desk.facts,
      groupRows: groupRowsOf(desk, section),
      today: desk.today,
      given: claimGiven(desk.claim),
    })
    const kept = flatAnswers(judged.answers)
    const out = [...refusedOf(good, judged.invalid, merged.oldKey), ...notAsked(good, kept, merged.newKey)]
    if (out.length === 0) return { good, bad, follow: followOf(desk, section, { good, merged, kept }) }
    bad.push(...out)
    const gone = new Set(out.map(({ candidate }) => candidate))
    good = good.filter((one) => !gone.has(one))
  }
  return { good, bad, follow: [] }
}

/** Those whose field a rule names; a rule that names none of them stops the section's changes altogether. */
function refusedOf(good: readonly Candidate[], invalid: readonly Refusal[], oldKey: (key: string) => string): Bad[] {
  const named = invalid.flatMap(({ code, message, field = '' }) =>
    good.filter(({ key }) => key === oldKey(field)).map((candidate) => ({ candidate, code, reason: message })),
  )
  if (named.length > 0)
    return named.filter(({ candidate }, at) => named.findIndex((one) => one.candidate === candidate) === at)
  return invalid
    .slice(0, 1)
    .flatMap(({ code, message }) => good.map((candidate) => ({ candidate, code, reason: message })))
}

function notAsked(good: readonly Candidate[], kept: Answers, newKey: (key: string) => string): Bad[] {
  return good
    .filter(({ key, value }) => value.length > 0 && kept[newKey(key)] === undefined)
    .map((candidate) => ({
      candidate,
      code: 'question.not-asked',
      reason: 'Not asked with the other answers of this section, so it is not kept',
    }))
}

type Merged = ReturnType<typeof mergeChanges>

function followOf(
  desk: FormDesk,
  section: FormSection,
  { good, merged, kept }: { good: readonly Candidate[]; merged: Merged; kept: Answers },
): string[] {
  const changed = new Set(good.map(({ key }) => key))
  return Object.entries(flatAnswers(shownAnswers(desk, section)))
    .filter(([key, value]) => value.length > 0 && !changed.has(key) && kept[merged.newKey(key)] === undefined)
    .map(([key]) => key)
}

/** The section as it is with changes by key. Rows of one's own making are counted anew; the two functions name both countings. */
export function mergeChanges(
  desk: FormDesk,
  section: FormSection,
  changes: ReadonlyMap<string, string | readonly string[]>,
) {
  const flat = { ...flatAnswers(shownAnswers(desk, section)), ...Object.fromEntries(changes) }
  const held = Object.fromEntries(Object.entries(flat).filter(([, value]) => value.length > 0))
  const { fields, rows } = answersFromFlat(held)
  const there = new Map<string, string>()
  const counted = Object.entries(rows).map(([name, list]) => {
    if (section.groups?.[name]?.rows !== 'free') return [name, list] as const
    const keys = Object.keys(list).sort((a, b) => Number(a) - Number(b))
    for (const [at, key] of keys.entries()) there.set(`${name}.${key}`, `${name}.${at + 1}`)
    return [name, Object.fromEntries(keys.map((key, at) => [String(at + 1), list[key] ?? {}]))] as const
  })
  const back = new Map([...there].map(([from, to]) => [to, from]))
  const answers: SectionAnswers = { fields, rows: Object.fromEntries(counted) }
  return { answers, newKey: (key: string) => moveKey(key, there), oldKey: (key: string) => moveKey(key, back) }
}

function moveKey(key: string, rows: ReadonlyMap<string, string>): string {
  const [group = '', row, ...rest] = key.split('.')
  const moved = rows.get(`${group}.${row}`)
  return moved === undefined ? key : [moved, ...rest].join('.')
}
