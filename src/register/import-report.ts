import { countOf, longDate, thousands } from '../platform/words.ts'
import type { ImportFault } from './import-rows.ts'
import type { DataFileKind } from './register-tables.ts'

/** What an import did. `read` counts records below the header; the other four add up to what those records gave. */
export type ImportReport = {
  readonly file: string
  readonly kind: DataFileKind
  readonly asAt: string
  readonly dataFileId: number
  readonly totals: ImportTotals
  /** In the order of the file. Not more than the first thousand; `totals.rejected` counts all. */
  readonly faults: readonly ImportFault[]
  /** Columns of the file that the register has no place for. */
  readonly ignoredColumns: readonly string[]
  /** Columns with names of persons, which are never kept. */
  readonly personColumns: readonly string[]
}

export type ImportTotals = {
  readonly read: number
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly rejected: number
}

/** The report as the terminal shows it: totals first, then each fault on a line, then what was left out. */
export function formatImportReport(report: ImportReport): string {
  const { totals, faults } = report
  const lines = [
    `${report.file}: ${report.kind} as at ${longDate(report.asAt)}`,
    `  read ${thousands(totals.read)}, added ${thousands(totals.added)}, changed ${thousands(totals.changed)}, ` +
      `unchanged ${thousands(totals.unchanged)}, rejected ${thousands(totals.rejected)}`,
    ...faults.map((fault) => `  ${fault.message} (line ${fault.line} of the file)`),
  ]
  const unlisted = totals.rejected - faults.length
  if (unlisted > 0) lines.push(`  and ${countOf(unlisted, 'more rejected row')}`)
  if (report.ignoredColumns.length > 0) lines.push(`  columns not used: ${report.ignoredColumns.join(', ')}`)
  if (report.personColumns.length > 0)
    lines.push(`  columns with names of persons, not kept: ${report.personColumns.join(', ')}`)
  return `${lines.join('\n')}\n`
}
