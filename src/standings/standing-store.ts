import { sql } from 'kysely'
import { NO_SCOPE, type Scope } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import type { StandingChange, StandingValue } from './standing-rules.ts'

/** A value as it is kept, with who set it in which role, why, and in which case. */
export type StandingRecord = StandingValue & {
  readonly id: number
  readonly urn: number
  readonly as: string | null
  readonly reason: string | null
  readonly case: string | null
  readonly recordedOn: string
}

/** Which standing of which programme; every edition of a programme goes on with the same one. */
export type StandingKey = { readonly pack: Pick<Pack, 'programme' | 'edition'>; readonly standing: string }

const COLUMNS = sql`s.id, e.urn, s.level, s.variant, s.from_on as "from", s.until_on as "until", s.origin, s.row_id as "row",
  s.evidence, s.decided_by as "by", s.decided_as as "as", s.reason, s.case_reference as "case", s.recorded_on as "recordedOn"`

/** The history of one school, oldest first, with what was set aside. `lock`: nobody else sets it until the transaction ends. */
export async function readStanding(db: Db, key: StandingKey, urn: number, lock = false): Promise<StandingRecord[]> {
  const { programme } = key.pack
  if (lock)
    await sql`select pg_advisory_xact_lock(hashtext(${`standing/${programme}/${key.standing}/${urn}`}))`.execute(db)
  const { rows } = await sql<StandingRecord>`
    select ${COLUMNS} from standing s join establishment e on e.id = s.establishment_id
    where s.programme = ${programme} and s.standing = ${key.standing} and e.urn = ${urn}
    order by s.from_on, s.id`.execute(db)
  return rows
}

/** The histories of every school that has one, by URN. */
export async function readStandings(db: Db, { pack, standing }: StandingKey): Promise<Map<number, StandingRecord[]>> {
  const { rows } = await sql<StandingRecord>`
    select ${COLUMNS} from standing s join establishment e on e.id = s.establishment_id
    where s.programme = ${pack.programme} and s.standing = ${standing} order by s.from_on, s.id`.execute(db)
  return Map.groupBy(rows, ({ urn }) => urn)
}

export type SetBy = {
  readonly origin: StandingValue['origin']
  readonly row: string | null
  readonly evidence: string
  readonly by: string
  readonly as: string | null
  readonly personId: number | null
  readonly reason: string | null
  readonly case: string | null
  readonly on: string
  readonly door: string
}

/** Keeps a change: first the ends move, then the new value stands. The caller holds the lock of `readStanding`. */
export async function saveStanding(
  db: Db,
  { pack, standing }: StandingKey,
  urn: number,
  { change, set }: { change: StandingChange<StandingRecord>; set: SetBy },
): Promise<void> {
  for (const { value, until } of change.ends)
    await sql`update standing set until_on = ${until} where id = ${value.id}`.execute(db)
  if (!change.set) return
  const { level, variant, from, until } = change.set
  await sql`
    insert into standing (programme, edition, standing, establishment_id, level, variant, from_on, until_on, origin, row_id,
      evidence, decided_by, decided_as, person_id, reason, case_reference, recorded_on, door)
    values (${pack.programme}, ${pack.edition}, ${standing}, (select id from establishment where urn = ${urn}), ${level},
      ${variant}, ${from}, ${until}, ${set.origin}, ${set.row}, ${set.evidence}, ${set.by}, ${set.as}, ${set.personId},
      ${set.reason}, ${set.case}, ${set.on}, ${set.door})`.execute(db)
}

/** Where the holders of roles look after schools on a day, all together: whose schools a programme is for. */
export async function readPlacesOf(
  db: Db,
  { programme, roles, on }: { programme: string; roles: readonly string[]; on: string },
): Promise<Scope> {
  const { rows } = await sql<{ kind: string; values: string[] }>`
    select scope_kind as kind, scope_values as values from role_grant
    where programme = ${programme} and role = any(${[...roles]}) and from_date <= ${on}::date
      and (to_date is null or to_date >= ${on}::date)`.execute(db)
  const of = (kind: string) => rows.filter((one) => one.kind === kind).flatMap(({ values }) => values)
  return {
    ...NO_SCOPE,
    everything: rows.some(({ kind }) => kind === 'national'),
    regions: of('region'),
    authorities: of('authority'),
    organisations: of('organisation'),
    establishments: of('establishment').map(Number),
  }
}
