import type { ListQuery } from '../platform/web/list.ts'
import type { JudgedRegister, JudgedSchool } from './judge-register.ts'
import { summaryOf } from './judged-summary.ts'

/** Columns that the list sorts by; the first is the default. */
export const SORTS = ['name', 'urn', 'authority', 'region', 'phase', 'latest'] as const

/** Filters of the list. `row`: a criterion that is met; `show`: 'eligible' (default), 'cannot-tell' or 'all'. */
export const FILTERS = ['q', 'region', 'authority', 'phase', 'row', 'show', 'trust'] as const

/** The schools of an answer that a list asks for, in its order: all pages of them. */
export function chooseSchools(judged: JudgedRegister, asked: ListQuery): JudgedSchool[] {
  const { q, region, authority, phase, row, show, trust } = asked.filters
  const words = q?.toLowerCase()
  const chosen = shownOf(judged, show).filter(
    ({ school, evaluation }) =>
      (!region || school.region === region) &&
      (!authority || school.authorityCode === authority) &&
      (!phase || school.phase === phase) &&
      (!trust || school.trustUid === trust) &&
      (!row || evaluation.rows.some((one) => one.id === row && one.result === 'met')) &&
      (!words || school.name.toLowerCase().includes(words) || String(school.urn) === words),
  )
  const sign = asked.direction === 'desc' ? -1 : 1
  return chosen.sort(
    (a, b) => sign * compareTexts(sortKey(a, asked.sort), sortKey(b, asked.sort)) || a.school.urn - b.school.urn,
  )
}

function shownOf(judged: JudgedRegister, show: string | undefined): readonly JudgedSchool[] {
  if (show === 'all') return judged.schools
  return show === 'cannot-tell' ? summaryOf(judged).cannotTell : summaryOf(judged).eligible
}

function sortKey({ school, evaluation }: JudgedSchool, sort: string): string {
  switch (sort) {
    case 'urn':
      return String(school.urn)
    case 'authority':
      return school.authority ?? ''
    case 'region':
      return school.region ?? ''
    case 'phase':
      return school.phase ?? ''
    case 'latest':
      return latestJudgement(evaluation.rows) ?? ''
    default:
      return school.name
  }
}

/** The newest judgement that a met criterion rests on, as an ISO date. */
export function latestJudgement(rows: JudgedSchool['evaluation']['rows']): string | undefined {
  const dates = rows.flatMap((row) => (row.result === 'met' ? row.judgements.map((judgement) => judgement.date) : []))
  return dates.sort().at(-1)
}

const order = new Intl.Collator('en-GB')
function compareTexts(a: string, b: string): number {
  return order.compare(a, b)
}

/** How many of some schools fall into each value of a fact, most first; without the fact counts as "Not held". */
export function countBy(
  schools: readonly JudgedSchool[],
  fact: (one: JudgedSchool) => string | null,
): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const one of schools) {
    const name = fact(one) ?? 'Not held'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || compareTexts(a.name, b.name))
}
