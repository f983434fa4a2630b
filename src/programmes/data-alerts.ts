import { sql } from 'kysely'
import { findRoleHolders } from '../accounts/index.ts'
import type { Db } from '../platform/db.ts'
import { countOf } from '../platform/words.ts'
import { type Pack, packRef } from './pack-schema.ts'
import { findContact, listRegions } from './value-store.ts'

/** Something that an administrator keeps and that is missing today, with the page where it is mended. */
export type DataAlert = { readonly code: string; readonly message: string; readonly href: string }

/** Everything that is missing on a day (ISO date): worked out anew each time, so that a mended one is gone. */
export async function listDataAlerts(db: Db, packs: readonly Pack[], on: string): Promise<DataAlert[]> {
  const found = await Promise.all(
    packs.map(async (pack) => [...(await missingContacts(db, pack, on)), ...(await missingRoles(db, pack, on))]),
  )
  return found.flat()
}

/** Regions for which a contact that is kept by region has nobody (TSI-014, TSI-067). */
async function missingContacts(db: Db, pack: Pack, on: string): Promise<DataAlert[]> {
  const regions = await listRegions(db)
  const alerts: DataAlert[] = []
  for (const [id, declared] of Object.entries(pack.values ?? {})) {
    if (declared.of !== 'contact' || declared.by.join() !== 'region') continue
    for (const region of regions) {
      const { contact, standIns } = await findContact(db, { pack, id, key: [region], on })
      if (contact) continue
      const instead = standIns.map(({ name }) => name).join(' or ') || 'nobody'
      alerts.push({
        code: 'contact.missing',
        message: `${declared.title}: ${region} has nobody today. People are sent to ${instead} instead.`,
        href: `/programmes/${packRef(pack)}/values/${id}?${new URLSearchParams({ key: region })}`,
      })
    }
  }
  return alerts
}

/** Authorities named in an alert before the rest are only counted. */
const NAMED = 5

/** Authorities without anybody in a role whose holders are their contacts (TSI-019). */
async function missingRoles(db: Db, pack: Pack, on: string): Promise<DataAlert[]> {
  const { rows: authorities } = await sql<{ code: string; name: string; region: string }>`
    select code, name, region from authority where region is not null order by name`.execute(db)
  const alerts: DataAlert[] = []
  for (const [role, { title, ...declared }] of Object.entries(pack.roles)) {
    if (declared['contact-of'] !== 'authority' || declared['may-be-missing']) continue
    const held = await findHeldAuthorities(db, { pack, role, on })
    const missing = held === 'all' ? [] : authorities.filter(({ code }) => !held.has(code))
    if (missing.length === 0) continue
    const names = missing.slice(0, NAMED).map(({ name }) => name)
    const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : ''
    alerts.push({
      code: 'role.missing',
      message: `${title}: nobody for ${countOf(missing.length, 'authority', 'authorities')}: ${names.join(', ')}${more}.`,
      href: '/people',
    })
  }
  return alerts
}

/** One question for all authorities: asking for each of 150 would be slow. */
async function findHeldAuthorities(
  db: Db,
  { pack, role, on }: { pack: Pack; role: string; on: string },
): Promise<ReadonlySet<string> | 'all'> {
  const everywhere = await findRoleHolders(db, { programme: pack.programme, role, place: {}, on })
  if (everywhere.length > 0) return 'all'
  const { rows } = await sql<{ code: string }>`
    select distinct unnest(scope_values) as code from role_grant g join person p on p.id = g.person_id
    where g.programme = ${pack.programme} and g.role = ${role} and scope_kind = 'authority' and p.state <> 'removed'
      and from_date <= ${on}::date and (to_date is null or to_date >= ${on}::date)`.execute(db)
  return new Set(rows.map(({ code }) => code))
}
