import type { Refusal } from '../../platform/decision.ts'
import { countOf, longDate, thousands } from '../../platform/words.ts'
import { plainName } from '../import-layout.ts'

/** The file of the same kind and coverage that was taken in last, to measure a new one against. */
export type LastFile = {
  readonly title: string
  readonly asAt: string
  readonly rows: number
  /** Columns that it had and the layout knows, as published. */
  readonly knownColumns: readonly string[]
}

/** An import as it would be, all numbers as counted in the trial of it. */
export type ImportTrial = {
  readonly rows: number
  readonly header: readonly string[]
  /** Schools that were open before, and those of them that would not be afterwards. */
  readonly open: number
  readonly closing: number
  readonly last: LastFile | undefined
}

/** More than one school of a hundred does not close in a night: the file is more likely wrong. */
const MOST_CLOSING_SHARE = 0.01
/** A whole file that lost one row of twenty is more likely cut or filtered than true. */
const FALL_SHARE = 0.05

/** Why an import of the night must wait for a person; none: it may go in. Codes `hold.closures`, `hold.columns`, `hold.rows`. */
export function decideHold({ rows, header, open, closing, last }: ImportTrial): Refusal[] {
  const reasons: Refusal[] = []
  if (closing > open * MOST_CLOSING_SHARE)
    reasons.push({
      code: 'hold.closures',
      message: `${countOf(closing, 'school')} of ${thousands(open)} open would close: more than 1 in 100`,
    })
  if (!last) return reasons
  const here = new Set(header.map(plainName))
  const gone = last.knownColumns.filter((column) => !here.has(plainName(column)))
  if (gone.length > 0)
    reasons.push({
      code: 'hold.columns',
      message: `${gone.length === 1 ? 'The column' : 'The columns'} ${gone.join(', ')} ${gone.length === 1 ? 'was' : 'were'} in the file of ${longDate(last.asAt)} and ${gone.length === 1 ? 'is' : 'are'} missing now`,
    })
  if (last.rows > 0 && rows <= last.rows * (1 - FALL_SHARE))
    reasons.push({
      code: 'hold.rows',
      message: `${countOf(rows, 'row')}, and ${thousands(last.rows)} in the file of ${longDate(last.asAt)}: fewer by 5 in 100 or more`,
    })
  return reasons
}
