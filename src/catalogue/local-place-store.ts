import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { Catalogue } from '../programmes/index.ts'
import { decideEnd, decideLocalPlace, findAreaKind, type LocalPlace, type NewLocalPlace } from './local-places.ts'

/** The places of a programme that serve on a day (ISO date). */
export async function listLocalPlaces(db: Db, programme: string, on: string): Promise<LocalPlace[]> {
  const { rows } = await sql<LocalPlace>`
    select id, kind, area_kind as "areaKind", area, name, link, from_date as "from", until_date as until
    from local_place
    where programme = ${programme} and from_date <= ${on}::date and (until_date is null or until_date >= ${on}::date)
    order by kind, area_kind, area, id`.execute(db)
  return rows
}

/** All of them, those to come and those that ended too, with the name of each area. */
export async function listAllLocalPlaces(
  db: Db,
  programme: string,
): Promise<(LocalPlace & { areaName: string; enteredBy: string })[]> {
  const { rows } = await sql<LocalPlace & { areaName: string; enteredBy: string }>`
    select p.id, p.kind, p.area_kind as "areaKind", p.area, p.name, p.link, p.from_date as "from",
      p.until_date as until, p.entered_by as "enteredBy", coalesce(a.name, e.name, p.area) as "areaName"
    from local_place p
      left join authority a on p.area_kind = 'authority' and a.code = p.area
      left join establishment e on p.area_kind = 'school' and e.urn::text = p.area
    where p.programme = ${programme}
    order by p.until_date is not null, p.kind, "areaName", p.from_date desc, p.id`.execute(db)
  return rows
}

export type EnterPlace = {
  readonly programme: string
  readonly catalogue: Catalogue
  readonly typed: NewLocalPlace
  readonly by: Actor
  readonly submission?: string | undefined
}

/** Enters a place and ends the one that served its area before, together. */
export function enterLocalPlace({ db }: Pick<Database, 'db'>, asked: EnterPlace): Promise<Decision<{ id: number }>> {
  return db
    .transaction()
    .execute((transaction) => submitOnce(transaction, asked.submission, () => enter(transaction, asked)))
}

async function enter(db: Db, { programme, catalogue, typed, by }: EnterPlace): Promise<Decision<{ id: number }>> {
  // One entering for a programme at a time: two for the same area would both find the same place serving.
  await sql`select pg_advisory_xact_lock(hashtext(${`local_place ${programme}`}))`.execute(db)
  const serving = await findServing(db, programme, typed)
  const areaExists = await findArea(db, typed)
  const decision = decideLocalPlace(typed, { places: catalogue.places, areaExists, serving })
  if (!decision.ok) return decision
  const { place, ends } = decision.value
  if (ends) await sql`update local_place set until_date = ${ends.until} where id = ${ends.id}`.execute(db)
  const { rows } = await sql<{ id: number }>`
    insert into local_place (programme, kind, area_kind, area, name, link, from_date, entered_by)
    values (${programme}, ${place.kind}, ${place.areaKind}, ${place.area}, ${place.name}, ${place.link}, ${place.from},
      ${by.name})
    returning id`.execute(db)
  const id = rows[0]?.id ?? 0
  await writeAudit(db, {
    actor: by,
    action: 'Local place entered',
    record: 'local-place',
    recordKey: id,
    old: serving && ends ? { served: serving.name, until: ends.until } : {},
    new: place,
  })
  return accept({ id })
}

async function findServing(db: Db, programme: string, { kind, areaKind, area }: NewLocalPlace) {
  const { rows } = await sql<Pick<LocalPlace, 'id' | 'name' | 'from'>>`
    select id, name, from_date as "from" from local_place
    where programme = ${programme} and kind = ${kind} and area_kind = ${areaKind} and area = ${area}
      and until_date is null`.execute(db)
  return rows[0]
}

async function findArea(db: Db, { areaKind, area }: NewLocalPlace): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select case ${findAreaKind(areaKind) ?? ''}::text
      when 'region' then exists (select from authority where region = ${area})
      when 'authority' then exists (select from authority where code = ${area})
      when 'school' then exists (select from establishment where urn::text = ${area})
      else false end as found`.execute(db)
  return rows[0]?.found === true
}

export type EndPlace = { readonly programme: string; readonly id: number; readonly until: string; readonly by: Actor }

/** Ends a place with a day; undefined when the programme has none of this number. */
export function endLocalPlace(
  { db }: Pick<Database, 'db'>,
  { programme, id, until, by }: EndPlace,
): Promise<Decision<{ id: number }> | undefined> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<Pick<LocalPlace, 'from' | 'until' | 'name'>>`
      select from_date as "from", until_date as until, name from local_place
      where id = ${id} and programme = ${programme} for no key update`.execute(transaction)
    const [place] = rows
    if (!place) return undefined
    const decision = decideEnd(place, until)
    if (!decision.ok) return refuse(...decision.refusals)
    await sql`update local_place set until_date = ${until} where id = ${id}`.execute(transaction)
    await writeAudit(transaction, {
      actor: by,
      action: 'Local place ended',
      record: 'local-place',
      recordKey: id,
      old: { name: place.name, until: null },
      new: { until },
    })
    return accept({ id })
  })
}
