import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { inspectCsvFile, readCsvRecords, UnreadableFile } from './csv-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'csv-file-'))
after(() => rm(folder, { recursive: true }))

let count = 0
async function fileOf(bytes: string | Uint8Array): Promise<string> {
  const path = join(folder, `${count++}.csv`)
  await writeFile(path, bytes)
  return path
}

async function recordsOf(path: string): Promise<{ line: number; cells: string[] }[]> {
  return Array.fromAsync(readCsvRecords(await inspectCsvFile(path)))
}

function failsWith(code: UnreadableFile['code']) {
  return (error: unknown) => error instanceof UnreadableFile && error.code === code
}

test('a small packed file that grows beyond the limit is refused while it grows, and so is a record without an end', async () => {
  const bomb = await fileOf(gzipSync(Buffer.concat([Buffer.from('URN,Name\n'), Buffer.alloc(64 * 1024 ** 2, 'a,b\n')])))
  const before = process.memoryUsage().arrayBuffers
  await assert.rejects(inspectCsvFile(bomb, 4 * 1024 ** 2), failsWith('file.too-large'))
  assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 1024 ** 2, 'it was not held whole')
  const endless = await fileOf(
    gzipSync(Buffer.concat([Buffer.from('URN,Name\n900001,'), Buffer.alloc(20 * 1024 ** 2, 'a')])),
  )
  await assert.rejects(recordsOf(endless), failsWith('file.not-csv'))
})

test('UTF-8 with and without a byte order mark, and windows-1252, give the same text', async () => {
  const text = 'URN,EstablishmentName\r\n900001,École – “Sainte-Zoë”\r\n'
  const windows = Buffer.from(text.replace('–', '\x96').replace('“', '\x93').replace('”', '\x94'), 'latin1')
  for (const bytes of [text, `\uFEFF${text}`, windows, gzipSync(windows)]) {
    const records = await recordsOf(await fileOf(bytes))
    assert.deepEqual(
      records.map((record) => record.cells),
      [
        ['URN', 'EstablishmentName'],
        ['900001', 'École – “Sainte-Zoë”'],
      ],
    )
  }
})

test('an accent after two megabytes of plain text decides the encoding, at every place of a chunk', async () => {
  const plain = 'x'.repeat(2 * 1024 * 1024)
  for (const shift of ['', 'x', 'xx', 'xxx']) {
    const start = `URN,Name\n900001,${plain}\n900002,${shift}`
    const utf8 = await fileOf(`${start}Zoë\n`)
    const windows = await fileOf(Buffer.concat([Buffer.from(start), Buffer.from('Zoë\n', 'latin1')]))
    for (const path of [utf8, windows]) assert.equal((await recordsOf(path)).at(-1)?.cells[1], `${shift}Zoë`)
  }
})

test('an accent as the very last byte is windows-1252, although UTF-8 could begin with it', async () => {
  const path = await fileOf(Buffer.from('URN,Name\n900001,Café', 'latin1'))
  assert.equal((await recordsOf(path))[1]?.cells[1], 'Café')
})

test('a letter parted by a chunk border is still UTF-8', async () => {
  const head = 'URN,Name\n900001,'
  const path = await fileOf(`${head}${'é'.repeat(300_000)}\n`)
  const odd = await fileOf(`${head}x${'é'.repeat(300_000)}\n`)
  assert.equal((await inspectCsvFile(path)).encoding, 'utf-8')
  assert.equal((await inspectCsvFile(odd)).encoding, 'utf-8')
})

test('a record knows the line on which it begins, also after a quoted line break and an empty line', async () => {
  const records = await recordsOf(await fileOf('URN,Name\n1,"two\nlines"\n2,b\n3,c\n'))
  assert.deepEqual(
    records.map((record) => record.line),
    [1, 2, 4, 5],
  )
})

test('a file that is cut off, empty, missing or no CSV is refused', async () => {
  const packed = gzipSync('URN,Name\n'.repeat(1000))
  await assert.rejects(recordsOf(await fileOf(packed.subarray(0, packed.length - 12))), failsWith('file.truncated'))
  await assert.rejects(recordsOf(await fileOf('URN,Name\n1,"never closed\n2,b\n')), failsWith('file.truncated'))
  await assert.rejects(recordsOf(await fileOf('')), failsWith('file.empty'))
  await assert.rejects(recordsOf(await fileOf('URN,Name\n1,b"roken"\n')), failsWith('file.not-csv'))
  await assert.rejects(recordsOf(join(folder, 'none.csv')), failsWith('file.missing'))
})
