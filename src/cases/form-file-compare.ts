import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Refusal } from '../platform/decision.ts'
import { plainText } from '../platform/web/workbook-file.ts'
import { longDate } from '../platform/words.ts'
import type { FormField, FormSection } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import { type FormDesk, placeOfSection, sectionOf } from './form-desk.ts'
import { answerOfCell, sameAnswer } from './form-file-cells.ts'
import { type Candidate, sortOut } from './form-file-judge.ts'
import { findQuestion, fixedFacts } from './form-file-questions.ts'
import type { FileCell, FileChange, FileContent, NamedAnswer } from './form-file-read.ts'
import { fileVersions, isInFile, shownAnswers } from './form-file-write.ts'
import { stoppedBy } from './form-save.ts'
import { findSection, flatAnswers } from './form-state.ts'
import { findSectionVersion } from './form-store.ts'
import { answerInWords } from './present-fields.ts'
import { blankAnswers } from './present-form.ts'

export type FileFault = NamedAnswer & { readonly file: string; readonly code: string; readonly reason: string }
/** Changed at the service since the file was made; the file still says what it was then, so it stays as it is now. */
export type MovedAnswer = NamedAnswer & { readonly was: string; readonly now: string }

export type FileComparison = {
  readonly changes: readonly FileChange[]
  readonly faults: readonly FileFault[]
  readonly moved: readonly MovedAnswer[]
  /** Answers that go with the changes, because they are no longer asked. */
  readonly follow: readonly { readonly section: string; readonly question: string; readonly now: string }[]
  readonly unchanged: number
  /** Versions of the sections that this was compared with, to notice that the form moved on before it is taken. */
  readonly seen: string
  /** The values of the changes by id, for taking them. */
  readonly values: ReadonlyMap<string, string | readonly string[]>
}

type Sorted = {
  changes: FileChange[]
  faults: FileFault[]
  moved: MovedAnswer[]
  follow: { section: string; question: string; now: string }[]
  unchanged: number
  values: Map<string, string | readonly string[]>
}
type Compared = { readonly desk: FormDesk; readonly by: Actor; readonly content: FileContent }

/** Compares a file with the form as it is now and as it was when the file was made. Changes nothing. */
export async function compareFile(db: Db, { desk, by, content }: Compared): Promise<FileComparison> {
  const sorted: Sorted = { changes: [], faults: [], moved: [], follow: [], unchanged: 0, values: new Map() }
  const named = new Set(content.cells.map(({ section }) => section))
  for (const id of named) {
    const cells = content.cells.filter((one) => one.section === id)
    const section = sectionOf(desk, id)
    if (!section || section.kind === 'secret') for (const cell of cells) sorted.faults.push(unknownFault(cell))
    else if (section.kind === 'copies') compareFixed({ desk, by, content }, section, cells, sorted)
    else if (isInFile(section)) await compareSection(db, { desk, by, content }, section, cells, sorted)
  }
  return { ...sorted, seen: seenOf(desk) }
}

/** The versions of the sections in one line. */
export function seenOf(desk: FormDesk): string {
  return Object.entries(fileVersions(desk))
    .map(([id, version]) => `${id}=${version}`)
    .join(' ')
}

function unknownFault(cell: FileCell): FileFault {
  return {
    ...named(cell, { section: cell.section, question: cell.key }),
    file: wordsOfCell(cell),
    code: 'question.unknown',
    reason: 'The form has no such question, or no longer',
  }
}

function named({ section: id, key, sheet, row }: FileCell, words: { section: string; question: string }): NamedAnswer {
  return { id: `${id}/${key}`, ...words, sheet, row }
}

function wordsOfCell({ cell }: FileCell): string {
  return cell === null ? NOTHING : String(cell)
}

const NOTHING = 'No answer'

function compareFixed({ desk, by }: Compared, section: FormSection, cells: readonly FileCell[], sorted: Sorted): void {
  const facts = new Map(fixedFacts(desk, section).map((one) => [one.key, one]))
  const refusal = stoppedBy(desk, section, { by, version: null })
  for (const cell of cells) {
    const fact = facts.get(cell.key)
    if (fact && plainText(fact.value) === plainText(String(cell.cell ?? ''))) sorted.unchanged += 1
    else
      sorted.faults.push({
        ...named(cell, { section: titleOf(section), question: fact?.title ?? cell.key }),
        file: wordsOfCell(cell),
        code: refusal?.code ?? 'not-responsible',
        reason: refusal?.message ?? 'Nobody fills it',
      })
  }
}

function titleOf({ number, title }: FormSection): string {
  return `${number}. ${title}`
}

async function compareSection(
  db: Db,
  compared: Compared,
  section: FormSection,
  cells: readonly FileCell[],
  sorted: Sorted,
): Promise<void> {
  const { desk, by } = compared
  const base = flatAnswers(await baseAnswers(db, compared, section))
  const now = flatAnswers(shownAnswers(desk, section))
  const stopped = stoppedBy(desk, section, { by, version: null })
  const candidates: Candidate[] = []
  const seen = new Map<string, FileCell>()
  for (const cell of cells) {
    const first = seen.get(cell.key)
    if (first && first.cell === cell.cell) continue
    seen.set(cell.key, cell)
    const found = first ? twice(section, cell) : sortCell({ desk, section, cell, base, now, stopped })
    if ('candidate' in found) candidates.push(found.candidate)
    else addFound(sorted, found)
  }
  addJudged(desk, section, candidates, sorted)
}

function addFound(sorted: Sorted, found: Exclude<Found, { candidate: Candidate }>): void {
  if ('fault' in found) sorted.faults.push(found.fault)
  else if ('moved' in found) sorted.moved.push(found.moved)
  else sorted.unchanged += 1
}

/** What the rules of the section let through, what they refuse, and what goes with it. */
function addJudged(desk: FormDesk, section: FormSection, candidates: readonly Candidate[], sorted: Sorted): void {
  const now = flatAnswers(shownAnswers(desk, section))
  const { good, bad, follow } = sortOut(desk, section, candidates)
  for (const { candidate, code, reason } of bad) sorted.faults.push(faultOf(candidate.change, { code, reason }))
  for (const { change, value } of good) {
    sorted.changes.push(change)
    sorted.values.set(change.id, value)
  }
  for (const key of follow) {
    const question = findQuestion(desk, section, key)
    sorted.follow.push({
      section: titleOf(section),
      question: question ? questionWords(question) : key,
      now: answerWords(question?.field, now[key]),
    })
  }
}

function faultOf({ now: _now, meanwhile: _meanwhile, ...change }: FileChange, why: { code: string; reason: string }) {
  return { ...change, ...why }
}

/** What the section held when the file was made. */
async function baseAnswers(db: Db, { desk, content }: Compared, section: FormSection) {
  const version = content.versions[section.id] ?? 0
  if (version === (findSection(desk.stored, section.id)?.version ?? 0)) return shownAnswers(desk, section)
  const old = version ? await findSectionVersion(db, { ...placeOfSection(desk, section), version }) : undefined
  return old?.answers ?? blankAnswers(desk, section)
}

function twice(section: FormSection, cell: FileCell): { fault: FileFault } {
  const at = named(cell, { section: titleOf(section), question: cell.key })
  const reason = 'This question stands twice in the file, with another answer; the first is taken'
  return { fault: { ...at, file: wordsOfCell(cell), code: 'question.twice', reason } }
}

type Cell = {
  readonly desk: FormDesk
  readonly section: FormSection
  readonly cell: FileCell
  readonly base: Answers
  readonly now: Answers
  readonly stopped: Refusal | undefined
}
type Found = { fault: FileFault } | { moved: MovedAnswer } | { candidate: Candidate } | { same: true }

function sortCell({ desk, section, cell, base, now, stopped }: Cell): Found {
  const { key } = cell
  const question = findQuestion(desk, section, key)
  if (!question) return goneCell(section, cell, base[key])
  const at = named(cell, { section: titleOf(section), question: questionWords(question) })
  const { field } = question
  const read = answerOfCell(field, cell.cell)
  const file = read.ok ? answerWords(field, read.value) : wordsOfCell(cell)
  const fault = ({ code, message }: Refusal): Found => ({ fault: { ...at, file, code, reason: message } })
  if (!read.ok) return fault(stopped ?? read.refusals[0] ?? UNREAD)
  if (sameAnswer(field, read.value, now[key])) return { same: true }
  if (sameAnswer(field, read.value, base[key]))
    return { moved: { ...at, was: answerWords(field, base[key]), now: answerWords(field, now[key]) } }
  if (stopped) return fault(stopped)
  const meanwhile = sameAnswer(field, base[key], now[key]) ? null : answerWords(field, base[key])
  return {
    candidate: { key, value: read.value, change: { ...at, now: answerWords(field, now[key]), file, meanwhile } },
  }
}

const UNREAD: Refusal = { code: 'cell.not-read', message: 'The cell cannot be read' }

/** A question that is no longer asked: nothing is lost where the file says nothing new. */
function goneCell(section: FormSection, cell: FileCell, base: string | readonly string[] | undefined): Found {
  const isUntouched = cell.cell === null || base !== undefined
  if (isUntouched) return { same: true }
  return { fault: { ...unknownFault(cell), section: titleOf(section) } }
}

function questionWords({ part, title }: { part: string; title: string }): string {
  return part ? `${part}: ${title}` : title
}

function answerWords(field: FormField | undefined, value: string | readonly string[] | undefined): string {
  if (value === undefined || value.length === 0) return NOTHING
  return field?.type === 'date' ? longDate(String(value)) : answerInWords(field, value)
}
