import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { NightSource } from './night-source.ts'

/** The whole register is about 60 MB; what is far larger is not it. */
const MOST_BYTES = 300 * 1024 * 1024
const MOST_MILLIS = 10 * 60_000

/**
 * Fetches each address into the folder under the last part of its path, whole or not at all. Answers in words what could
 * not be fetched; the others are there.
 */
export async function fetchFiles({ folder, addresses }: NightSource, today: Temporal.PlainDate): Promise<string[]> {
  if (addresses.length === 0) return []
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const problems: string[] = []
  for (const template of addresses) {
    const address = template.replaceAll('{date}', today.toString().replaceAll('-', ''))
    try {
      await fetchOne(address, folder)
    } catch (error) {
      problems.push(`${address} could not be fetched: ${wordsOf(error)}`)
    }
  }
  return problems
}

async function fetchOne(address: string, folder: string): Promise<void> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(MOST_MILLIS) })
  if (!answer.ok || !answer.body) throw new Error(`it answered ${answer.status}`)
  const name = basename(new URL(address).pathname) || 'register.csv'
  const part = join(folder, `.${name}.part`)
  try {
    await pipeline(Readable.fromWeb(answer.body), atMost(MOST_BYTES), createWriteStream(part, { mode: 0o600 }))
    await rename(part, join(folder, name))
  } finally {
    await rm(part, { force: true })
  }
}

function atMost(bytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > bytes) done(new Error(`it is larger than ${bytes / 1024 / 1024} MiB`))
      else done(null, chunk)
    },
  })
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
