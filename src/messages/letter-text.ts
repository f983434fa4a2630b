import { longDate } from '../platform/words.ts'
import { isLetterField, LETTER_FIELDS, type LetterFieldName, splitLetter } from '../programmes/index.ts'

/** What the caller knows of the case: days and money as numbers, dates as YYYY-MM-DD, lists as texts, all else as text. */
export type LetterFacts = { readonly [name in LetterFieldName]?: string | number | readonly string[] | null }

/**
 * Stands in a stored letter where its token goes as it is handed over (docs/adr/0014-one-time-links.md): what is kept and shown of
 * the letter never held it.
 */
export const TOKEN_PLACE = '(only-in-the-letter-itself)'

/** A filled text, or the fields that it needs and that are not known. */
export type FilledText = { readonly text: string; readonly missing: readonly LetterFieldName[] }

/** Fills the fields of one line of words; line breaks within values become spaces, so that no value makes a line of its own. */
export function fillLine(text: string, facts: LetterFacts): FilledText {
  const missing: LetterFieldName[] = []
  let isLeftOut = false
  const parts = splitLetter(text).map(({ text: piece, field, optional }) => {
    if (field === undefined || !isLetterField(field)) return piece
    const value = wordsOf(field, facts)
    if (value === undefined && optional) isLeftOut = true
    else if (value === undefined) missing.push(field)
    return value ?? ''
  })
  return { text: isLeftOut ? '' : parts.join(''), missing: isLeftOut ? [] : missing }
}

/** Fills a letter's words line by line; a line whose optional field is not known is left out with the gap it leaves. */
export function fillBody(body: string, facts: LetterFacts): FilledText {
  const lines = body.split('\n').map((line) => ({ line, ...fillLine(line, facts) }))
  const kept = lines.filter(({ line, text }) => line.trim() === '' || text !== '')
  const text = kept.map((one) => one.text.trimEnd()).join('\n')
  return { text: text.replaceAll(/\n{3,}/g, '\n\n').trim(), missing: [...new Set(lines.flatMap((one) => one.missing))] }
}

/** Of what a letter needs without printing it, the fields that are not known. */
export function unknownOf(needs: readonly string[], facts: LetterFacts): LetterFieldName[] {
  return needs.filter(isLetterField).filter((name) => wordsOf(name, facts) === undefined)
}

function wordsOf(name: LetterFieldName, facts: LetterFacts): string | undefined {
  const value = facts[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'object')
    return value.length === 0 ? '- None' : value.map((item) => `- ${oneLine(item)}`).join('\n')
  switch (LETTER_FIELDS[name].kind) {
    case 'date':
      return longDate(String(value))
    case 'deadline':
      return shortDay(String(value))
    case 'days':
      return `${value} ${Number(value) === 1 ? 'day' : 'days'}`
    case 'money':
      return moneyWords(Number(value))
    case 'list':
      return `- ${oneLine(String(value))}`
    case 'lines':
      return linesOf(String(value)) || undefined
    default:
      return notABlock(oneLine(String(value))) || undefined
  }
}

/** Lines as somebody typed them; an empty one begins a new paragraph. */
function linesOf(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => notABlock(oneLine(line)))
    .join('\n')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** A value that begins like a heading or an item stays words of its paragraph. */
function notABlock(text: string): string {
  return text.replace(/^(##|-) /, '$1\u{a0}')
}

/** "Thu 9 Nov 2023": short enough for a subject, and the weekday keeps people from a wrong date. */
function shortDay(iso: string): string {
  const date = Temporal.PlainDate.from(iso)
  const word = (options: Intl.DateTimeFormatOptions) => date.toLocaleString('en-GB', options)
  return `${word({ weekday: 'short' })} ${date.day} ${word({ month: 'short' })} ${date.year}`
}

function moneyWords(pounds: number): string {
  const minimumFractionDigits = Number.isInteger(pounds) ? 0 : 2
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP', minimumFractionDigits }).format(pounds)
}

/** A part of a letter as pages, files and mail print it. */
export type LetterBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }

/** The blocks of a filled body. */
export function letterBlocks(body: string): LetterBlock[] {
  return body
    .split(/\n{2,}/)
    .flatMap((paragraph) => groupLines(paragraph.split('\n').filter((line) => line.trim() !== '')))
}

function groupLines(lines: readonly string[]): LetterBlock[] {
  const blocks: LetterBlock[] = []
  for (const line of lines) {
    const last = blocks.at(-1)
    if (line.startsWith('## ')) blocks.push({ kind: 'heading', text: line.slice(3) })
    else if (line.startsWith('- ') && last?.kind === 'list')
      blocks.splice(-1, 1, { kind: 'list', items: [...last.items, line.slice(2)] })
    else if (line.startsWith('- ')) blocks.push({ kind: 'list', items: [line.slice(2)] })
    else if (last?.kind === 'text') blocks.splice(-1, 1, { kind: 'text', lines: [...last.lines, line] })
    else blocks.push({ kind: 'text', lines: [line] })
  }
  return blocks
}

/** The letter as plain text of a mail. */
export function plainText(body: string): string {
  return body.replaceAll(/^## /gm, '')
}
