import type { Place } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { findSchoolPlace, findTrustOn, findTrustPlace, MULTI_ACADEMY_TRUST } from '../register/index.ts'
import type { SubjectKey } from './judgement-store.ts'

/** What a beneficiary is. Read from the register on the day, never typed (TSI-010). */
export type SubjectKind = 'single school' | 'school in MAT' | 'trust'

/** A school or trust with where it belongs. `key` is its URN or UID as addresses have it. */
export type FoundSubject = {
  readonly key: SubjectKey
  readonly id: string
  readonly name: string
  readonly kind: SubjectKind
  /** Of a school in a multi-academy trust on the day. */
  readonly trust: { readonly uid: string; readonly name: string } | null
  readonly place: Place & { readonly region: string | null }
}

/** Undefined when the register holds no such school or trust. */
export async function findSubject(db: Db, key: SubjectKey, on: string): Promise<FoundSubject | undefined> {
  if (key.kind === 'trust') {
    const found = await findTrustPlace(db, key.uid)
    if (!found) return undefined
    const { name, region, trust } = found
    return { key, id: key.uid, name, kind: 'trust', trust: null, place: { region, trust } }
  }
  const [school, trust] = await Promise.all([findSchoolPlace(db, key.urn), findTrustOn(db, { urn: key.urn, on })])
  if (!school) return undefined
  const { name, region, authority, diocese } = school
  const inTrust = trust?.type === MULTI_ACADEMY_TRUST
  return {
    key,
    id: String(key.urn),
    name,
    kind: inTrust ? 'school in MAT' : 'single school',
    trust: inTrust ? { uid: trust.uid, name: trust.name } : null,
    place: { region, authority, diocese, urn: key.urn, trust: trust?.uid ?? null },
  }
}

/** The kind of a school or trust on a day; undefined when the register does not hold it. */
export async function kindOf(db: Db, key: SubjectKey, on: string): Promise<SubjectKind | undefined> {
  return (await findSubject(db, key, on))?.kind
}

/** A subject as an address or a body names it: `schools/900001`, `trusts/T-01`. Undefined for anything else. */
export function readSubjectKey(kind: string, id: string): SubjectKey | undefined {
  if (kind === 'schools') return /^[1-9]\d{5}$/.test(id) ? { kind: 'school', urn: Number(id) } : undefined
  return kind === 'trusts' && id !== '' ? { kind: 'trust', uid: id } : undefined
}

/** `/eligibility/<edition>/schools/900001`: the page of one subject in one edition. */
export function subjectHref(ref: string, key: SubjectKey): string {
  const [kind, id] = key.kind === 'school' ? ['schools', String(key.urn)] : ['trusts', key.uid]
  return `/eligibility/${ref}/${kind}/${encodeURIComponent(id)}`
}
