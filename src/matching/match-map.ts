import { type Answer, FAR_MILES } from './answer.ts'
import type { MatchFacts, Place } from './match-facts.ts'

/** An outline of England in its own units; `place` turns National Grid metres into them. */
export type OutlineOfEngland = {
  readonly regions: readonly { readonly name: string; readonly path: string }[]
  readonly place: (place: Place) => { readonly x: number; readonly y: number }
}

export type MapLine = {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly width: number
  readonly far: boolean
}

/** Ready to print as SVG: a window on the outline that holds every dot, with sizes in the units of the window. */
export type MatchMap = {
  readonly viewBox: string
  readonly regions: readonly string[]
  readonly lines: readonly MapLine[]
  readonly schools: readonly { readonly x: number; readonly y: number; readonly met: boolean }[]
  readonly leaders: readonly { readonly x: number; readonly y: number }[]
  readonly dot: number
  readonly words: string
}

const MARGIN = 12
const SMALLEST_WINDOW = 60
/** Of the window's width: what a dot is across on paper and on a screen. */
const DOT_SHARE = 1 / 110

/** Lines from leaders to their schools; far ones are marked, and drawn dashed as well as in another colour. */
export function drawMatchMap(facts: MatchFacts, answer: Answer, outline: OutlineOfEngland): MatchMap | null {
  const needs = new Map(facts.needs.map((need) => [need.id, need]))
  const leaders = new Map(facts.leaders.map((leader) => [leader.id, leader]))
  const at = (place: Place | null | undefined) => (place ? outline.place(place) : undefined)
  const met = new Set(answer.matches.map(({ need }) => need))
  const used = new Set(answer.matches.map(({ leader }) => leader))
  const schoolDots = facts.needs.flatMap((need) => {
    const dot = at(need.school.place)
    return dot ? [{ ...dot, met: met.has(need.id) }] : []
  })
  const leaderDots = facts.leaders.filter(({ id }) => used.has(id)).flatMap(({ place }) => at(place) ?? [])
  const lines = answer.matches.flatMap((match) => {
    const from = at(leaders.get(match.leader)?.place)
    const to = at(needs.get(match.need)?.school.place)
    if (!from || !to) return []
    const width = Math.min(6, 1 + match.days / 4)
    return [{ x1: from.x, y1: from.y, x2: to.x, y2: to.y, width, far: (match.miles ?? 0) > FAR_MILES }]
  })
  const points = [...schoolDots, ...leaderDots]
  if (points.length === 0) return null
  const box = windowAround(points)
  const far = lines.filter((line) => line.far).length
  return {
    viewBox: [box.x, box.y, box.width, box.height].map((one) => one.toFixed(0)).join(' '),
    regions: outline.regions.map(({ path }) => path).filter((path) => reaches(path, box)),
    lines,
    schools: schoolDots,
    leaders: leaderDots,
    dot: Math.round(Math.max(box.width, box.height) * DOT_SHARE * 10) / 10,
    words: `${lines.length} lines from leaders to schools, ${far} of them over ${FAR_MILES} miles; ${schoolDots.filter((dot) => !dot.met).length} schools without a line`,
  }
}

/** Whether an outline's own box meets the window; the others would only make the page longer. */
function reaches(path: string, box: { x: number; y: number; width: number; height: number }): boolean {
  const numbers = (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number)
  const xs = numbers.filter((_, index) => index % 2 === 0)
  const ys = numbers.filter((_, index) => index % 2 === 1)
  const meets = (all: readonly number[], from: number, length: number) =>
    all.some((one) => one >= from) && all.some((one) => one <= from + length)
  return meets(xs, box.x, box.width) && meets(ys, box.y, box.height)
}

function windowAround(points: readonly { x: number; y: number }[]) {
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const width = Math.max(SMALLEST_WINDOW, Math.max(...xs) - Math.min(...xs) + 2 * MARGIN)
  const height = Math.max(SMALLEST_WINDOW, Math.max(...ys) - Math.min(...ys) + 2 * MARGIN)
  const centre = { x: (Math.max(...xs) + Math.min(...xs)) / 2, y: (Math.max(...ys) + Math.min(...ys)) / 2 }
  return { x: centre.x - width / 2, y: centre.y - height / 2, width, height }
}
