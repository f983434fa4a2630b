import { type PlacedPerson, placeOrganisations } from '../src/accounts/index.ts'
import type { Db } from '../src/platform/db.ts'
import type { England } from './england-file.ts'

type Organisation = NonNullable<PlacedPerson['organisation']>

/** Every body of the file by its id, as the service keeps organisations; schools too. */
export function organisationsOf(england: England): ReadonlyMap<string, Organisation> {
  const { authorities, delivery_partners = [], firms = [], alliances = [], divisions = [], networks = [] } = england
  const nameOf = (id: string) => authorities.find((one) => one.id === id)?.name ?? id
  const as =
    (kind: Organisation['kind']) =>
    ({ id, name }: { id: string; name: string }): [string, Organisation] => [id, { kind, name, registerKey: id }]
  return new Map([
    ...england.trusts.map(as('trust')),
    ...authorities.map(as('authority')),
    ...england.dioceses.map(as('diocese')),
    ...(england.organisations ?? []).map((one) => as(one.kind)(one)),
    ...delivery_partners.map(as('partner')),
    ...firms.map(as('firm')),
    ...alliances.map(as('alliance')),
    ...divisions.map((one) => as('division')({ ...one, name: `${nameOf(one.authority)}: ${one.name}` })),
    ...networks.map(({ id }) => as('network')({ id, name: `${id} network` })),
    ...england.schools.map(({ urn, name }) => as('school')({ id: String(urn), name })),
  ])
}

/** Puts every body in; a school becomes an organisation when somebody belongs to it. Repeating it changes nothing. */
export async function storeBodies(db: Db, england: England): Promise<void> {
  const bodies = [...organisationsOf(england).values()]
  await placeOrganisations(
    db,
    bodies.filter(({ kind }) => kind !== 'school'),
  )
}
