import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import type { Actor } from '../../platform/actor.ts'
import { writeAudit } from '../../platform/audit.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../../platform/decision.ts'
import { inspectCsvFile } from '../csv-file.ts'
import { importFile } from '../import-file.ts'
import { recogniseKind } from '../import-kinds.ts'
import type { ImportReport } from '../import-report.ts'
import { findNightFile, type NightFile } from './night-store.ts'
import { nightCoverage } from './take-night.ts'

type Parts = { readonly database: Database; readonly clock: Clock }
export type HeldDecision = { readonly id: number; readonly reason: string; readonly by: Actor }

const DECIDED: Refusal = { code: 'held.decided', message: 'Somebody has decided about this import already' }

/**
 * Takes in a held file although it changes much; the reason is kept. Refuses `held.unknown` (404), `held.decided` (409),
 * `reason.missing`, `held.file-gone` when the folder no longer has this content, and whatever the import refuses.
 */
export async function takeInAnyway({ database, clock }: Parts, asked: HeldDecision): Promise<Decision<ImportReport>> {
  const found = await findHeld(database, asked)
  if (!found.ok) return found
  const held = found.value
  const csv = await inspectCsvFile(held.path).catch(() => undefined)
  if (csv?.sha256 !== held.sha256)
    return refuse({
      code: 'held.file-gone',
      message: `The file ${held.name} is no longer there with this content, or cannot be read. Put it back, or throw the import away`,
    })
  const kind = recogniseKind(csv.header)
  if (!kind) return refuse({ code: 'file.unknown-kind', message: 'Its columns are those of no file of the register' })
  return importFile(database, {
    kind,
    file: held.path,
    asAt: held.asAt ?? undefined,
    strict: false,
    by: asked.by,
    clock,
    coverage: nightCoverage(kind, held.name),
    review: (client, { report }) => decide(client, asked, { outcome: 'taken-anyway', dataFileId: report.dataFileId }),
  })
}

/** Settles that a held file is not taken in; the same content is not held again. Refuses as above. */
export async function throwAway({ database }: Parts, asked: HeldDecision): Promise<Decision<{ readonly id: number }>> {
  const found = await findHeld(database, asked)
  if (!found.ok) return found
  const client = await database.pool.connect()
  try {
    await client.query('begin')
    const refusals = await decide(client, asked, { outcome: 'thrown-away', dataFileId: null })
    await client.query('commit')
    return refusals.length > 0 ? refuse(...refusals) : accept({ id: asked.id })
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function findHeld({ db }: Database, { id, reason }: HeldDecision): Promise<Decision<NightFile>> {
  const file = await findNightFile(db, id)
  if (!file) return refuse({ code: 'held.unknown', message: 'There is no held import of this number' })
  if (file.outcome !== 'held') return refuse(DECIDED)
  if (!reason) return refuse({ code: 'reason.missing', message: 'Say why, in a few words', field: 'reason' })
  return accept(file)
}

type Outcome = { readonly outcome: 'taken-anyway' | 'thrown-away'; readonly dataFileId: number | null }

async function decide(
  client: ClientBase,
  { id, reason, by }: HeldDecision,
  { outcome, dataFileId }: Outcome,
): Promise<Refusal[]> {
  const { rows } = await client.query<{ name: string }>(
    `update register_night_file
     set outcome = $2, data_file_id = $3, decided_at = now(), decided_by = $4, decision_reason = $5
     where id = $1 and outcome = 'held' returning name`,
    [id, outcome, dataFileId, by.name, reason],
  )
  const [file] = rows
  if (!file) return [DECIDED]
  await writeAudit(client, {
    actor: by,
    action: outcome === 'taken-anyway' ? 'Held import taken in anyway' : 'Held import thrown away',
    record: 'register-night-file',
    recordKey: id,
    new: { file: file.name, outcome },
    reason,
  })
  return []
}

/** How many imports wait for a person. */
export async function countHeld({ db }: Pick<Database, 'db'>): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select count(*)::int as held from register_night_file where outcome = 'held'`.execute(db)
  return rows[0]?.held ?? 0
}
