import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { RegisterEvent } from './register-event.ts'

const MOST_AT_ONCE = 500

const EVENT = sql`select v.id, v.kind, v.establishment_id as "establishmentId", e.urn, e.name,
    case when o.id is null then null
         else jsonb_build_object('establishmentId', o.id, 'urn', o.urn, 'name', o.name) end as other,
    v.from_values as "from", v.to_values as "to", v.on_date as "on", v.seen_at as "seenAt",
    case when f.id is null then null
         else jsonb_build_object('id', f.id, 'title', f.title, 'asAt', f.as_at) end as file
  from register_event v
  join establishment e on e.id = v.establishment_id
  left join establishment o on o.id = v.other_establishment_id
  left join data_file f on f.id = v.data_file_id`

/** Events with a number above `cursor` in the order in which they were seen, at most `most` (500 without). */
export async function readEventsSince(db: Db, cursor: number, most = MOST_AT_ONCE): Promise<RegisterEvent[]> {
  const { rows } = await sql<RegisterEvent>`${EVENT} where v.id > ${cursor} order by v.id limit ${most}`.execute(db)
  return rows
}

/**
 * Hands every event that `taker` has not taken yet to `handle`, once: what `handle` stores through the `db` that it is
 * given and how far the taker has come are one transaction, so a failure or a kill leaves both undone. Takes at most
 * 500 events for each transaction and goes on until none is left. Given a transaction it works in that, and only its
 * first 500. Answers how many were taken. A new taker begins with the first event ever, or with `beginAt` "now".
 */
export async function takeEvents(
  db: Db,
  taker: string,
  handle: (db: Db, events: readonly RegisterEvent[]) => Promise<void>,
  { beginAt = 'start' }: { beginAt?: 'start' | 'now' } = {},
): Promise<number> {
  await sql`insert into register_event_taker (taker, last_event_id)
    values (${taker}, ${beginAt === 'start' ? sql`0` : sql`(select coalesce(max(id), 0) from register_event)`})
    on conflict do nothing`.execute(db)
  if (db.isTransaction) return takeSome(db, taker, handle)
  let taken = 0
  for (;;) {
    const some = await db.transaction().execute((transaction) => takeSome(transaction, taker, handle))
    if (some === 0) return taken
    taken += some
  }
}

async function takeSome(
  db: Db,
  taker: string,
  handle: (db: Db, events: readonly RegisterEvent[]) => Promise<void>,
): Promise<number> {
  // Another process with the same taker waits here.
  const { rows } = await sql<{ last: number }>`
    select last_event_id as last from register_event_taker where taker = ${taker} for update`.execute(db)
  const events = await readEventsSince(db, rows[0]?.last ?? 0)
  const last = events.at(-1)
  if (!last) return 0
  await handle(db, events)
  await sql`update register_event_taker set last_event_id = ${last.id}, taken_at = now() where taker = ${taker}`.execute(
    db,
  )
  return events.length
}

/** A night on which something was taken in: the day in London, with how many events of each kind. */
export type ChangedNight = { readonly night: string; readonly counts: Readonly<Record<string, number>> }

const NIGHT = sql`(v.seen_at at time zone 'Europe/London')::date`

/** The last 60 days on which files changed something, latest first. */
export async function listChangedNights(db: Db): Promise<ChangedNight[]> {
  const { rows } = await sql<ChangedNight>`
    select night, jsonb_object_agg(kind, events) as counts
    from (select ${NIGHT} as night, v.kind, count(*)::int as events from register_event v group by 1, 2) counted
    group by night order by night desc limit 60`.execute(db)
  return rows
}

export type NightEventsAsked = {
  readonly night: string
  readonly kind?: string | undefined
  readonly from: number
  readonly most: number
}

/** What one night changed, of one kind or all, school by school. */
export async function listNightEvents(
  db: Db,
  { night, kind, from, most }: NightEventsAsked,
): Promise<{ total: number; events: RegisterEvent[] }> {
  const asked = sql`where ${NIGHT} = ${night}::date and (${kind ?? null}::text is null or v.kind = ${kind ?? null})`
  const [counted, { rows: events }] = await Promise.all([
    sql<{ total: number }>`select count(*)::int as total from register_event v ${asked}`.execute(db),
    sql<RegisterEvent>`${EVENT} ${asked} order by v.kind, e.name, v.id offset ${from} limit ${most}`.execute(db),
  ])
  return { total: counted.rows[0]?.total ?? 0, events }
}
