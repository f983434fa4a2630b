import { sql } from 'kysely'
import type { Db } from '../src/platform/db.ts'
import type { England } from './england-file.ts'

/** The programme whose catalogue the file's hubs belong to, and its words for them. */
const PROGRAMME = 'tsi'
const FROM = '2016-09-01'

type Place = { kind: string; areaKind: string; area: string; name: string }

/** Hubs of the authorities, the Research School of a region, and schools in marked areas. Repeating it changes nothing. */
export async function storeLocalPlaces(db: Db, england: England): Promise<void> {
  const rows = placesOf(england).map((place) => ({ ...place, link: linkOf(place.name) }))
  await sql`insert into local_place (programme, kind, area_kind, area, name, link, from_date, entered_by)
    select ${PROGRAMME}, r.kind, r."areaKind", r.area, r.name, r.link, ${FROM}::date, 'Invented England'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, "areaKind" text, area text, name text, link text)
    on conflict (programme, kind, area_kind, area) where until_date is null do nothing`.execute(db)
}

function placesOf({ authorities, regions, schools }: England): Place[] {
  const hubs = authorities.flatMap(({ id, hub }) =>
    hub ? [{ kind: 'teaching-school-hub', areaKind: 'authority', area: id, name: hub }] : [],
  )
  const research = authorities.flatMap(({ region, research_school: name }) => {
    const area = regions.find(({ id }) => id === region)?.name
    return name && area ? [{ kind: 'research-school', areaKind: 'region', area, name }] : []
  })
  const marked = schools
    .filter((school) => school.low_social_mobility_area)
    .map(({ urn }) => ({
      kind: 'low-social-mobility',
      areaKind: 'school',
      area: String(urn),
      name: 'Area of low social mobility',
    }))
  return [...hubs, ...research, ...marked]
}

/** An address that belongs to nobody (RFC 2606). */
function linkOf(name: string): string {
  return `https://example.org/${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`
}
