import { sql } from 'kysely'
import { type PlacedPerson, placeOrganisations } from '../src/accounts/index.ts'
import type { Db } from '../src/platform/db.ts'
import type { England } from './england-file.ts'

type Organisation = NonNullable<PlacedPerson['organisation']>

/** Every body of the file by its id, as the service keeps organisations. */
export function organisationsOf(england: England): ReadonlyMap<string, Organisation> {
  const { trusts, authorities, dioceses, organisations, delivery_partners, firms, alliances, divisions, networks } =
    england
  const nameOf = (id: string) => authorities.find((one) => one.id === id)?.name ?? id
  const outside =
    (kind: Organisation['kind']) =>
    ({ id, name }: { id: string; name: string }): [string, Organisation] => [id, { kind, name, registerKey: null }]
  const inside =
    (kind: Organisation['kind']) =>
    ({ id, name }: { id: string; name: string }): [string, Organisation] => [id, { kind, name, registerKey: id }]
  return new Map([
    ...trusts.map(inside('trust')),
    ...authorities.map(inside('authority')),
    ...dioceses.map(outside('diocese')),
    ...(organisations ?? []).map((one) => outside(one.kind)(one)),
    ...(delivery_partners ?? []).map(outside('partner')),
    ...(firms ?? []).map(outside('firm')),
    ...(alliances ?? []).map(outside('alliance')),
    ...(divisions ?? []).map((one) => outside('division')({ ...one, name: `${nameOf(one.authority)}: ${one.name}` })),
    ...(networks ?? []).map(({ id }) => outside('network')({ id, name: `${id} network` })),
    ...england.schools.map(({ urn, name }) => inside('school')({ id: String(urn), name })),
  ])
}

/** Puts every body but the schools in, and the offices of those where no person is named. Repeating it changes nothing. */
export async function storeBodies(db: Db, england: England): Promise<void> {
  await placeOrganisations(
    db,
    [...organisationsOf(england).values()].filter(({ kind }) => kind !== 'school'),
  )
  const offices = bodiesWithoutContact(england).map((body) => ({ body, email: officeOf(body) }))
  await sql`insert into organisation_office (body, email)
    select body, email from jsonb_to_recordset(${JSON.stringify(offices)}::jsonb) as r(body text, email text)
    on conflict (body) do update set email = excluded.email`.execute(db)
}

/** How the office of a body is reached while nobody is known there. */
export function officeOf(body: string): string {
  return `office-${body.toLowerCase()}@example.org`
}

/** Nothing said about a contact is an office; null says that the contact is missing. */
function bodiesWithoutContact(england: England): string[] {
  const { schools, trusts, authorities, dioceses, delivery_partners = [], firms = [], alliances = [] } = england
  return [
    ...schools.filter(({ head }) => head === undefined).map(({ urn }) => String(urn)),
    ...trusts.filter(({ ceo }) => ceo === undefined).map(({ id }) => id),
    ...[...authorities, ...dioceses].filter(({ contact }) => contact === undefined).map(({ id }) => id),
    ...[...delivery_partners, ...firms, ...alliances].map(({ id }) => id),
  ]
}
