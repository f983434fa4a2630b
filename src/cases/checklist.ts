import { longDate } from '../platform/words.ts'
import type { CaseFacts, Checklist, Work } from '../programmes/index.ts'
import { judgeCondition } from '../programmes/index.ts'
import { type CheckAnswers, isComplete, missingOf } from './checklist-store.ts'
import { warningsOf } from './decide-step.ts'

export type ListFacts = (entered: Readonly<Record<string, string | readonly string[]>>) => CaseFacts

/** Where a yearly duty stands: due later, past its day, or done (TSI-159). */
export type Yearly = { readonly state: 'due' | 'overdue' | 'met'; readonly day: string; readonly words: string }

/** A list of the pack as it stands for a case. */
export type ListNow = {
  readonly id: string
  readonly title: string
  readonly help: string | null
  readonly by: readonly string[]
  readonly complete: boolean
  readonly missing: readonly string[]
  readonly items: readonly ItemNow[]
  readonly warnings: readonly string[]
  readonly guidance: readonly string[]
  readonly resources: readonly ResourceNow[]
  readonly yearly: Yearly | null
  /** The section of the form into which its notes can be carried over. */
  readonly carries: string | null
}

export type ItemNow = {
  readonly id: string
  readonly title: string
  readonly value: string
  readonly valueTitle: string | null
  readonly note: string | null
  readonly by: string | null
  readonly on: string | null
  /** A strategy that the answer leads to: offered for taking over, or made. */
  readonly action: 'offered' | 'made' | null
}

export type ResourceNow = {
  readonly id: string
  readonly title: string
  readonly kind: string
  readonly audience: string
  readonly status: string | null
  readonly link: string | null
}

/** The lists that are for this case, in the order of the pack, as they stand on a day. */
export function listsOf({
  work,
  answers,
  facts,
  today,
  year,
}: {
  work: Work
  answers: ReadonlyMap<string, CheckAnswers>
  facts: ListFacts
  today: string
  year: { from: string; to: string }
}): ListNow[] {
  return Object.entries(work.checklists)
    .filter(([, list]) => !list.when || judgeCondition(list.when, facts({})) === 'met')
    .map(([id, list]) => listOf(id, list, { work, answers: answers.get(id) ?? new Map(), facts, today, year }))
}

function listOf(
  id: string,
  list: Checklist,
  {
    work,
    answers,
    facts,
    today,
    year,
  }: {
    work: Work
    answers: CheckAnswers
    facts: ListFacts
    today: string
    year: { from: string; to: string }
  },
): ListNow {
  const entered = valuesOf(answers)
  const seen = facts(entered)
  return {
    id,
    title: list.title,
    help: list.help ?? null,
    by: list.by,
    complete: isComplete(list, answers),
    missing: missingOf(list, answers),
    items: [...itemsOf(list, answers), ...fieldsOf(list, answers)],
    warnings: warningsOf(seen, list.checks ?? []),
    guidance: (list.guidance ?? []).filter(({ when }) => judgeCondition(when, seen) === 'met').map(({ say }) => say),
    resources: (list.resources ?? [])
      .filter((one) => !list.hides?.[one] || judgeCondition(list.hides[one] ?? 'false', seen) !== 'met')
      .map((one) => resourceOf(work, one)),
    carries: list.carries?.section ?? null,
    yearly: list.yearly ? yearlyOf(list.yearly, answers, { today, year }) : null,
  }
}

export function resourceOf({ resources }: Work, id: string): ResourceNow {
  const found = resources[id]
  return {
    id,
    title: found?.title ?? id,
    kind: found?.kind ?? '',
    audience: found?.audience ?? '',
    status: found?.status ?? null,
    link: found?.link ?? null,
  }
}

export function valuesOf(answers: CheckAnswers): Record<string, string | readonly string[]> {
  return Object.fromEntries([...answers].map(([item, { value }]) => [item, value]))
}

function itemsOf({ items = [], states = [] }: Checklist, answers: CheckAnswers): ItemNow[] {
  return items.map(({ id, title }) => {
    const answer = answers.get(id)
    const state = states.find((one) => one.id === answer?.value)
    return { ...base(id, title, answer), valueTitle: state?.title ?? null, action: state?.action ?? null }
  })
}

function fieldsOf({ fields = {} }: Checklist, answers: CheckAnswers): ItemNow[] {
  return Object.entries(fields).map(([id, field]) => {
    const answer = answers.get(id)
    const chosen = answer?.value
      .split(', ')
      .map((one) => field.options?.find((option) => option.id === one)?.title ?? one)
    return { ...base(id, field.title, answer), valueTitle: chosen?.join(', ') ?? null, action: null }
  })
}

function base(id: string, title: string, answer: ReturnType<CheckAnswers['get']>) {
  return {
    id,
    title,
    value: answer?.value ?? '',
    note: answer?.note ?? null,
    by: answer?.by ?? null,
    on: answer?.on ?? null,
  }
}

/** The day of the duty in the academic year; past it without what meets it, it is overdue. It never bars anything. */
export function yearlyOf(
  { day, 'met-by': metBy }: NonNullable<Checklist['yearly']>,
  answers: CheckAnswers,
  { today, year }: { today: string; year: { from: string; to: string } },
): Yearly {
  const first = `${year.from.slice(0, 4)}-${day}`
  const due = first >= year.from ? first : `${year.to.slice(0, 4)}-${day}`
  const met = answers.get(metBy)?.value ?? ''
  if (met) return { state: 'met', day: due, words: `met: published ${longDate(met)}` }
  return today > due
    ? { state: 'overdue', day: due, words: `overdue since ${longDate(due)}` }
    : { state: 'due', day: due, words: `due ${longDate(due)}` }
}
