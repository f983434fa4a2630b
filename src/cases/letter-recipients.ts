import { sql } from 'kysely'
import { findOrganisationKey, findRoleHolders } from '../accounts/index.ts'
import type { Place as Addressee, Holder, Places, ResolveRecipient, Situation } from '../messages/index.ts'
import type { Place } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { findContact, type Letter, type Pack } from '../programmes/index.ts'
import type { CaseRecord } from './case-store.ts'

/** A trust of the register by its number or its name, as somebody typed it; null where that is none or several. */
export async function findPartner(db: Db, typed: string | undefined): Promise<Addressee | null> {
  if (!typed) return null
  const { rows } = await sql<Addressee>`select uid as key, name from establishment_group
    where uid = ${typed} or lower(name) = lower(${typed}) order by (uid = ${typed}) desc limit 2`.execute(db)
  const [first, second] = rows
  return first && (first.key === typed || !second) ? first : null
}

type LetterLeader = { readonly id: number; readonly reference: string; readonly name: string } | undefined
export type LetterAbout = {
  readonly record: CaseRecord
  readonly leader: LetterLeader
  readonly outcome: string
  readonly today: string
  /** The trust that supports in a partnership, as a place. */
  readonly partner?: Addressee | null
}

/** What a letter of a case is written for: its places, the kind of its subject, the outcome that is told. */
export function situationOf(
  letter: Letter,
  { record, leader, outcome, today, partner = null }: LetterAbout,
): Situation {
  return {
    pack: record.pack,
    letter,
    places: { ...placesOf(record, leader), partner },
    subjectKind: KINDS[record.kind],
    ...(outcome && { outcome }),
    on: today,
  }
}

const KINDS: Readonly<Record<CaseRecord['kind'], Situation['subjectKind']>> = {
  'single school': 'single-school',
  'school in trust': 'trust-school',
  trust: 'trust',
}

function placesOf(record: CaseRecord, leader: LetterLeader): Places {
  const { urn, name, trustUid, trustName, authorityCode, authorityName, diocese, region } = record
  const at = (key: string | null | undefined, words?: string | null) => (key ? { key, name: words || key } : null)
  return {
    school: at(urn === null ? null : String(urn), name),
    trust: at(trustUid, trustName),
    authority: at(authorityCode, authorityName),
    diocese: at(diocese),
    region: at(region),
    leader: at(leader?.reference, leader?.name),
  }
}

/**
 * Who holds a role at a place on the day of the letter. A role of a region that a contact kept in the service stands for is that
 * contact (TSI-067); a leader without an account is written to at the address on the roster.
 */
export function resolverOf(db: Db, pack: Pack): ResolveRecipient {
  return async ({ role, of, place: { key }, on }) => {
    if (of === 'region' && role !== undefined && contactValueOf(pack)?.role === role) {
      const contact = await readRegionContact(db, pack, { region: key, on })
      return contact ? [contact] : []
    }
    // A diocese is known to the register by its name, and to people's roles by its key.
    const diocese = of === 'diocese' ? await findOrganisationKey(db, { kind: 'diocese', name: key }) : null
    const place = PLACE_OF[of]?.(diocese ?? key)
    const holders =
      place && role !== undefined ? await findRoleHolders(db, { programme: pack.programme, role, place, on }) : []
    return holders.length > 0 || of !== 'leader' ? holders : readRosterAddress(db, key)
  }
}

const PLACE_OF: { readonly [of in keyof Places]?: (key: string) => Place } = {
  school: (key) => ({ urn: Number(key) }),
  trust: (key) => ({ trust: key }),
  authority: (key) => ({ authority: key }),
  diocese: (key) => ({ diocese: key }),
  region: (key) => ({ region: key }),
  partner: (key) => ({ trust: key }),
  leader: (key) => ({ leader: key }),
}

/**
 * Who may end an open step on a day, by the keys that say who may: those of its place, or while there are none, those for all of
 * England. A leader without an account is written to at the address on the roster.
 */
export async function readOwners(db: Db, acts: readonly string[], on: string): Promise<Holder[]> {
  const { rows } = await sql<Holder & { national: boolean }>`
    select p.id as "personId", p.name, p.email, bool_and(g.scope_kind = 'national') as national
    from role_grant g join person p on p.id = g.person_id
    where p.state <> 'removed' and g.from_date <= ${on}::date and (g.to_date is null or g.to_date >= ${on}::date)
      and exists (select from unnest(g.scope_values || array['*']) as at (value)
        where (at.value = '*') = (g.scope_kind = 'national') and coalesce(g.programme, '') || '/' || g.role || '@' ||
          case g.scope_kind when 'national' then '*' when 'establishment' then 'urn:' || at.value
            else g.scope_kind || ':' || at.value end = any (${[...acts]}::text[]))
    group by p.id, p.name, p.email order by p.name, p.id`.execute(db)
  const near = rows.filter(({ national }) => !national)
  if (near.length > 0) return near
  const leader = acts.find((key) => key.includes('@leader:'))?.split('@leader:')[1]
  const listed = leader === undefined ? [] : await readRosterAddress(db, leader)
  return listed.length > 0 ? listed : rows
}

async function readRosterAddress(db: Db, reference: string): Promise<Holder[]> {
  const { rows } = await sql<Holder>`select coalesce(name, reference) as name, email from leader
    where reference = ${reference} and email is not null`.execute(db)
  return rows
}

/** The pack's value that says whom to write to in a region, and the role that it stands for. */
function contactValueOf(pack: Pack): { id: string; role: string | undefined } | undefined {
  const found = Object.entries(pack.values ?? {}).find(
    ([, value]) => value.of === 'contact' && value.by.length === 1 && value.by[0] === 'region',
  )
  return found && { id: found[0], role: found[1]['holder-of'] }
}

export type RegionContact = Holder & { readonly organisation: string | null }

/** Whom letters of a region name and go to on a day, with the organisation; undefined while there is nobody. */
export async function readRegionContact(
  db: Db,
  pack: Pack,
  { region, on }: { region: string | null; on: string },
): Promise<RegionContact | undefined> {
  const value = contactValueOf(pack)
  if (!value || region === null) return undefined
  const { contact } = await findContact(db, { pack, id: value.id, key: [region], on })
  if (!contact) return undefined
  const { rows } = await sql<{ personId: number; organisation: string | null }>`
    select p.id as "personId", o.name as organisation from person p
      left join organisation_member m on m.person_id = p.id and m.left_at is null
      left join organisation o on o.id = m.organisation_id
    where lower(p.email) = lower(${contact.email}) order by o.name limit 1`.execute(db)
  const [known] = rows
  return { ...contact, personId: known?.personId ?? null, organisation: known?.organisation ?? null }
}
