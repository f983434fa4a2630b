import { countOf } from '../platform/words.ts'
import { type Answer, type Match, type Totals, totalsOf } from './answer.ts'
import { milesInWords, sumPoints } from './score.ts'

/** Names for the sentences. Ids that an earlier answer used and nobody knows any more are shown as they are. */
export type Names = { readonly need: (id: string) => string; readonly leader: (id: string) => string }

/** One school that is served otherwise in `after`. Null: unmatched. Miles and points: after less before. */
export type Change = {
  readonly need: string
  readonly from: string | null
  readonly to: string | null
  readonly miles: number | null
  readonly points: number
  readonly words: string
}

export type Comparison = {
  readonly before: Totals
  readonly after: Totals
  readonly changes: readonly Change[]
  /** The whole in one sentence, such as "2 schools change: …; total −3.1". */
  readonly words: string
}

/** How many changes a sentence names before it counts the rest. */
const NAMED_CHANGES = 3

/**
 * What changed between two answers. `because` is the decision in between ("Locking Leader 4 to Elm School"), empty
 * between two scenarios. `sameScale` is false when weights differ: then points are no measure, and no total is given.
 */
export function compareAnswers(
  before: Answer,
  after: Answer,
  names: Names,
  { because = '', sameScale = true }: { because?: string; sameScale?: boolean } = {},
): Comparison {
  const changes = changesBetween(before, after, names)
  return {
    before: totalsOf(before),
    after: totalsOf(after),
    changes,
    words: sentence(changes, because, sameScale ? sumPoints([after.score, -before.score]) : null),
  }
}

function changesBetween(before: Answer, after: Answer, names: Names): Change[] {
  const earlier = new Map(before.matches.map((match) => [match.need, match]))
  const later = new Map(after.matches.map((match) => [match.need, match]))
  const needs = new Set([...earlier.keys(), ...later.keys()])
  return [...needs].flatMap((need) => {
    const [from, to] = [earlier.get(need), later.get(need)]
    return from?.leader === to?.leader ? [] : [changeOf(need, from, to, names)]
  })
}

function changeOf(need: string, from: Match | undefined, to: Match | undefined, names: Names): Change {
  const miles = from && to && from.miles !== null && to.miles !== null ? to.miles - from.miles : null
  return {
    need,
    from: from?.leader ?? null,
    to: to?.leader ?? null,
    miles,
    points: sumPoints([to?.score ?? 0, -(from?.score ?? 0)]),
    words: changeInWords(names.need(need), from && names.leader(from.leader), to && names.leader(to.leader), miles),
  }
}

function changeInWords(school: string, from: string | undefined, to: string | undefined, miles: number | null): string {
  if (!from) return `${school} gets ${to}`
  if (!to) return `${school} loses ${from} and is unmatched`
  return `${school} moves from ${from} to ${to}${travelInWords(miles)}`
}

function travelInWords(miles: number | null): string {
  if (miles === null || Math.abs(miles) < 0.5) return ''
  return `, ${milesInWords(Math.abs(miles))} ${miles > 0 ? 'further' : 'nearer'}`
}

function sentence(changes: readonly Change[], because: string, points: number | null): string {
  const start = because ? `${because}: ` : ''
  if (changes.length === 0) {
    const rest = points ? `; total ${signedPoints(points)}` : ''
    return upperFirst(`${start}no school changes its leader${rest}.`)
  }
  const named = changes.slice(0, NAMED_CHANGES).map(({ words }) => words)
  const more = changes.length - named.length
  if (more > 0) named.push(`${countOf(more, 'more school')} ${more === 1 ? 'changes' : 'change'}`)
  const total = points === null ? 'totals are on different scales' : `total ${signedPoints(points)}`
  return upperFirst(`${start}${named.join('; ')}; ${total}.`)
}

/** "+3.10", "−0.05", "±0". */
function signedPoints(points: number): string {
  if (points === 0) return '±0'
  return `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(2)}`
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
