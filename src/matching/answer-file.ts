import type { TableColumn, TableRow } from '../platform/web/table-file.ts'
import type { Workbench } from './present-workbench.ts'

/** Said on the page, on paper and in every file of an exercise (design, section 5). */
export const EXERCISE_LABEL =
  'Exercise over real schools: no areas of need or concerns are used, leaders are invented, nothing can be confirmed'

/** The columns of an exported answer. In an exercise every row carries the label, so that no part of the file loses it. */
export function answerColumns(exercise: boolean): TableColumn[] {
  const columns: TableColumn[] = [
    { key: 'priority', head: 'Priority', width: 10 },
    { key: 'urn', head: 'URN', width: 10 },
    { key: 'school', head: 'School', width: 40 },
    { key: 'phase', head: 'Phase' },
    { key: 'authority', head: 'Authority' },
    { key: 'days', head: 'Days', width: 8 },
    { key: 'leader', head: 'Leader' },
    { key: 'score', head: 'Score', width: 10 },
    { key: 'miles', head: 'Miles', width: 10 },
    { key: 'locked', head: 'Locked', width: 10 },
    { key: 'unlock', head: 'What would unlock it', width: 60 },
  ]
  return exercise ? [{ key: 'label', head: 'Exercise', width: 60 }, ...columns] : columns
}

export function answerRows(bench: Workbench): TableRow[] {
  const { answer, exercise } = bench
  if (!answer) return []
  const label = exercise ? EXERCISE_LABEL : null
  const met = answer.rows.map((row) => ({
    ...plain(row),
    label,
    leader: row.label,
    score: Number(row.score),
    miles: row.miles === '–' ? null : Number(row.miles),
    locked: row.locked ? 'yes' : 'no',
  }))
  const unmet = answer.unmet.map((row) => ({
    ...plain(row),
    label,
    leader: 'unmatched',
    unlock: row.unlocks.join('; '),
  }))
  return [...met, ...unmet]
}

function plain({
  priority,
  urn,
  school,
  phase,
  authority,
  days,
}: {
  priority: number
  urn: number | null
  school: string
  phase: string
  authority: string
  days: number
}) {
  return { priority, urn, school, phase, authority, days }
}
