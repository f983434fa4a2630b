import { longDate } from '../platform/words.ts'
import type { HistoryEntry } from './history.ts'
import type { Grade } from './register-view.ts'

const GRADE_IN_WORDS: { readonly [grade in Grade]: string } = {
  1: 'Outstanding',
  2: 'Good',
  3: 'Requires improvement',
  4: 'Inadequate',
}

/** Stands beside every answer: after February 2020 some inspections are missing in the open data. */
export const ON_THE_DATA_HELD = 'on the data held'

export function gradeInWords(grade: Grade): string {
  return GRADE_IN_WORDS[grade]
}

/** "Good on 5 October 2021, Requires improvement on 10 October 2023", oldest first; equal grades share their word. */
export function listJudgements(newestFirst: readonly HistoryEntry[]): string {
  const groups: { grade: string; dates: string[] }[] = []
  for (const entry of [...newestFirst].reverse()) {
    const grade = nameOf(entry)
    const last = groups.at(-1)
    if (last?.grade === grade) last.dates.push(dated(entry))
    else groups.push({ grade, dates: [dated(entry)] })
  }
  return groups.map(({ grade, dates }) => `${grade} on ${joined(dates)}`).join(', ')
}

function nameOf(entry: HistoryEntry): string {
  if (entry.grade !== undefined) return gradeInWords(entry.grade)
  if (entry.kind === 'report_card') return 'Report card'
  return entry.kind === 'newer_unspecified' ? 'Inspection of unknown kind' : 'Judged without an overall grade'
}

function dated(entry: HistoryEntry): string {
  const filed = entry.filedUnder === entry.judgedAt ? '' : `, filed under URN ${entry.filedUnder}`
  const notes = [entry.basis === 'own' ? '' : `URN ${entry.judgedAt}${filed}`, entry.corrected ?? ''].filter(Boolean)
  return notes.length > 0 ? `${longDate(entry.date)} (${notes.join('; ')})` : longDate(entry.date)
}

/** Why the data held gives no answer, naming each inspection whose grade is not known. */
export function sayUncertain(history: readonly HistoryEntry[]): string {
  const uncertain = history.filter((entry) => entry.grade === undefined)
  if (uncertain.length === 0) return 'Cannot be told from the data held.'
  return `Cannot be told from the data held: the grade is not known (${listJudgements(uncertain)}).`
}

function joined(parts: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(parts)
}
