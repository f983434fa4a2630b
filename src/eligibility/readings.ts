import { Judgement } from '../programmes/index.ts'
import type { HistoryEntry } from './history.ts'
import type { Grade } from './register-view.ts'

/** One way in which an uncertain history may have been. `entries[i]` is where the judgement `facts.graded[i]` came from. */
export type Reading = {
  readonly facts: { readonly graded: readonly Judgement[] }
  readonly entries: readonly HistoryEntry[]
}

const GRADES: readonly Grade[] = [1, 2, 3, 4]
/** More uncertain inspections than any school has; older ones beyond are left out, so that the readings stay few. */
const MOST_UNCERTAIN = 4

/**
 * Every way to read a history, newest first. A judgement without an overall grade may have had any grade; an inspection of
 * unknown kind may also have been an ungraded visit, which is no judgement. Nearly all histories have exactly one reading.
 */
export function listReadings(history: readonly HistoryEntry[]): Reading[] {
  const certain = readCertain(history)
  if (certain) return [certain]
  let readings: Reading[] = [{ facts: { graded: [] }, entries: [] }]
  let uncertain = 0
  for (const entry of history) {
    if (entry.grade === undefined && ++uncertain > MOST_UNCERTAIN) continue
    const choices = choicesFor(entry)
    readings = readings.flatMap((reading) => choices.map((grade) => withGrade(reading, entry, grade)))
  }
  return readings
}

function choicesFor(entry: HistoryEntry): (Grade | undefined)[] {
  if (entry.grade !== undefined) return [entry.grade]
  return entry.kind === 'newer_unspecified' ? [undefined, ...GRADES] : [...GRADES]
}

function withGrade(reading: Reading, entry: HistoryEntry, grade: Grade | undefined): Reading {
  if (grade === undefined) return reading
  const graded = [...reading.facts.graded, new Judgement(grade, entry.date)]
  return { facts: { graded }, entries: [...reading.entries, entry] }
}

/** The usual case without detours: a history in which every judgement has its grade. */
function readCertain(history: readonly HistoryEntry[]): Reading | undefined {
  const graded: Judgement[] = []
  for (const { grade, date } of history) {
    if (grade === undefined) return undefined
    graded.push(new Judgement(grade, date))
  }
  return { facts: { graded }, entries: history }
}
