import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Actor } from '../../platform/actor.ts'
import { writeAudit } from '../../platform/audit.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Refusal } from '../../platform/decision.ts'
import { inspectCsvFile, UnreadableFile } from '../csv-file.ts'
import { findDateInFileName } from '../import-dates.ts'
import { coverageOf, importFile } from '../import-file.ts'
import { type ImportKind, knownColumns, NIGHTLY_KINDS, type NightlyKind, recogniseKind } from '../import-kinds.ts'
import type { ImportReport } from '../import-report.ts'
import { fetchFiles } from './fetch-files.ts'
import { decideHold } from './hold-import.ts'
import type { NightSource } from './night-source.ts'
import {
  beginNight,
  endNight,
  type FoundFile,
  isSettled,
  type NightCounts,
  storeHeld,
  storeTaken,
} from './night-store.ts'
import { readTrial } from './review-night.ts'

export type NightParts = {
  readonly database: Database
  readonly source: NightSource
  readonly clock: Clock
  readonly by: Actor
}

/** What a night did with one file. `reasons` say why it waits. */
export type NightStep = {
  readonly file: string
  readonly kind: string | null
  readonly asAt: string | null
  readonly outcome: 'taken' | 'held'
  readonly reasons: readonly Refusal[]
  readonly counts: NightCounts
  readonly report: ImportReport | null
}

/** `problems` tells in words what was left where it is. */
export type NightReport = {
  readonly nightId: number
  readonly source: string
  readonly files: readonly NightStep[]
  readonly problems: readonly string[]
}

/**
 * Takes in every file of the night's folder that is not in yet, register files before what builds on them. A file that
 * would change too much waits for a person: nothing of it is stored but that it waits. Throws when the folder cannot be
 * read; the night then says so.
 */
export async function takeInNight(parts: NightParts): Promise<NightReport> {
  const { database, source, clock } = parts
  const place = source.addresses.join(' ') || source.folder
  const nightId = await beginNight(database.db, place)
  try {
    const problems = await fetchFiles(source, clock.today())
    const { found, left } = await findFiles(parts)
    const files: NightStep[] = []
    for (const file of found) files.push(await takeOne(parts, nightId, file))
    problems.push(...left)
    await endNight(database.db, nightId, problems.length > 0 ? problems.join('; ') : null)
    return { nightId, source: place, files, problems }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    await endNight(database.db, nightId, words).catch(() => undefined)
    throw error
  }
}

type NightlyFile = FoundFile & { readonly importKind: NightlyKind | undefined; readonly unreadable?: Refusal }

async function findFiles({ database, source, clock }: NightParts): Promise<{ found: NightlyFile[]; left: string[] }> {
  const names = (await listFolder(source.folder)).filter((name) => !name.startsWith('.')).sort()
  const left = names.filter((name) => !/\.csv(\.gz)?$/i.test(name)).map((name) => `${name} is no CSV and was left`)
  const found: NightlyFile[] = []
  for (const name of names.filter((one) => /\.csv(\.gz)?$/i.test(one))) {
    const dated = findDateInFileName(name, clock.today())
    const file = await lookAt(join(source.folder, name), name, dated ?? clock.today().toString())
    if (!(await isSettled(database.db, { ...file, asAt: dated }))) found.push(file)
  }
  const turn = ({ importKind }: NightlyFile) => (importKind ? NIGHTLY_KINDS.indexOf(importKind) : -1)
  found.sort((a, b) => turn(a) - turn(b) || (a.asAt ?? '').localeCompare(b.asAt ?? ''))
  return { found, left }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw new Error(`The folder of the nightly register cannot be read: ${folder}`, { cause: error })
  }
}

async function lookAt(path: string, name: string, asAt: string): Promise<NightlyFile> {
  try {
    const { sha256, header } = await inspectCsvFile(path)
    const kind = recogniseKind(header)
    return {
      name,
      path,
      sha256,
      asAt,
      kind: (kind && knownColumns(kind, header)?.layout.kind) ?? null,
      importKind: kind,
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk)
    const unreadable = { code: error.code, message: error.message }
    return { name, path, sha256: hash.digest('hex'), asAt, kind: null, importKind: undefined, unreadable }
  }
}

async function takeOne(parts: NightParts, nightId: number, file: NightlyFile): Promise<NightStep> {
  const kind = file.importKind
  if (!kind) {
    const unknown = { code: 'file.unknown-kind', message: 'Its columns are those of no file of the register' }
    return hold(parts, { file, nightId, counts: {}, reasons: [file.unreadable ?? unknown] })
  }
  let counts: NightCounts = {}
  const decision = await importFile(parts.database, {
    kind,
    file: file.path,
    asAt: file.asAt ?? undefined,
    strict: false,
    by: parts.by,
    clock: parts.clock,
    coverage: nightCoverage(kind, file.name),
    review: async (client, done) => {
      const trial = await readTrial(client, done, kind)
      counts = { rows: trial.rows, open: trial.open, closing: trial.closing, lastRows: trial.last?.rows ?? null }
      const reasons = decideHold(trial)
      if (reasons.length === 0) await storeTaken(client, { file, nightId, counts, dataFileId: done.report.dataFileId })
      return reasons
    },
  })
  if (!decision.ok) return hold(parts, { file, nightId, counts, reasons: decision.refusals })
  return { ...stepOf(file), outcome: 'taken', reasons: [], counts, report: decision.value }
}

/** What a night takes in is whole; of schools only the name can say which. */
export function nightCoverage(kind: ImportKind, name: string): string {
  return kind === 'schools' ? coverageOf(name) : 'whole file of a night'
}

type Held = { file: NightlyFile; nightId: number; counts: NightCounts; reasons: readonly Refusal[] }

async function hold({ database, by }: NightParts, held: Held): Promise<NightStep> {
  const { file, reasons, counts } = held
  await database.db.transaction().execute(async (transaction) => {
    const id = await storeHeld(transaction, held)
    await writeAudit(transaction, {
      actor: by,
      action: 'Import held for a person',
      record: 'register-night-file',
      recordKey: id,
      new: { file: file.name, kind: file.kind, asAt: file.asAt, why: reasons.map(({ message }) => message) },
    })
  })
  return { ...stepOf(file), outcome: 'held', reasons, counts, report: null }
}

function stepOf({ name, kind, asAt }: FoundFile) {
  return { file: name, kind, asAt }
}
