import type { ListColumn, ListQuery } from '../platform/web/list.ts'
import { readListQuery } from '../platform/web/list.ts'
import type { Query } from '../platform/web/route.ts'
import { gradeName } from './inspection-words.ts'
import { statusInWords } from './status.ts'

/** One school as lists and searches show it. */
export type SchoolRow = {
  readonly urn: number | null
  readonly name: string
  readonly laestab: string | null
  readonly ukprn: string | null
  readonly status: string
  readonly not_listed_since: string | null
  readonly closed: string | null
  readonly phase: string | null
  readonly type: string | null
  readonly town: string | null
  readonly postcode: string | null
  readonly region: string | null
  readonly authority_code: string | null
  readonly authority_name: string | null
  readonly trust_uid: string | null
  readonly trust_name: string | null
  readonly latest_grade: number | null
  readonly latest_grade_on: string | null
  readonly pupils: number | null
}

export const SCHOOL_FILTERS = ['q', 'region', 'authority', 'phase', 'type', 'trust', 'grade', 'status'] as const

/** "relevance" is the order of a search and has no column; without search words it means by name. */
const SORTS = ['relevance', 'name', 'urn', 'authority', 'trust', 'phase', 'grade', 'inspected', 'status'] as const

export const SCHOOL_COLUMNS: readonly ListColumn[] = [
  { id: 'name', text: 'School', sortable: true },
  { id: 'urn', text: 'URN', sortable: true },
  { id: 'authority', text: 'Authority', sortable: true },
  { id: 'trust', text: 'Trust', sortable: true },
  { id: 'phase', text: 'Phase and type', sortable: true },
  { id: 'grade', text: 'Latest grade', sortable: true },
  { id: 'status', text: 'Status', sortable: true },
]

export const STATUS_CHOICES = [
  { value: 'open', text: 'Open' },
  { value: 'closed', text: 'Closed' },
  { value: 'unlisted', text: 'No longer listed' },
  { value: 'proposed', text: 'Proposed to open' },
] as const

export const GRADE_CHOICES = [
  ...[1, 2, 3, 4].map((grade) => ({ value: String(grade), text: gradeName(grade) })),
  { value: 'none', text: 'No grade held' },
]

export function readSchoolQuery(query: Query): ListQuery {
  return readListQuery(query, SORTS, SCHOOL_FILTERS)
}

/** What a row prints: finished words, and a link where there is a page. */
export function presentSchoolRow(row: SchoolRow) {
  return {
    name: row.name,
    href: row.urn ? `/schools/${row.urn}` : null,
    urn: row.urn ?? 'none',
    place: [row.town, row.postcode].filter(Boolean).join(', '),
    authority: row.authority_name ?? 'not held',
    authorityHref: row.authority_name ? `/authorities/${row.authority_code}` : null,
    trust: row.trust_name ?? 'none held',
    trustHref: row.trust_uid ? `/trusts/${row.trust_uid}` : null,
    phase: row.phase && row.phase !== 'Not applicable' ? row.phase : null,
    type: row.type,
    grade: row.latest_grade ? gradeName(row.latest_grade) : null,
    gradeOn: row.latest_grade_on,
    status: statusInWords(row),
    closed: row.closed,
  }
}

/** What the JSON API says of a school in a list; the same facts as the row and the files. */
export function apiSchoolRow(row: SchoolRow) {
  return {
    urn: row.urn,
    name: row.name,
    laestab: row.laestab,
    ukprn: row.ukprn,
    status: row.status,
    notListedSince: row.not_listed_since,
    closed: row.closed,
    phase: row.phase,
    type: row.type,
    town: row.town,
    postcode: row.postcode,
    region: row.region,
    authority: row.authority_code ? { code: row.authority_code, name: row.authority_name } : null,
    trust: row.trust_uid ? { uid: row.trust_uid, name: row.trust_name } : null,
    latestGrade: row.latest_grade,
    latestGradeOn: row.latest_grade_on,
    pupils: row.pupils,
  }
}

export const SCHOOL_FILE_COLUMNS = [
  { key: 'urn', head: 'URN', width: 9 },
  { key: 'laestab', head: 'LAESTAB', width: 10 },
  { key: 'ukprn', head: 'UKPRN', width: 11 },
  { key: 'name', head: 'School', width: 44 },
  { key: 'status', head: 'Status', width: 14 },
  { key: 'not_listed_since', head: 'Not listed since', width: 14 },
  { key: 'closed', head: 'Closed on', width: 12 },
  { key: 'phase', head: 'Phase', width: 16 },
  { key: 'type', head: 'Type', width: 28 },
  { key: 'town', head: 'Town', width: 18 },
  { key: 'postcode', head: 'Postcode', width: 10 },
  { key: 'authority_code', head: 'Authority code', width: 10 },
  { key: 'authority_name', head: 'Authority', width: 26 },
  { key: 'region', head: 'Region', width: 22 },
  { key: 'trust_uid', head: 'Trust UID', width: 10 },
  { key: 'trust_name', head: 'Trust', width: 36 },
  { key: 'latest_grade', head: 'Latest grade (1 to 4)', width: 12 },
  { key: 'latest_grade_on', head: 'Latest grade, inspected on', width: 14 },
  { key: 'pupils', head: 'Pupils', width: 9 },
]
