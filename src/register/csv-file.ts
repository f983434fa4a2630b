import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { CsvError, type Options, parse } from 'csv-parse'

/** What a first pass over a file settled. `sha256` is of the bytes as they lie on disk. */
export type CsvFile = {
  readonly path: string
  readonly packed: boolean
  readonly encoding: 'utf-8' | 'windows-1252'
  readonly sha256: string
  /** Column names as published, without surrounding blanks. */
  readonly header: string[]
}

/** A record with the line of the file on which it begins; the header is line 1. */
export type CsvRecord = { readonly line: number; readonly cells: string[] }

/** The file as a whole cannot be read: cut off, not a CSV, or empty. The message is for the person who imports it. */
export class UnreadableFile extends Error {
  readonly code: 'file.missing' | 'file.truncated' | 'file.not-csv' | 'file.empty' | 'file.too-large'
  constructor(code: UnreadableFile['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Twenty times the national register: a packed file that grows beyond it is no official file. */
const MOST_UNPACKED = 1 << 30
/** Characters of one record. */
const LONGEST_RECORD = 1 << 24

/**
 * Reads the whole file once without keeping it: is a .gz complete, is every byte valid UTF-8 (otherwise it is the
 * windows-1252 that older official files use; a look at the start alone would misjudge a late accent), what are its hash
 * and header. Throws UnreadableFile, also where it holds more than `mostUnpacked` bytes once unpacked.
 */
export async function inspectCsvFile(path: string, mostUnpacked = MOST_UNPACKED): Promise<CsvFile> {
  const packed = await isGzip(path)
  const hash = createHash('sha256')
  const strict = new TextDecoder('utf-8', { fatal: true })
  let utf8 = true
  const isUtf8So = (bytes?: Buffer) => {
    try {
      strict.decode(bytes, { stream: bytes !== undefined })
    } catch {
      utf8 = false
    }
  }
  const stream = createReadStream(path, { highWaterMark: 1 << 18 })
  stream.on('data', (chunk) => hash.update(chunk))
  await unpacking(async () => {
    const consume = async (chunks: AsyncIterable<Buffer>) => {
      let size = 0
      for await (const chunk of chunks) {
        size += chunk.length
        if (size > mostUnpacked) throw new UnreadableFile('file.too-large', tooLargeWords(mostUnpacked))
        if (utf8) isUtf8So(chunk)
      }
    }
    await (packed ? pipeline(stream, createGunzip(), consume) : pipeline(stream, consume))
  })
  if (utf8) isUtf8So()
  const file: CsvFile = {
    path,
    packed,
    encoding: utf8 ? 'utf-8' : 'windows-1252',
    sha256: hash.digest('hex'),
    header: [],
  }
  return { ...file, header: await readHeader(file) }
}

function tooLargeWords(most: number): string {
  return `The file holds more than ${Math.floor(most / 1024 ** 2)} MB of text: no official file is that large`
}

async function isGzip(path: string): Promise<boolean> {
  try {
    await using handle = await open(path)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } catch (error) {
    throw new UnreadableFile('file.missing', 'The file cannot be opened', { cause: error })
  }
}

async function unpacking(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw asUnreadable(error)
  }
}

function asUnreadable(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR')
    return new UnreadableFile('file.truncated', 'The file ends too early: the packed data is cut off', { cause: error })
  if (code.startsWith('Z_'))
    return new UnreadableFile('file.not-csv', 'The file says that it is packed, but cannot be unpacked', {
      cause: error,
    })
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return new UnreadableFile('file.truncated', 'The file ends too early: a quotation mark is not closed', {
      cause: error,
    })
  if (error instanceof CsvError)
    return new UnreadableFile('file.not-csv', `The file is not a CSV: ${error.message}`, { cause: error })
  return error
}

async function readHeader(file: CsvFile): Promise<string[]> {
  for await (const { cells } of readCsvRecords(file, { to: 1 })) return cells.map((name) => name.trim())
  throw new UnreadableFile('file.empty', 'The file is empty: its first line must name the columns')
}

/**
 * The records of a file in order, the header first. A record may have too few or too many cells. Throws UnreadableFile
 * when a quotation mark never closes or stands where CSV has none.
 */
export async function* readCsvRecords(file: CsvFile, options: Options = {}): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    ...options,
  })
  const done = pipeline([...readBytes(file), parser])
  // The loop below meets the same error; this only keeps it from being reported as unhandled.
  done.catch(() => undefined)
  let line = 1
  try {
    for await (const { record, info } of parser) {
      yield { line, cells: record }
      line = info.lines + 1
    }
  } catch (error) {
    throw asUnreadable(error)
  }
}

function readBytes(file: CsvFile): [Readable, ...NodeJS.ReadWriteStream[]] {
  const steps: NodeJS.ReadWriteStream[] = []
  if (file.packed) steps.push(createGunzip())
  if (file.encoding === 'windows-1252') steps.push(toUtf8FromWindows1252())
  return [createReadStream(file.path, { highWaterMark: 1 << 18 }), ...steps]
}

function toUtf8FromWindows1252(): Transform {
  const decoder = new TextDecoder('windows-1252')
  return new Transform({
    transform: (bytes: Buffer, _encoding, done) => done(null, Buffer.from(decoder.decode(bytes, { stream: true }))),
  })
}
