import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inflateSync } from 'node:zlib'
import { type PdfDocument, renderPdf } from './pdf.ts'

const LETTER: PdfDocument = {
  title: 'Your leader *is* #panic() $x$',
  foot: 'C-01',
  blocks: [
    { kind: 'text', lines: ['Dear Wenna', 'Zażółć gęślą jaźń'] },
    { kind: 'heading', level: 2, text: 'Days' },
    { kind: 'list', items: ['one', 'two'] },
    {
      kind: 'table',
      head: ['Part', 'Days'],
      rows: [
        ['Autumn', '4'],
        ['Spring', '6'],
      ],
    },
  ],
}

/** The file with its streams unpacked, as one text. */
function insideOf(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const streams = [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, stream = '']) => {
    try {
      return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')
    } catch {
      return ''
    }
  })
  return [text, ...streams].join('\n')
}

describe('A PDF', () => {
  it('says that it keeps PDF/UA-1, its title and language, and has its headings, lists and tables as such', () => {
    const pdf = renderPdf(LETTER)
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
    const inside = insideOf(pdf)
    assert.match(inside, /<pdfuaid:part>1<\/pdfuaid:part>/)
    assert.match(inside, /Your leader \*is\* #panic\(\) \$x\$/)
    assert.match(inside, /\/Lang ?\(en-GB\)/)
    assert.match(inside, /\/DisplayDocTitle true/)
    for (const tag of ['H1', 'H2', 'P', 'L', 'LI', 'Table', 'TH', 'TD'])
      assert.match(inside, new RegExp(`/S ?/${tag}\\b`), tag)
  })

  it('shows every word though some signs have no font, and says so', () => {
    const pdf = renderPdf({ title: 'Names', blocks: [{ kind: 'text', lines: ['漢字 🎉 \u{10fffd} and العربية'] }] })
    assert.ok(pdf.length > 1000)
  })

  it('is made from data: nothing in it is run or read from the machine', () => {
    const pdf = renderPdf({ title: 'x', blocks: [{ kind: 'text', lines: ['#read("/etc/passwd") #include "pdf.ts"'] }] })
    assert.doesNotMatch(insideOf(pdf), /root:/)
  })
})
