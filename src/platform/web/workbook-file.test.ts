import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writeOds, writeXlsx } from 'hucre'
import { escapeCell, MAX_ROWS, readWorkbook } from './workbook-file.ts'

type Rows = (string | number | boolean | Date | null)[][]
const xlsx = async (rows: Rows) => Buffer.from(await writeXlsx({ sheets: [{ name: 'One', rows }] }))
const codeOf = async (bytes: Buffer) => {
  const read = await readWorkbook(bytes)
  return read.ok ? 'read' : read.refusals[0]?.code
}

describe('A workbook that somebody sends', () => {
  it('is read from Excel and LibreOffice alike: words, numbers, yes and no, days as ISO text', async () => {
    const rows: Rows = [[' words ', 2.5, true, new Date('2024-03-27T00:00:00Z'), null, '=1+1', escapeCell('_x0041_')]]
    const expected = ['words', 2.5, true, '2024-03-27', null, '=1+1', '_x0041_']
    const read = await readWorkbook(await xlsx(rows))
    assert.deepEqual(read.ok && read.value, [{ name: 'One', rows: [expected] }])
    const ods = await readWorkbook(Buffer.from(await writeOds({ sheets: [{ name: 'One', rows }] })))
    assert.deepEqual(ods.ok && ods.value[0]?.rows[0]?.slice(0, 6), expected.slice(0, 6))
  })

  it('never has its formulas worked out, whatever result stands beside them', async () => {
    const cells = new Map([['0,0', { formula: 'HYPERLINK("https://example.org")', formulaResult: 'Click' }]])
    const bytes = await writeXlsx({ sheets: [{ name: 'One', rows: [['x']], cells }] })
    const read = await readWorkbook(Buffer.from(bytes))
    assert.deepEqual(read.ok && read.value[0]?.rows, [['=HYPERLINK("https://example.org")']])
  })

  it('is refused when it is too large, as sent or unpacked, or has too many rows or sheets', async () => {
    assert.equal(await codeOf(Buffer.alloc(2 * 1024 * 1024 + 1)), 'file.too-large')
    const packed = await xlsx([
      ['a'.repeat(30_000)],
      ...Array.from({ length: 700 }, (_, at) => [`${at}${'a'.repeat(30_000)}`]),
    ])
    assert.ok(packed.length < 1024 * 1024)
    assert.equal(await codeOf(packed), 'file.too-large')
    assert.equal(await codeOf(await xlsx(Array.from({ length: MAX_ROWS + 1 }, (_, at) => [at]))), 'file.too-many-rows')
    assert.equal(await codeOf(await xlsx(Array.from({ length: MAX_ROWS }, (_, at) => [at]))), 'read')
    const sheets = Array.from({ length: 41 }, (_, at) => ({ name: `S${at}`, rows: [['x']] }))
    assert.equal(await codeOf(Buffer.from(await writeXlsx({ sheets }))), 'file.too-large')
  })

  it('is refused when it is none: words, a torn one, an entry that hides its size', async () => {
    assert.equal(await codeOf(Buffer.from('Question,Answer')), 'file.not-a-workbook')
    const whole = await xlsx([['x']])
    assert.equal(await codeOf(whole.subarray(0, whole.length / 2)), 'file.not-a-workbook')
    const lying = Buffer.from(whole)
    const entry = lying.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
    lying.writeUInt32LE(0, entry + 24)
    assert.equal(await codeOf(lying), 'file.too-large')
  })
})
