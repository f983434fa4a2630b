import type { Db } from '../platform/db.ts'
import type { ListQuery } from '../platform/web/list.ts'
import { type Authority, findAuthority, listAuthorities } from './authority-store.ts'
import type { SchoolRow } from './school-list.ts'
import { findSchools, type SchoolPage } from './school-list-store.ts'
import { plainText, readSearch } from './search-terms.ts'
import { findTrust, findTrusts, type TrustRow } from './trust-store.ts'

export type SearchResults = {
  /** The one record that a whole number names; the door goes straight there. */
  readonly exact: string | null
  readonly schools: SchoolPage
  readonly trusts: readonly TrustRow[]
  readonly trustTotal: number
  readonly authorities: readonly Authority[]
}

const SCHOOLS_SHOWN = 15
const TRUSTS_SHOWN = 5

/** One search over schools, trusts and authorities: what the box at the head of every page does. */
export async function searchRegister(db: Db, typed: string): Promise<SearchResults> {
  const asked = queryFor(typed)
  const [schools, trusts, authorities] = await Promise.all([
    findSchools(db, { ...asked, sort: 'relevance' }, SCHOOLS_SHOWN),
    findTrusts(db, { ...asked, sort: 'size' }, TRUSTS_SHOWN),
    findAuthoritiesNamed(db, typed),
  ])
  return {
    exact: await findExact(db, typed, schools.rows, trusts.rows),
    schools,
    trusts: trusts.rows,
    trustTotal: trusts.total,
    authorities,
  }
}

function queryFor(typed: string): ListQuery {
  return { page: 1, sort: 'relevance', direction: 'asc', filters: typed ? { q: typed } : {} }
}

/**
 * The address of the record that an identifier names. Where several schools have had the same number, the open one; where none or
 * several are open, none, and the results are shown.
 */
async function findExact(
  db: Db,
  typed: string,
  schools: readonly SchoolRow[],
  trusts: readonly TrustRow[],
): Promise<string | null> {
  const terms = readSearch(typed)
  switch (terms.kind) {
    case 'urn':
    case 'laestab':
      return addressOfOne(schools)
    case 'ukprn': {
      const trust = trusts.find((one) => one.ukprn === terms.ukprn)
      return addressOfOne(schools) ?? (trust ? `/trusts/${trust.uid}` : null)
    }
    case 'code':
      return findCode(db, terms.code, trusts)
    default:
      return null
  }
}

async function findCode(db: Db, code: string, trusts: readonly TrustRow[]): Promise<string | null> {
  if (await findAuthority(db, code)) return `/authorities/${code}`
  const trust = (await findTrust(db, code)) ?? trusts.find((one) => one.group_id?.toUpperCase() === code)
  return trust ? `/trusts/${trust.uid}` : null
}

function addressOfOne(schools: readonly SchoolRow[]): string | null {
  const numbered = schools.filter((school) => school.urn !== null)
  const open = numbered.filter((school) => school.status !== 'Closed' && !school.not_listed_since)
  const one = open.length === 1 ? open[0] : numbered.length === 1 ? numbered[0] : undefined
  return one ? `/schools/${one.urn}` : null
}

async function findAuthoritiesNamed(db: Db, typed: string): Promise<Authority[]> {
  const words = plainText(typed).split(/[ ,]+/).filter(Boolean)
  if (!words.length) return []
  const authorities = await listAuthorities(db)
  return authorities
    .filter((authority) => {
      const parts = plainText(authority.name).split(/[ ,.]+/)
      return words.every((word) => parts.some((part) => part.startsWith(word)))
    })
    .slice(0, 5)
}
