import type { PdfBlock } from '../platform/pdf.ts'
import { longDate } from '../platform/words.ts'
import type { SectionWords } from './form-words.ts'
import type { VisitNote } from './visit-notes.ts'

/** What was judged stands with the school's own words. */
export function noteBlocks(note: VisitNote): PdfBlock[] {
  return [{ kind: 'heading', level: 3, text: `Visit of ${longDate(note.visitedOn)}` }, ...noteBody(note)]
}

/** A note of visit without its heading. */
export function noteBody(note: VisitNote): PdfBlock[] {
  const answer = note.accurate === null ? 'No answer of the school yet.' : note.accurate ? 'Accurate.' : 'Not accurate.'
  const by = note.answeredBy && note.answeredOn ? ` ${note.answeredBy}, ${longDate(note.answeredOn)}.` : ''
  return [
    text(`${note.writtenBy}${note.finalOn ? `, final on ${longDate(note.finalOn)}` : ', not final yet'}`, note.seen),
    ...(note.agreed ? [text(`Agreed: ${note.agreed}`)] : []),
    ...(note.judgements.length > 0 ? [text('Judged:'), list(note.judgements.map(judgedWords))] : []),
    text(`The school: ${answer}${by}${note.comment ? ` ${note.comment}` : ''}`),
    ...note.earlier.flatMap((one) => [
      text(
        `Before it was corrected, the school said that it is not accurate. ${one.answeredBy}, ${longDate(one.answeredOn)}. ${one.comment}`,
        `It read then: ${one.seen}${one.agreed ? ` Agreed: ${one.agreed}` : ''}`,
      ),
      ...(one.judgements.length > 0 ? [list(one.judgements.map(judgedWords))] : []),
    ]),
  ]
}

function judgedWords({ words, reply }: VisitNote['judgements'][number]): string {
  return `${words}${reply ? ` The school: ${reply}` : ''}`
}

/** A section of the form as its words. */
export function sectionBlocks({ number, title, copied, copiedOn, facts, groups, nothing }: SectionWords): PdfBlock[] {
  const rows = [...copied, ...facts]
  return [
    heading(`Form, section ${number}: ${title}`),
    ...(copiedOn ? [text(`Copied on ${longDate(copiedOn)}.`)] : []),
    ...(rows.length > 0 ? [pairs(title, rows)] : []),
    ...groups.map((group) =>
      pairs(
        group.title,
        group.rows.map((row) => ({
          title: row.title,
          value: row.facts.map((one) => `${one.title}: ${one.value}`).join('; '),
        })),
      ),
    ),
    ...(nothing ? [text(nothing)] : []),
  ]
}

export function heading(words: string): PdfBlock {
  return { kind: 'heading', level: 2, text: words }
}

export function text(...lines: readonly string[]): PdfBlock {
  return { kind: 'text', lines }
}

export function list(items: readonly string[]): PdfBlock {
  return { kind: 'list', items }
}

export function pairs(title: string, rows: readonly { readonly title: string; readonly value: string }[]): PdfBlock {
  return { kind: 'table', head: [title, 'As held'], rows: rows.map((row) => [row.title, row.value]) }
}

export function tableOr(head: readonly string[], rows: readonly (readonly string[])[], empty: string): PdfBlock[] {
  return rows.length > 0 ? [{ kind: 'table', head, rows }] : [text(empty)]
}
