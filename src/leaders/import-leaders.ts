import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { countOf, thousands } from '../platform/words.ts'
import { checkHomeRegion } from './home-region.ts'
import { checkLeader, type Leader } from './leader.ts'
import { type FileRow, readLeaderFile } from './leader-file.ts'
import { recordHistory } from './leader-history.ts'
import { historyValues, insertLeaders, lockLeaders, readLeaders, type StoredLeader } from './leader-store.ts'
import { inTransaction } from './leader-tables.ts'
import { readRegions, resolvePlaces } from './register-facts.ts'
import { type Saved, storeChange } from './save-leader.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

/** Why a row was not taken in: its line in the file, the field and what is wrong. */
export type LeaderFault = { readonly line: number; readonly field: string; readonly message: string }

/** `read` counts the records below the column names; the other four add up to it. */
export type LeaderImportReport = {
  readonly file: string
  readonly kind: 'leaders'
  readonly totals: {
    readonly read: number
    readonly added: number
    readonly changed: number
    readonly unchanged: number
    readonly rejected: number
  }
  readonly faults: readonly LeaderFault[]
  readonly ignoredColumns: readonly string[]
}

export type ImportLeaders = {
  readonly fileName: string
  readonly bytes: Buffer
  /** One bad row, and nothing is saved: refused with every fault, each naming its line. */
  readonly strict: boolean
  readonly vocabulary: LeaderVocabulary
  readonly by: Actor
}

/** Takes in a CSV of leaders in one transaction: known references are changed, new ones added, bad rows listed. */
export function importLeaders(
  database: Pick<Database, 'db'>,
  asked: ImportLeaders,
): Promise<Decision<LeaderImportReport>> {
  const file = readLeaderFile(asked.bytes, asked.vocabulary)
  if (!file.ok) return Promise.resolve(file)
  return inTransaction(database.db, async (db) => {
    const { rows, ignoredColumns } = file.value
    const checked = await checkRows(db, rows, asked.vocabulary)
    if (asked.strict && checked.faults.length > 0) return refuse(...checked.faults.map(asRefusal))
    const outcomes = await saveRows(db, checked, asked)
    const faults = [...checked.faults, ...outcomes.faults].sort((a, b) => a.line - b.line)
    if (asked.strict && outcomes.faults.length > 0) {
      // Thrown, so that what was already written of this file is undone.
      throw new StrictRefusal(faults)
    }
    const count = (outcome: Saved['outcome']) => outcomes.saved.filter((one) => one === outcome).length
    const totals = {
      read: rows.length,
      added: count('added'),
      changed: count('changed'),
      unchanged: count('unchanged'),
      rejected: rows.length - outcomes.saved.length,
    }
    await writeAudit(db, {
      actor: asked.by,
      action: 'File of leaders taken in',
      record: 'leader-file',
      recordKey: asked.fileName,
      new: totals,
    })
    return accept({ file: asked.fileName, kind: 'leaders', totals, faults, ignoredColumns } as const)
  }).catch((error: unknown) => {
    if (error instanceof StrictRefusal) return refuse(...error.faults.map(asRefusal))
    throw error
  })
}

class StrictRefusal extends Error {
  readonly faults: readonly LeaderFault[]
  constructor(faults: readonly LeaderFault[]) {
    super('Rows of the file are wrong')
    this.faults = faults
  }
}

function asRefusal({ line, field, message }: LeaderFault): Refusal {
  return { code: 'import.row', message: `Line ${line}: ${message}`, field }
}

type Checked = { readonly good: readonly { line: number; leader: Leader }[]; readonly faults: readonly LeaderFault[] }

async function checkRows(db: Db, rows: readonly FileRow[], vocabulary: LeaderVocabulary): Promise<Checked> {
  const places = await resolvePlaces(
    db,
    rows.map((row) => row.fields),
  )
  const regions = await readRegions(db)
  const seen = new Map<string, number>()
  const good: { line: number; leader: Leader }[] = []
  const faults: LeaderFault[] = []
  for (const { line, fields } of rows) {
    const earlier = seen.get(fields.reference)
    if (earlier !== undefined && fields.reference) {
      faults.push({ line, field: 'reference', message: `${fields.reference} was already on line ${earlier}` })
      continue
    }
    seen.set(fields.reference, line)
    const organisation = places.organisations.get(fields.organisation)
    const decision = checkLeader(fields, { vocabulary, regions, organisation, base: places.bases.get(fields.base) })
    if (decision.ok) good.push({ line, leader: decision.value })
    else faults.push(...decision.refusals.map(({ field = '', message }) => ({ line, field, message })))
  }
  return { good, faults }
}

async function saveRows(
  db: Db,
  { good }: Checked,
  { vocabulary, by, fileName }: ImportLeaders,
): Promise<{ saved: Saved['outcome'][]; faults: LeaderFault[] }> {
  const stored = await lockKnown(
    db,
    good.map(({ leader }) => leader.reference),
  )
  const fresh = good.filter(({ leader }) => !stored.has(leader.reference))
  const added = await insertLeaders(
    db,
    fresh.flatMap(({ leader }) => (checkHomeRegion(by, leader).length > 0 ? [] : [leader])),
  )
  await recordHistory(
    db,
    by,
    added.map(({ id, leader }) => ({
      leaderId: id,
      what: 'Added',
      after: historyValues(leader),
      reason: `File ${fileName}`,
    })),
  )
  const saved: Saved['outcome'][] = added.map(() => 'added')
  const faults = refusedFresh(fresh, new Set(added.map(({ leader }) => leader.reference)), by)
  for (const { line, leader } of good) {
    const before = stored.get(leader.reference)
    if (!before) continue
    // A file lists people of the register; a term that it does not mention keeps its days.
    const after = { ...leader, days: { ...before.leader.days, ...leader.days } }
    const elsewhere = checkHomeRegion(by, leader, before.leader)
    if (before.leader.exercise)
      elsewhere.push({
        code: 'leader.exercise',
        message: `${leader.reference} is an invented leader`,
        field: 'reference',
      })
    const decision =
      elsewhere.length > 0 ? refuse(...elsewhere) : await storeChange(db, { before, after, reason: '', vocabulary, by })
    if (decision.ok) saved.push(decision.value.outcome)
    else faults.push(...decision.refusals.map(({ field = '', message }) => ({ line, field, message })))
  }
  return { saved, faults }
}

/** New leaders of regions of others, and references that are taken where this person does not see. */
function refusedFresh(fresh: Checked['good'], added: ReadonlySet<string>, by: Actor): LeaderFault[] {
  return fresh.flatMap(({ line, leader }) => {
    if (added.has(leader.reference)) return []
    const [{ field = '', message } = TAKEN] = checkHomeRegion(by, leader)
    return [{ line, field, message }]
  })
}

const TAKEN: Refusal = {
  code: 'reference.taken',
  message: 'There is already a leader with this reference',
  field: 'reference',
}

async function lockKnown(db: Db, references: readonly string[]): Promise<Map<string, StoredLeader>> {
  const known = await readLeaders(db, references)
  await lockLeaders(
    db,
    known.map(({ id }) => id),
  )
  const locked = await readLeaders(
    db,
    known.map(({ leader }) => leader.reference),
  )
  return new Map(locked.map((one) => [one.leader.reference, one]))
}

/** The report as the terminal shows it. */
export function formatLeaderImport({ file, totals, faults, ignoredColumns }: LeaderImportReport): string {
  const lines = [
    `${file}: leaders`,
    `  read ${thousands(totals.read)}, added ${thousands(totals.added)}, changed ${thousands(totals.changed)}, ` +
      `unchanged ${thousands(totals.unchanged)}, rejected ${thousands(totals.rejected)}`,
    ...faults.map(({ line, field, message }) => `  line ${line}, ${field}: ${message}`),
  ]
  if (faults.length > 0) lines.push(`  ${countOf(totals.rejected, 'row')} not taken in`)
  if (ignoredColumns.length > 0) lines.push(`  columns not used: ${ignoredColumns.join(', ')}`)
  return `${lines.join('\n')}\n`
}
