import type { PoolClient } from 'pg'
import type { Actor } from '../../platform/actor.ts'
import { writeAudit } from '../../platform/audit.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { accept, type Decision, refuse } from '../../platform/decision.ts'
import { runAsMachine } from '../../platform/scope.ts'
import { submitOnce } from '../../platform/submit-once.ts'
import { IMPORT_LOCK } from '../import-file.ts'
import { refreshProjections } from '../projections.ts'
import type { RegisterReader } from '../register-at.ts'
import { findField } from './correction-fields.ts'
import { insertCorrection } from './correction-store.ts'
import { type AskedCorrection, decideCorrection, type NewCorrection } from './decide-correction.ts'
import { layCorrections, liftCorrections, storeCorrectionEvents } from './lay-corrections.ts'
import { readCorrectionFacts } from './read-correction-facts.ts'

export type CorrectionParts = {
  readonly database: Database
  readonly clock: Clock
  /** What other slices keep or work out from the register, to be listed before a correction is confirmed. */
  readonly restsOn?: readonly RestsOnRegister[]
}

/** One thing that rests on a fact, in words; `href` leads to it. */
export type RestingThing = { readonly words: string; readonly href?: string }

/** A part of the service that tells what a correction would change, or leave as it was recorded. */
export type RestsOnRegister = {
  readonly title: string
  readonly list: (asked: RestingAsked) => Promise<readonly RestingThing[]>
}

/** `before` reads the register as it is, `after` as the correction would make it. */
export type RestingAsked = {
  readonly school: { readonly id: number; readonly urn: number }
  readonly correction: NewCorrection
  readonly before: Database
  readonly after: RegisterReader
}

export type CorrectionAsked = {
  readonly school: { readonly id: number; readonly urn: number }
  readonly asked: AskedCorrection
  readonly by: Actor
  readonly submission?: string | undefined
}

export type RestingGroup = { readonly title: string; readonly things: readonly RestingThing[] }

/** Tries a correction, asks every part what would change, and undoes it. Refusals as `decideCorrection`. */
export async function tryCorrection(
  parts: CorrectionParts,
  asked: CorrectionAsked,
): Promise<Decision<{ readonly correction: NewCorrection; readonly rests: readonly RestingGroup[] }>> {
  return inCorrecting(parts, 'rollback', async (client) => {
    const stored = await store(client, parts, asked)
    if (!stored.ok) return stored
    const { correction } = stored.value
    const after = readInTurn(client)
    const rests: RestingGroup[] = []
    for (const { title, list } of parts.restsOn ?? [])
      rests.push({ title, things: await list({ school: asked.school, correction, before: parts.database, after }) })
    return accept({ correction, rests })
  })
}

/** Lays a correction over the register, with its audit entry and event. Refusals as `decideCorrection`. */
export async function makeCorrection(
  parts: CorrectionParts,
  asked: CorrectionAsked,
): Promise<Decision<{ readonly id: number }>> {
  return inCorrecting(parts, 'commit', (client) =>
    submitOnce(client, asked.submission, async () => {
      const stored = await store(client, parts, asked)
      return stored.ok ? accept({ id: stored.value.id }) : stored
    }),
  )
}

export type EndAsked = {
  readonly school: { readonly id: number; readonly urn: number }
  readonly id: number
  readonly reason: string
  readonly by: Actor
}

/** Undoes a correction: the register's own value stands again. Refuses `correction.unknown`, `correction.ended`, `reason.missing`. */
export async function endCorrection(parts: CorrectionParts, end: EndAsked): Promise<Decision<{ readonly id: number }>> {
  if (!end.reason) return refuse({ code: 'reason.missing', message: 'Say why the correction ends', field: 'reason' })
  return inCorrecting(parts, 'commit', async (client) => {
    await liftCorrections(client)
    const today = parts.clock.today().toString()
    const { rows } = await client.query<{ ended: boolean }>(
      'select ended_at is not null as ended from register_correction where id = $1 and establishment_id = $2',
      [end.id, end.school.id],
    )
    const [found] = rows
    if (!found) return refuse({ code: 'correction.unknown', message: 'There is no such correction of this school' })
    if (found.ended) return refuse({ code: 'correction.ended', message: 'This correction has ended already' })
    const ended = await client.query<{ field: string; corrected: object; register: object }>(
      `update register_correction set ended_at = now(), ended_on = $2, ended_how = 'person', ended_by = $3, end_reason = $4
       where id = $1 returning field, corrected, register`,
      [end.id, today, end.by.name, end.reason],
    )
    for (const { field, corrected, register } of ended.rows) {
      const event = {
        kind: 'correction-ended',
        id: end.id,
        establishment_id: end.school.id,
        field,
        from: corrected,
        to: register,
      } as const
      await storeCorrectionEvents(client, [event], today)
      await writeAudit(client, {
        actor: end.by,
        action: 'Correction ended',
        record: 'school-correction',
        recordKey: end.school.urn,
        old: { number: end.id, field, ...corrected },
        new: { ...register },
        reason: end.reason,
      })
    }
    await settle(client, { actor: end.by, today }, ended.rows[0]?.field ?? '')
    return accept({ id: end.id })
  })
}

async function store(
  client: PoolClient,
  { clock }: CorrectionParts,
  { school, asked, by }: CorrectionAsked,
): Promise<Decision<{ id: number; correction: NewCorrection }>> {
  await liftCorrections(client)
  const today = clock.today().toString()
  const decision = decideCorrection(asked, await readCorrectionFacts(client, { ...school, today }, asked))
  if (!decision.ok) return decision
  const correction = decision.value
  const id = await insertCorrection(client, school.id, correction, { today, name: by.name })
  const { field, register, corrected, source, sourceDate, holdsFrom, reason } = correction
  const event = {
    kind: 'corrected',
    id,
    establishment_id: school.id,
    field: field.id,
    from: register,
    to: corrected,
  } as const
  await storeCorrectionEvents(client, [event], today)
  await writeAudit(client, {
    actor: by,
    action: 'Register corrected',
    record: 'school-correction',
    recordKey: school.urn,
    old: { field: field.id, ...register },
    new: { number: id, ...corrected, source, sourceDate, holdsFrom },
    reason,
  })
  await settle(client, { actor: by, today }, field.id)
  return accept({ id, correction })
}

async function settle(client: PoolClient, by: { actor: Actor; today: string }, fieldId: string): Promise<void> {
  await layCorrections(client, by)
  await refreshProjections(client, findField(fieldId)?.projections ?? [])
}

/**
 * In one transaction, with no import beside it: both move the current rows. The register is everybody's, so it is the
 * machine's work, whoever asked for it.
 */
function inCorrecting<T>(
  parts: CorrectionParts,
  end: 'commit' | 'rollback',
  work: (client: PoolClient) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  return runAsMachine(() => inTransaction(parts, end, work))
}

async function inTransaction<T>(
  { database }: CorrectionParts,
  end: 'commit' | 'rollback',
  work: (client: PoolClient) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK])
    const decision = await work(client)
    await client.query(decision.ok ? end : 'rollback')
    return decision
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** One connection answers one question after the other, however many are asked at once. */
function readInTurn(client: PoolClient): RegisterReader {
  let last: Promise<unknown> = Promise.resolve()
  const query = (config: string) => {
    const next = last.then(() => client.query(config))
    last = next.catch(() => undefined)
    return next
  }
  return { pool: { query: query as unknown as RegisterReader['pool']['query'] } } // handed through as it was asked, in every form
}
