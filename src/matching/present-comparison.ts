import { FAR_MILES, type Totals } from './answer.ts'
import type { Change } from './compare-scenarios.ts'

type Compared = {
  readonly id: number
  readonly otherId: number
  readonly name: string
  readonly other: string
  readonly exercise: boolean
  readonly sameScale: boolean
  readonly before: Totals
  readonly after: Totals
  readonly changes: readonly Change[]
}

/** Two scenarios as rows of numbers side by side, and the schools that are served otherwise. */
export function presentComparison({ before, after, ...compared }: Compared) {
  const row = (title: string, of: (totals: Totals) => number | null, digits = 0, note = '') => {
    const [theirs, ours] = [of(before), of(after)]
    const difference = theirs === null || ours === null ? null : ours - theirs
    return {
      title,
      note,
      other: theirs?.toFixed(digits) ?? 'none',
      own: ours?.toFixed(digits) ?? 'none',
      difference: difference === null ? '' : signed(difference, digits),
    }
  }
  const points = compared.sameScale ? '' : 'The weights differ, so these points are on different scales'
  return {
    ...compared,
    changes: compared.changes.map(({ words }) => words),
    rows: [
      row('Schools met', ({ met }) => met),
      row('Priority met', ({ priorityMet }) => priorityMet),
      row('Score', ({ score }) => score, 2, points),
      row('Miles, one way', ({ milesTotal }) => milesTotal),
      row('Miles on average', ({ milesMean }) => milesMean, 1),
      row(`Over ${FAR_MILES} miles`, ({ far }) => far),
      row('Out of region', ({ outOfRegion }) => outOfRegion),
      row('Leaders used', ({ leadersUsed }) => leadersUsed),
      row('Days of the busiest leader', ({ daysMost }) => daysMost, 1),
      row('Days on average', ({ daysMean }) => daysMean, 1),
    ],
  }
}

function signed(difference: number, digits: number): string {
  const rounded = difference.toFixed(digits)
  if (Number(rounded) === 0) return '±0'
  return difference > 0 ? `+${rounded}` : rounded.replace('-', '−')
}
