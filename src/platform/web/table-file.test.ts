import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { readOds } from 'hucre'
import { tableFile } from './table-file.ts'

const COLUMNS = [
  { key: 'urn', head: 'URN' },
  { key: 'name', head: 'School' },
]
const ROWS = Array.from({ length: 2500 }, (_, place) => ({ urn: 900000 + place, name: `School "${place}", Ålder` }))

async function bytesOf(format: 'csv' | 'ods', rows: Parameters<typeof tableFile>[3]): Promise<Buffer> {
  const answer = await tableFile(format, 'schools', COLUMNS, rows)
  assert.ok(answer.kind === 'file' && typeof answer.body !== 'string')
  return Buffer.isBuffer(answer.body) ? answer.body : buffer(answer.body)
}

test('a long list is one CSV, in order, with one mark of its encoding and one line of heads', async () => {
  const text = (await bytesOf('csv', ROWS)).toString()
  const lines = text.slice(1).trimEnd().split('\n')
  assert.equal(text[0], '\uFEFF')
  assert.equal(lines.length, 2501)
  assert.equal(lines[0], 'URN,School')
  assert.equal(lines[1001], '901000,"School ""1000"", Ålder"')
  assert.equal(text.lastIndexOf('\uFEFF'), 0)
})

test('a cell that a spreadsheet would run is escaped', async () => {
  const text = (await bytesOf('csv', [{ urn: 900000, name: '=1+1' }])).toString()
  assert.match(text, /900000,'=1\+1/)
})

test('an empty list is a file with heads alone', async () => {
  assert.equal((await bytesOf('csv', [])).toString(), '\uFEFFURN,School\n')
})

test('a long list is one ODS sheet with the same rows', async () => {
  const { sheets } = await readOds(await bytesOf('ods', [...ROWS, { urn: 999999, name: null }]))
  const rows = sheets[0]?.rows ?? []
  assert.equal(rows.length, 2502)
  assert.deepEqual(rows[0], ['URN', 'School'])
  assert.deepEqual(rows[1001], [901000, 'School "1000", Ålder'])
  assert.equal(rows[2501]?.[0], 999999)
})
