import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Base, LeaderFields, Organisation } from './leader.ts'

/** Regions as the register names them. */
export async function readRegions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ region: string }>`select distinct region from authority order by region`.execute(db)
  return rows.map((row) => row.region)
}

/** What the texts of many leaders mean in the register, by the text as typed; a text that means nothing is absent. */
export type Places = {
  readonly organisations: ReadonlyMap<string, Organisation>
  readonly bases: ReadonlyMap<string, Base>
}

/**
 * Looks up organisations and bases: a URN, the uid or group id of a trust, or the full name when exactly one school or
 * trust has it. An invented leader's organisation stays the plain name it was given.
 */
export async function resolvePlaces(db: Db, all: readonly LeaderFields[]): Promise<Places> {
  const texts = [...new Set(all.flatMap((fields) => [fields.organisation, fields.base]).filter((text) => text !== ''))]
  const schools = await schoolsByText(db, texts)
  const trusts = await trustsByText(db, texts)
  const organisations = new Map<string, Organisation>()
  const bases = new Map<string, Base>()
  for (const text of texts) {
    const school = schools.get(text)
    const organisation = school ? schoolAsOrganisation(school) : trusts.get(text)
    if (organisation) organisations.set(text, organisation)
    const base = school ? schoolAsBase(school) : pointOf(text)
    if (base) bases.set(text, base)
  }
  for (const { exercise, organisation } of all)
    if (exercise && organisation && !organisations.has(organisation))
      organisations.set(organisation, {
        kind: 'invented',
        key: organisation,
        name: organisation,
        establishmentId: null,
      })
  return { organisations, bases }
}

type School = { id: number; urn: number; name: string; easting: number | null; northing: number | null }

async function schoolsByText(db: Db, texts: readonly string[]): Promise<Map<string, School>> {
  const { rows } = await sql<School & { text: string }>`
    select t.text, e.id, e.urn, e.name, e.easting, e.northing
    from unnest(${[...texts]}::text[]) as t(text)
      join establishment e on e.urn = case when t.text ~ '^[0-9]{6}$' then t.text::integer end
    union all
    select t.text, min(e.id), min(e.urn), min(e.name), min(e.easting), min(e.northing)
    from unnest(${texts.filter((text) => !/^[\d, ]+$/.test(text))}::text[]) as t(text)
      join establishment e on e.name = t.text and e.closed is null
    group by t.text having count(*) = 1`.execute(db)
  return new Map(rows.map((row) => [row.text, row]))
}

async function trustsByText(db: Db, texts: readonly string[]): Promise<Map<string, Organisation>> {
  const { rows } = await sql<{ text: string; uid: string; name: string }>`
    select t.text, min(g.uid) as uid, min(g.name) as name
    from unnest(${[...texts]}::text[]) as t(text)
      join establishment_group g on t.text in (g.uid, g.group_id) or (lower(g.name) = lower(t.text) and g.closed is null)
    group by t.text having count(*) = 1`.execute(db)
  return new Map(
    rows.map((row) => [row.text, { kind: 'trust', key: row.uid, name: row.name, establishmentId: null }] as const),
  )
}

function schoolAsOrganisation(school: School): Organisation {
  return { kind: 'school', key: String(school.urn), name: school.name, establishmentId: school.id }
}

function schoolAsBase({ id, urn, name, easting, northing }: School): Base {
  return { key: String(urn), name, establishmentId: id, easting, northing }
}

/** "434800, 551000": a point of the British National Grid in metres, within the bounds of England. */
function pointOf(text: string): Base | undefined {
  const [, easting, northing] = /^(\d{5,6})\s*,\s*(\d{4,6})$/.exec(text) ?? []
  if (!easting || !northing) return undefined
  const point = { easting: Number(easting), northing: Number(northing) }
  if (point.easting > 700_000 || point.northing > 700_000) return undefined
  const key = `${point.easting}, ${point.northing}`
  return { key, name: key, establishmentId: null, ...point }
}
