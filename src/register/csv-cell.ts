/** What a cell holds once read: text ready to store (dates as YYYY-MM-DD, numbers as digits), or null for nothing. */
export type Cell = string | null

/** Why a cell cannot be taken, as the end of a sentence that begins with its column: "must have 6 digits". */
export type CellFault = { readonly fault: string }

export type ReadCell = (text: string) => Cell | CellFault

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const BRITISH_DATE = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: 0?0:00(?::00)?)?$/

export function readText(text: string): Cell {
  return text.trim() || null
}

export function readRequiredText(text: string): Cell | CellFault {
  return text.trim() || { fault: 'must not be empty' }
}

/** A unique reference number: six digits, the first not 0 (TSI-017). */
export function readUrn(text: string): Cell | CellFault {
  const urn = text.trim()
  if (!/^\d{6}$/.test(urn)) return { fault: 'must have 6 digits' }
  return urn.startsWith('0') ? { fault: 'must have 6 digits, the first of them not 0' } : urn
}

/** For "URN at time" columns, which may be blank. */
export function readOptionalUrn(text: string): Cell | CellFault {
  return text.trim() ? readUrn(text) : null
}

/**
 * A date as the publishers write it: 2024-12-31, 31-12-2024 or 31/12/2024, the last two also with a midnight time.
 * Days that no calendar has are a fault.
 */
export function readDate(text: string): Cell | CellFault {
  const trimmed = text.trim()
  if (!trimmed) return null
  const iso = ISO_DATE.exec(trimmed)
  const british = iso ? null : BRITISH_DATE.exec(trimmed)
  const parts = iso ? [iso[1], iso[2], iso[3]] : british ? [british[3], british[2], british[1]] : undefined
  return (parts && calendarDay(parts)) ?? { fault: 'must be a real date, such as 31-12-2024 or 2024-12-31' }
}

export function readRequiredDate(text: string): Cell | CellFault {
  return text.trim() ? readDate(text) : { fault: 'must not be empty' }
}

function calendarDay([year, month, day]: (string | undefined)[]): string | undefined {
  const y = Number(year)
  const m = Number(month)
  const d = Number(day)
  if (y < 1000 || m < 1 || m > 12 || d < 1 || d > daysOfMonth(y, m)) return undefined
  return `${year}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`
}

function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

/** A whole number from 0 to `most`; blank is nothing. */
export function readWholeUpTo(most: number): ReadCell {
  return (text) => {
    const trimmed = text.trim()
    if (!trimmed) return null
    if (!/^\d{1,9}(\.0+)?$/.test(trimmed)) return { fault: 'must be a whole number' }
    const number = Number(trimmed)
    return number > most ? { fault: `must not be more than ${most}` } : String(number)
  }
}

export function readPercent(text: string): Cell | CellFault {
  const trimmed = text.trim().replace(/%$/, '')
  if (!trimmed) return null
  const number = Number(trimmed)
  return /^\d{1,3}(\.\d+)?$/.test(trimmed) && number <= 100
    ? String(number)
    : { fault: 'must be a percentage from 0 to 100' }
}

/**
 * An Ofsted grade 1 to 4. Blank, 9, 0, "Not judged" and "Not applicable" are what Ofsted writes where it gave no grade.
 */
export function readGrade(text: string): Cell | CellFault {
  const trimmed = text.trim()
  if (/^[1-4]$/.test(trimmed)) return trimmed
  return /^(|0|9|null|not judged|not applicable)$/i.test(trimmed) ? null : { fault: 'must be a grade from 1 to 4' }
}

export function readOneOf(...allowed: string[]): ReadCell {
  return (text) => {
    const trimmed = text.trim()
    return allowed.includes(trimmed) ? trimmed : { fault: `must be one of ${allowed.join(', ')}` }
  }
}

export function isCellFault(result: Cell | CellFault): result is CellFault {
  return result !== null && typeof result === 'object'
}
