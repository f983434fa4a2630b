import type { PdfBlock, PdfDocument } from '../platform/pdf.ts'
import { countOf, longDate } from '../platform/words.ts'
import { restsOf } from './present-report.ts'
import { inWords, type Report, type Table } from './report.ts'
import type { ReportData } from './report-data.ts'
import type { ReportKind } from './reports.ts'

/** A meeting reads no longer list; the rest stands in the file. */
const MOST_ROWS = 60

/** Every report that the reader may see, for a meeting: sentences and short tables, with what they rest on. */
export function packDocument(
  reports: readonly { readonly kind: ReportKind; readonly report: Report }[],
  data: ReportData,
  where: string,
): PdfDocument {
  const on = longDate(data.today)
  return {
    title: `Reports for a meeting: ${where}`,
    foot: `Reports, ${where}, ${on}`,
    blocks: [
      {
        kind: 'text',
        lines: [`As at ${on}, with ${countOf(data.cases.length, 'case')} in all.`],
      },
      ...reports.flatMap(({ kind, report }, place) =>
        blocksOf(
          kind,
          place > 0 && report.sentence === reports[0]?.report.sentence ? { ...report, sentence: '' } : report,
        ),
      ),
      { kind: 'heading', level: 2, text: 'What the numbers rest on' },
      {
        kind: 'list',
        items: restsOf(
          data,
          reports.map(({ kind }) => kind),
        ).map(({ text }) => text),
      },
    ],
  }
}

function blocksOf({ title }: ReportKind, { sentence, tables }: Report): PdfBlock[] {
  return [
    { kind: 'heading', level: 2, text: title },
    ...(sentence ? [{ kind: 'text', lines: [sentence] } as const] : []),
    ...tables.flatMap(tableBlocks),
  ]
}

function tableBlocks(table: Table): PdfBlock[] {
  const columns = table.columns.filter(({ inPack }) => inPack)
  const rows = table.rows
    .slice(0, MOST_ROWS)
    .map(({ values }) => columns.map(({ key, kind }) => inWords(kind, values[key])))
  const left = table.rows.length - rows.length
  return [
    { kind: 'heading', level: 3, text: table.title },
    rows.length === 0
      ? { kind: 'text', lines: [table.empty] }
      : { kind: 'table', head: columns.map(({ title }) => title), rows },
    ...(left > 0
      ? [{ kind: 'text', lines: [`${countOf(left, 'more line')} in the file of this report.`] } as const]
      : []),
  ]
}
