import { sql } from 'kysely'
import type { Actor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Database, Db } from './db.ts'
import { accept, type Decision, refuse } from './decision.ts'
import { findDatabaseKind } from './stamp.ts'

/** The day of a new demonstration, until somebody moves it. */
const FIRST_DAY = '2024-01-15'
/** Longer than all scenes together; a slip of the finger would run days for hours. */
const MOST_YEARS = 20

/**
 * What happens when a day begins, such as reminders and what becomes overdue: done once for every day, in the order of
 * days and of the list, within the transaction that moves the day. `day` is the ISO date that begins.
 */
export type DayJob = { readonly name: string; readonly run: (db: Db, day: string) => Promise<void> }

/**
 * The clock of a demonstration: "today" is the row that people and tests move, as of the last `refresh`, also when another
 * process or a statement moved it; "now" stays real. A demonstration without the row gets it.
 */
export async function openDemonstrationClock({ db }: Pick<Database, 'db'>, firstDay = FIRST_DAY): Promise<Clock> {
  let today = Temporal.PlainDate.from(firstDay)
  const refresh = async () => {
    const held = await findDay(db)
    if (held) today = Temporal.PlainDate.from(held.today)
    else await placeDay(db, { today: firstDay, scene: null })
  }
  await refresh()
  return { today: () => today, now: systemClock.now, refresh }
}

/** The clock of a database: a demonstration's own, real time for any other. */
export async function clockOf({ db }: Pick<Database, 'db'>): Promise<Clock> {
  return (await findDatabaseKind(db)) === 'demonstration' ? openDemonstrationClock({ db }) : systemClock
}

export type DemonstrationDay = { readonly today: string; readonly scene: string | null }

export async function findDay(db: Db): Promise<DemonstrationDay | undefined> {
  const { rows } = await sql<DemonstrationDay>`select today, scene from demonstration_clock`.execute(db)
  return rows[0]
}

/** Puts the day where a scene begins, or where there is none yet; no day is run. */
export async function placeDay(db: Db, { today, scene }: DemonstrationDay): Promise<void> {
  await sql`insert into demonstration_clock (today, scene) values (${today}, ${scene})
    on conflict (only_row) do update set today = excluded.today, scene = excluded.scene, moved_at = now()`.execute(db)
}

/** The day asked for, where it is a date, not before today and not absurdly far. */
export function decideDay(asked: string, today: string): Decision<string> {
  const day = readDay(asked)
  if (!day) return refuse(NO_DAY)
  if (Temporal.PlainDate.compare(day, today) < 0)
    return refuse({
      code: 'today.backward',
      field: 'today',
      message: `The day only moves forward from ${today}. Start again from a scene to go back.`,
    })
  if (Temporal.PlainDate.compare(day, Temporal.PlainDate.from(today).add({ years: MOST_YEARS })) > 0)
    return refuse({
      code: 'today.far',
      field: 'today',
      message: `The day moves ${MOST_YEARS} years at most`,
    })
  return accept(day.toString())
}

export const NO_DAY = {
  code: 'today.not-a-date',
  field: 'today',
  message: 'Write the day as year, month, day, such as 2024-01-15',
}

/** A date as YYYY-MM-DD, or undefined. */
export function readDay(text: string): Temporal.PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    return undefined
  }
}

export type MovedDay = { readonly today: string; readonly daysRun: number }

/**
 * Moves the day of a demonstration forward and does what each day between begins with, day by day; whole or not at all.
 * Somebody else who moves it at the same time is waited for. Refuses with `today.not-a-date`, `today.backward`, `today.far`.
 */
export async function moveDay(
  { database, clock, everyDay }: { database: Pick<Database, 'db'>; clock: Clock; everyDay: readonly DayJob[] },
  asked: string,
  by: Actor,
): Promise<Decision<MovedDay>> {
  const moved = await database.db.transaction().execute(async (db): Promise<Decision<MovedDay>> => {
    const { rows } = await sql<DemonstrationDay>`select today, scene from demonstration_clock for update`.execute(db)
    // A service whose clock stands still has no row until it is moved.
    const from = rows[0]?.today ?? clock.today().toString()
    const decided = decideDay(asked, from)
    if (!decided.ok || decided.value === from) return decided.ok ? accept({ today: from, daysRun: 0 }) : decided
    const days = daysAfter(from, decided.value)
    for (const day of days) for (const job of everyDay) await job.run(db, day)
    await placeDay(db, { today: decided.value, scene: rows[0]?.scene ?? null })
    await writeAudit(db, {
      actor: by,
      action: 'Day moved',
      record: 'demonstration',
      recordKey: 'today',
      old: { today: from },
      new: { today: decided.value },
    })
    return accept({ today: decided.value, daysRun: days.length })
  })
  await clock.refresh?.()
  return moved
}

function daysAfter(from: string, to: string): string[] {
  const start = Temporal.PlainDate.from(from)
  const count = start.until(to, { largestUnit: 'days' }).days
  return Array.from({ length: count }, (_, index) => start.add({ days: index + 1 }).toString())
}
