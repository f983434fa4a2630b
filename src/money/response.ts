import { CsvError, parse } from 'csv-parse/sync'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { ItemAnswer, PaymentItem } from './run-store.ts'

/** A row of the payer's response; the line of the column names is 1. */
export type ResponseRow = { readonly line: number; readonly cells: Readonly<Record<string, string>> }
export type RowFault = { readonly line: number; readonly field: string; readonly message: string }
export type ResponseAnswer = { readonly item: PaymentItem; readonly answer: ItemAnswer }

const NEEDED = ['reference', 'result', 'date']

/** Reads the payer's response: a CSV with Reference, Result (paid or failed), Date, Payment reference, Reason, Amount. */
export function readResponse(text: string): Decision<ResponseRow[]> {
  try {
    const records: string[][] = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, trim: true })
    const [head = [], ...rest] = records
    const names = head.map((name) => name.toLowerCase())
    const absent = NEEDED.filter((name) => !names.includes(name))
    if (absent.length > 0)
      return refuse({ code: 'file.columns', field: 'file', message: `The file has no column ${absent.join(', ')}` })
    return accept(
      rest.map((cells, at) => ({
        line: at + 2,
        cells: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ''])),
      })),
    )
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return refuse({ code: 'file.not-csv', field: 'file', message: `The file is not a CSV: ${error.message}` })
  }
}

/** What each row says of which payment, and every row that cannot be taken, with the reason. */
export function judgeResponse(
  rows: readonly ResponseRow[],
  items: readonly PaymentItem[],
  { today, releasedOn }: { today: string; releasedOn: string },
): { readonly answers: ResponseAnswer[]; readonly faults: RowFault[] } {
  const answers: ResponseAnswer[] = []
  const faults: RowFault[] = []
  const taken = new Set<number>()
  for (const row of rows) {
    const item = items.find(({ reference }) => reference === row.cells['reference'])
    const fault = itemFault(row, item, taken) ?? valueFault(row, item, { today, releasedOn })
    if (fault || !item) {
      faults.push({ line: row.line, ...(fault ?? { field: 'Reference', message: 'There is no such payment' }) })
      continue
    }
    taken.add(item.id)
    answers.push({ item, answer: answerOf(row, today) })
  }
  return { answers, faults }
}

type Fault = Omit<RowFault, 'line'>

function itemFault(
  { cells }: ResponseRow,
  item: PaymentItem | undefined,
  taken: ReadonlySet<number>,
): Fault | undefined {
  const field = 'Reference'
  if (!item) return { field, message: `${cells['reference'] || 'No reference'}: there is no such payment in this run` }
  if (taken.has(item.id)) return { field, message: `${item.reference} stands in the file twice` }
  if (item.state !== 'open') return { field, message: `${item.reference} was answered before: ${item.state}` }
  return undefined
}

function valueFault(
  { cells }: ResponseRow,
  item: PaymentItem | undefined,
  { today, releasedOn }: { today: string; releasedOn: string },
): Fault | undefined {
  const { result = '', date = '', amount = '', reason = '' } = cells
  if (result !== 'paid' && result !== 'failed')
    return { field: 'Result', message: `The result must be paid or failed, not "${result}"` }
  if (!isDay(date)) return { field: 'Date', message: `The date must be like 2024-04-08, not "${date}"` }
  if (date > today || date < releasedOn)
    return { field: 'Date', message: `${date} must lie between the release of the run on ${releasedOn} and today` }
  if (amount && item && Math.round(Number(amount) * 100) !== item.pence)
    return {
      field: 'Amount',
      message: `${item.reference} is £${(item.pence / 100).toFixed(2)}, the file says ${amount}`,
    }
  if (result === 'paid' && !cells['payment reference'])
    return { field: 'Payment reference', message: 'A payment that was made needs its reference' }
  if (result === 'failed' && !reason) return { field: 'Reason', message: 'A payment that failed needs the reason' }
  return undefined
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}

function answerOf({ cells }: ResponseRow, today: string): ItemAnswer {
  const { result, date = '', reason = '' } = cells
  if (result === 'paid')
    return { state: 'paid', on: today, paidOn: date, paidReference: cells['payment reference'] ?? '', reason: null }
  return { state: 'failed', on: today, paidOn: null, paidReference: null, reason }
}
