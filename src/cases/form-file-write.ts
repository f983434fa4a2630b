import { createHash } from 'node:crypto'
import { type Cell, type CellStyle, type CellValue, type DataValidation, type WriteSheet, writeXlsx } from 'hucre'
import type { Actor } from '../platform/actor.ts'
import { escapeCell } from '../platform/web/workbook-file.ts'
import { longDate } from '../platform/words.ts'
import type { FormField, FormSection } from '../programmes/index.ts'
import { type FormDesk, mayRead, mayWrite } from './form-desk.ts'
import { fixedFacts, type Question, questionsOf } from './form-file-questions.ts'
import { answersOf, findSection, flatAnswers, type SectionAnswers, type StoredForm } from './form-state.ts'
import { sectionInWords } from './form-words.ts'
import { partyTitle } from './present-case.ts'
import { choiceOptions } from './present-fields.ts'
import { blankAnswers } from './present-form.ts'

/** Words of the workbook that reading it again looks for. */
export const ABOUT = { reference: 'Case', key: 'Key', versions: 'Versions' }
export const HEADS = ['Part', 'Question', 'Answer', 'How to answer', 'Key'] as const
const WIDTHS = [34, 44, 48, 60, 26]
const LISTS = 'Lists'
const ANSWER_COLUMN = 2
const KEY_COLUMN = 4

/** What tells the file of one form, and one leader's own sections of it, from every other. */
export function fileKey({ record, stored }: Pick<FormDesk, 'record' | 'stored'>): string {
  return createHash('sha256')
    .update(JSON.stringify([record.reference, stored.id, stored.form, stored.leaderKey]))
    .digest('hex')
    .slice(0, 20)
}

/** Whether a section's answers go into a file at all. A secret never does, and what is signed is signed at the service. */
export function isInFile({ kind }: FormSection): boolean {
  return kind === 'answers' || kind === 'claim'
}

/** The version of each section that a file can hold, 0 for one that is empty. */
export function fileVersions({ form, stored }: Pick<FormDesk, 'form' | 'stored'>): Record<string, number> {
  const held = form.sections.filter(isInFile)
  return Object.fromEntries(held.map(({ id }) => [id, findSection(stored, id)?.version ?? 0]))
}

/** What a section holds as its page would show it: saved, or preset while nobody saved it. */
export function shownAnswers(desk: FormDesk, section: FormSection): SectionAnswers {
  return findSection(desk.stored, section.id) ? answersOf(desk.stored, section.id) : blankAnswers(desk, section)
}

/** The form of a case as a workbook for one person: a sheet for each section, with what it holds now. */
export function writeFormFile(desk: FormDesk, by: Actor): Promise<Uint8Array> {
  const lists = listsOf()
  const sections = desk.form.sections
    .filter((section) => section.kind !== 'secret' && mayRead(desk, by, section))
    .map((section) => sectionSheet(desk, section, { may: mayWrite(desk, by, section), lists }))
  return writeXlsx({
    sheets: [aboutSheet(desk, by), ...sections, { name: LISTS, rows: lists.rows(), hidden: true }],
    properties: { title: `${desk.form.title}, case ${desk.record.reference}` },
  })
}

const TITLE: CellStyle = { font: { bold: true, size: 14 } }
const HEAD: CellStyle = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'D9E5F0' } },
}
const WRAP: CellStyle = { alignment: { wrapText: true, vertical: 'top' } }
const QUIET: CellStyle = { ...WRAP, font: { color: { rgb: '505A5F' } } }
const OPEN: CellStyle = {
  ...WRAP,
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'FFF7D6' } },
  protection: { locked: false },
}

function aboutSheet(desk: FormDesk, by: Actor): WriteSheet {
  const { record, form, today } = desk
  const versions = Object.entries(fileVersions(desk)).map(([id, version]) => `${id}=${version}`)
  const unwritten = form.sections.filter((section) => !isInFile(section) || !mayWrite(desk, by, section))
  const rows: CellValue[][] = [
    [escapeCell(form.title)],
    [
      'How to',
      'Write into the yellow cells of the column Answer and leave the rest as it is. Then send the file at the page of the form.',
    ],
    ['', 'Nothing is taken before you have seen, at that page, what is different from the form as it is then.'],
    ['', 'Days, numbers and lists may be written as you are used to. Leave a cell empty where there is no answer yet.'],
    ['', 'Where a question takes several answers, put semicolons between them. Formulas are not worked out.'],
    [
      '',
      `Not yours to fill, or not in a file: ${unwritten.map(({ number, title }) => `${number} ${escapeCell(title)}`).join('; ')}`,
    ],
    ['Case of', escapeCell(record.name)],
    [ABOUT.reference, record.reference],
    ['Downloaded', `${longDate(today)}, by ${escapeCell(by.name)}`],
    ['Leave as they are', 'By the lines below the service recognises the file.'],
    [ABOUT.key, fileKey(desk)],
    [ABOUT.versions, versions.join(' ')],
  ]
  const cells = new Map<string, Partial<Cell>>([['0,0', { style: TITLE }]])
  for (const row of rows.keys()) if (row > 0) cells.set(`${row},1`, { style: WRAP })
  return { name: 'About this file', rows, cells, columns: [{ width: 20 }, { width: 100 }], protection: PROTECTED }
}

/** Cells that are not answers are locked against slips, without a password. */
const PROTECTED = { sheet: true, formatColumns: false, formatRows: false, formatCells: false } as const

type Line = { readonly cells: readonly CellValue[]; readonly field?: FormField }
type SheetWords = { readonly may: boolean; readonly lists: Lists }

function sectionSheet(desk: FormDesk, section: FormSection, { may, lists }: SheetWords): WriteSheet {
  const isOpen = may && isInFile(section)
  const lines = isInFile(section) ? answerLines(desk, section) : factLines(desk, section)
  const top: CellValue[][] = [
    [`${section.number}. ${escapeCell(section.title)}`],
    [escapeCell(section.help ?? '')],
    [stateWords(desk, section, isOpen)],
    [],
    [...HEADS],
  ]
  const first = top.length
  const answers = lines.flatMap(({ field }, index) => (field ? [{ field, row: first + index }] : []))
  const rules = answers.map(({ field, row }) => validationOf(field, `C${row + 1}`, lists))
  return {
    name: sheetName(section),
    rows: [...top, ...lines.map((line) => [...line.cells])],
    cells: sectionStyles(first, lines, isOpen),
    columns: WIDTHS.map((width) => ({ width })),
    dataValidations: isOpen ? rules.filter((rule) => rule !== undefined) : [],
    freezePane: { rows: first },
    protection: PROTECTED,
    pageSetup: { orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  }
}

/** How the cells look: heads above `first`, the keys quiet, and what may be written yellow and open. */
function sectionStyles(first: number, lines: readonly Line[], isOpen: boolean): Map<string, Partial<Cell>> {
  const cells = new Map<string, Partial<Cell>>([['0,0', { style: TITLE }]])
  for (const column of HEADS.keys()) cells.set(`${first - 1},${column}`, { style: HEAD })
  for (const [index, { field }] of lines.entries()) {
    const row = first + index
    for (const column of HEADS.keys()) cells.set(`${row},${column}`, { style: column === KEY_COLUMN ? QUIET : WRAP })
    const style = isOpen ? OPEN : WRAP
    if (field) cells.set(`${row},${ANSWER_COLUMN}`, { style: { ...style, numFmt: formatOf(field) } })
  }
  return cells
}

/** The name of a section's sheet: spreadsheets allow 31 characters and not all of them. */
export function sheetName({ number, title }: FormSection): string {
  return `${number} ${title}`
    .replaceAll(/[\\/?*[\]:']/g, ' ')
    .slice(0, 31)
    .trim()
}

function stateWords({ record, stored }: FormDesk, section: FormSection, isOpen: boolean): string {
  const who = (section.writers ?? []).map((party) => partyTitle(record, party)).join(', ') || 'the service'
  const saved = findSection(stored, section.id)
  const when = saved ? `Saved ${longDate(saved.savedOn)} by ${escapeCell(saved.savedBy)}` : 'Not saved yet'
  return `${isOpen ? 'Yours to fill' : 'For reading'}. Filled by: ${who}. ${when}`
}

function answerLines(desk: FormDesk, section: FormSection): Line[] {
  const answers = shownAnswers(desk, section)
  const flat = flatAnswers(answers)
  const facts = section.kind === 'claim' ? sectionInWords(desk, { ...section, fields: {}, groups: {} }).facts : []
  return [
    ...facts.map(({ title, value }): Line => ({ cells: ['For reading', escapeCell(title), escapeCell(value)] })),
    ...questionsOf(desk, section, answers).map((question) => questionLine(section, question, flat[question.key])),
  ]
}

function questionLine(section: FormSection, question: Question, answer: string | readonly string[] | undefined): Line {
  const { part, title, field, help, key } = question
  const needed = field.required ? '' : ' (optional)'
  return {
    field,
    cells: [
      escapeCell(part),
      `${escapeCell(title)}${needed}`,
      cellOfAnswer(field, answer),
      escapeCell(help),
      `${section.id}/${key}`,
    ],
  }
}

/** What nobody types, with its key, so that a file that says otherwise is noticed. */
function factLines(desk: FormDesk, section: FormSection): Line[] {
  const fixed = fixedFacts(desk, section)
  if (fixed.length > 0)
    return fixed.map(({ key, title, value }) => ({
      cells: ['For reading', escapeCell(title), escapeCell(value), 'Not filled in here', `${section.id}/${key}`],
    }))
  const { facts, nothing } = sectionInWords(desk, section)
  const said = [...facts, ...(nothing === null ? [] : [{ title: nothing, value: '' }])]
  return said.map(({ title, value }) => ({ cells: ['For reading', escapeCell(title), escapeCell(value)] }))
}

/** An answer as the cell that `answerOfCell` reads again. */
export function cellOfAnswer(field: FormField, answer: string | readonly string[] | undefined): CellValue {
  if (answer === undefined || answer.length === 0) return null
  const titleOf = (one: string) => choiceOptions(field).find(({ id }) => id === one)?.title ?? one
  if (typeof answer !== 'string') return escapeCell(answer.map(titleOf).join('; '))
  switch (field.type) {
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(answer) ? new Date(`${answer}T00:00:00Z`) : escapeCell(answer)
    case 'number':
    case 'days':
      return /^\d{1,15}(\.\d+)?$/.test(answer) ? Number(answer) : escapeCell(answer)
    case 'choice':
    case 'yes-no':
      return escapeCell(titleOf(answer))
    default:
      return escapeCell(answer)
  }
}

/** Words stay words, whatever they begin with; days and numbers look like such. */
function formatOf({ type }: FormField): string {
  if (type === 'date') return 'd mmmm yyyy'
  return type === 'number' || type === 'days' ? '0.##' : '@'
}

type Lists = { rangeOf(titles: readonly string[]): string; rows(): CellValue[][] }

/** The lists to choose from, a column each on a sheet of their own: within a cell's rule they may have 255 characters only. */
function listsOf(): Lists {
  const lists: (readonly string[])[] = []
  const indexOf = (titles: readonly string[]) => {
    const found = lists.findIndex((one) => one.join('\n') === titles.join('\n'))
    return found >= 0 ? found : lists.push(titles) - 1
  }
  return {
    rangeOf: (titles) => {
      const column = columnName(indexOf(titles))
      return `${LISTS}!$${column}$1:$${column}$${titles.length}`
    },
    rows: () => {
      const longest = Math.max(0, ...lists.map((one) => one.length))
      return Array.from({ length: longest }, (_, row) => lists.map((one) => one[row] ?? null))
    },
  }
}

const LETTERS = 26

function columnName(index: number): string {
  const last = String.fromCharCode('A'.charCodeAt(0) + (index % LETTERS))
  return index < LETTERS ? last : columnName(Math.floor(index / LETTERS) - 1) + last
}

function validationOf(field: FormField, range: string, lists: Lists): DataValidation | undefined {
  if (field.type !== 'choice' && field.type !== 'yes-no') return undefined
  const titles = choiceOptions(field).map(({ title }) => escapeCell(title))
  if (titles.length === 0) return undefined
  return {
    type: 'list',
    formula1: lists.rangeOf(titles),
    range,
    allowBlank: true,
    showErrorMessage: true,
    errorTitle: 'Not in the list',
    errorMessage: 'Choose from the list of this cell',
  }
}

/** The name under which the workbook is downloaded. */
export function formFileName({ record }: { readonly record: FormDesk['record'] }, form: StoredForm['form']): string {
  return `${record.reference}-${form}.xlsx`
}
