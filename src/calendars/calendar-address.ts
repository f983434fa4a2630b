import { sql } from 'kysely'
import { digest, newSecret } from '../accounts/index.ts'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'

type Parts = { readonly database: Database; readonly clock: Clock }

/** The private address that somebody has; the address itself is with its holder only. `lastReadOn`: a plain date. */
export type CalendarAddress = { readonly id: number; readonly madeAt: Date; readonly lastReadOn: string | null }

const NO_PERSON: Refusal = {
  code: 'calendar.no-person',
  message: 'A calendar is of a person: sign in as one, a program of an organisation has no dates of its own',
}
const NONE: Refusal = { code: 'calendar.none', message: 'You have no private calendar address' }

export function findAddress({ database }: Parts, { personId }: Actor): Promise<CalendarAddress | undefined> {
  return runAsMachine(async () => {
    const { rows } = await sql<CalendarAddress>`
      select id, made_at as "madeAt", last_read_on as "lastReadOn" from calendar_address
      where person_id = ${personId} and ended_at is null`.execute(database.db)
    return rows[0]
  })
}

/** Makes the private address of a person and answers its secret, once; one that there was ends at the same moment. */
export function makeAddress({ database, clock }: Parts, by: Actor): Promise<Decision<{ readonly token: string }>> {
  const { personId } = by
  if (personId === null) return Promise.resolve(refuse(NO_PERSON))
  const token = newSecret()
  const now = clock.now().toString()
  return runAsMachine(() =>
    database.db.transaction().execute(async (db) => {
      await sql`select from person where id = ${personId} for update`.execute(db)
      const isRenewed = await endWithin(db, personId, now)
      await sql`insert into calendar_address (person_id, token_hash, made_at)
        values (${personId}, ${digest(token)}, ${now})`.execute(db)
      await audit(db, by, isRenewed ? 'Calendar address renewed' : 'Calendar address made')
      return accept({ token })
    }),
  )
}

/** Ends the private address of a person. Refusal `calendar.none`. */
export function endAddress({ database, clock }: Parts, by: Actor): Promise<Decision<void>> {
  const { personId } = by
  if (personId === null) return Promise.resolve(refuse(NO_PERSON))
  return runAsMachine(() =>
    database.db.transaction().execute(async (db) => {
      if (!(await endWithin(db, personId, clock.now().toString()))) return refuse(NONE)
      await audit(db, by, 'Calendar address ended')
      return accept(undefined)
    }),
  )
}

async function endWithin(db: Db, personId: number, now: string): Promise<boolean> {
  const { rows } = await sql`update calendar_address set ended_at = ${now}
    where person_id = ${personId} and ended_at is null returning id`.execute(db)
  return rows.length > 0
}

function audit(db: Db, actor: Actor, action: string): Promise<void> {
  return writeAudit(db, { actor, action, record: 'person', recordKey: actor.personId ?? 0 })
}

/** Whose address a secret is: `ended` once it was renewed or ended, undefined where it never was one. Notes the day of the reading. */
export function findHolder(
  { database, clock }: Parts,
  token: string,
): Promise<{ readonly personId: number; readonly ended: boolean } | undefined> {
  return runAsMachine(async () => {
    const { rows } = await sql<{ id: number; personId: number; ended: boolean; lastReadOn: string | null }>`
      select id, person_id as "personId", ended_at is not null as ended, last_read_on as "lastReadOn"
      from calendar_address where token_hash = ${digest(token)}`.execute(database.db)
    const [found] = rows
    const today = clock.today().toString()
    if (found && !found.ended && found.lastReadOn !== today)
      await sql`update calendar_address set last_read_on = ${today} where id = ${found.id}`.execute(database.db)
    return found
  })
}
