import { findOffice, findRoleHolders, type OfficeOf, type RoleHolder } from '../accounts/index.ts'
import { type Actor, covers, type Place } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { findSchoolPlace, findTrustPlace } from '../register/index.ts'
import type { Pack } from './pack-schema.ts'

/** A school or trust with the organisations whose people belong to it. */
export type PeopledPlace = { readonly name: string; readonly place: Place; readonly bodies: readonly Body[] }
type Body = OfficeOf & {
  readonly kind: 'school' | 'trust' | 'authority' | 'diocese'
  readonly name: string
  readonly place: Place
}

export async function findPeopledSchool(db: Db, urn: number): Promise<PeopledPlace | undefined> {
  const school = await findSchoolPlace(db, urn)
  if (!school) return undefined
  const { name, trust, trustName, authority, authorityName, diocese, dioceseName, region } = school
  const bodies: Body[] = [{ kind: 'school', key: String(urn), name, place: { urn } }]
  if (trust) bodies.push({ kind: 'trust', key: trust, name: trustName ?? trust, place: { trust } })
  if (authority)
    bodies.push({ kind: 'authority', key: authority, name: authorityName ?? authority, place: { authority } })
  if (diocese) bodies.push({ kind: 'diocese', key: diocese, name: dioceseName ?? diocese, place: { diocese } })
  return { name, place: { urn, trust, authority, diocese, region }, bodies }
}

export async function findPeopledTrust(db: Db, uid: string): Promise<PeopledPlace | undefined> {
  const found = await findTrustPlace(db, uid)
  if (!found) return undefined
  const { name, trust, region } = found
  return { name, place: { trust, region }, bodies: [{ kind: 'trust', key: uid, name, place: { trust } }] }
}

/** The contacts that a programme has at one organisation in one role. `missing`: nobody, where the pack wants somebody. */
export type ContactLine = {
  readonly role: string
  readonly title: string
  readonly of: Body['kind']
  readonly key: string
  readonly name: string
  readonly holders: readonly RoleHolder[]
  readonly missing: boolean
  /** Where mail goes when nobody is known by name. */
  readonly office: string | null
}

/** Who is written to at a school or trust, its authority and its diocese, by the roles of a pack on a day (TSI-018, TSI-019). */
export async function listContacts(
  db: Db,
  { pack, bodies, on }: { readonly pack: Pack; readonly bodies: PeopledPlace['bodies']; readonly on: string },
): Promise<ContactLine[]> {
  const lines: ContactLine[] = []
  for (const body of bodies) {
    const office = (await findOffice(db, body)) ?? null
    for (const [role, declared] of Object.entries(pack.roles)) {
      if (declared['contact-of'] !== body.kind) continue
      const holders = await findRoleHolders(db, { programme: pack.programme, role, place: body.place, on })
      const missing = holders.length === 0 && !declared['may-be-missing']
      lines.push({
        role,
        title: declared.title,
        of: body.kind,
        key: body.key,
        name: body.name,
        holders,
        missing,
        office,
      })
    }
  }
  return lines
}

/** "Chief executive of the trust missing for trust T-03": how a missing contact is told, and refused on. */
export function missingInWords({ title, of, key, name }: ContactLine): string {
  return `${title} missing for ${of} ${key} (${name})`
}

/** Who looks after the region of a school or trust in a programme: holders of the roles that see a region. */
export async function listRegionPeople(
  db: Db,
  { pack, region, on }: { readonly pack: Pack; readonly region: string; readonly on: string },
): Promise<{ readonly title: string; readonly holders: readonly RoleHolder[] }[]> {
  const roles = Object.entries(pack.roles).filter(([, { scope }]) => scope.includes('region'))
  return Promise.all(
    roles.map(async ([role, { title }]) => ({
      title,
      holders: await findRoleHolders(db, { programme: pack.programme, role, place: { region }, on }),
    })),
  )
}

/** Who may see the people of a place: whoever works there by what they may see, and its own contacts. */
export function maySeePeople(packs: readonly Pack[], { hats = [] }: Actor, place: Place): boolean {
  return hats.some((hat) => {
    if (!covers(hat.scope, place)) return false
    if (hat.capabilities.some((one) => one === 'see-eligibility' || one === 'administer')) return true
    const pack = packs.find(({ programme }) => programme === hat.programme)
    return pack?.roles[hat.role]?.['contact-of'] !== undefined
  })
}
