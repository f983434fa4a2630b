import type { Database } from '../platform/db.ts'
import { type ListColumn, PAGE_SIZE, presentList, readListQuery } from '../platform/web/list.ts'
import { type Answer, json, notFound, page, problem, type Query, type Route } from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf, longDate } from '../platform/words.ts'
import { countGradesOfTrust, presentGradeCounts } from './grade-counts.ts'
import { schoolListPart } from './school-list-part.ts'
import {
  findTrust,
  findTrusts,
  listMemberships,
  listTrustTypes,
  membersInWords,
  TRUST_FILTERS,
  TRUST_SORTS,
  type TrustRecord,
} from './trust-store.ts'

const COLUMNS: readonly ListColumn[] = [
  { id: 'name', text: 'Trust or group', sortable: true },
  { id: 'uid', text: 'UID', sortable: true },
  { id: 'type', text: 'Type', sortable: true },
  { id: 'schools', text: 'Schools', sortable: true, number: true },
  { id: 'status', text: 'Status', sortable: true },
]

const FILE_COLUMNS = [
  { key: 'uid', head: 'UID', width: 9 },
  { key: 'name', head: 'Trust or group', width: 44 },
  { key: 'type', head: 'Type', width: 24 },
  { key: 'status', head: 'Status', width: 10 },
  { key: 'schools', head: 'Schools', width: 9 },
  { key: 'opened', head: 'Opened on', width: 12 },
  { key: 'closed', head: 'Closed on', width: 12 },
  { key: 'group_id', head: 'Group ID', width: 10 },
  { key: 'ukprn', head: 'UKPRN', width: 11 },
  { key: 'companies_house_number', head: 'Companies House number', width: 14 },
  { key: 'town', head: 'Town', width: 18 },
  { key: 'postcode', head: 'Postcode', width: 10 },
]

/** Trusts and groups: the list as page, files and JSON, and one trust's page. */
export function trustPages({ db }: Database): Route[] {
  return [
    { method: 'GET', path: '/trusts', allow: 'everyone', audit: null, handle: ({ query }) => listPage(db, query) },
    ...(['csv', 'ods'] as const).map((format): Route => {
      return {
        method: 'GET',
        path: `/trusts.${format}`,
        allow: 'everyone',
        audit: null,
        handle: async ({ query }) => {
          const { rows } = await findTrusts(db, readListQuery(query, TRUST_SORTS, TRUST_FILTERS), null)
          return tableFile(
            format,
            'trusts',
            FILE_COLUMNS,
            rows.map((row) => ({ ...row })),
          )
        },
      }
    }),
    {
      method: 'GET',
      path: '/api/v1/trusts',
      allow: 'everyone',
      audit: null,
      handle: async ({ query }) => {
        const asked = readListQuery(query, TRUST_SORTS, TRUST_FILTERS)
        const { total, rows } = await findTrusts(db, asked)
        return json({ total, page: asked.page, pageSize: PAGE_SIZE, trusts: rows })
      },
    },
    {
      method: 'GET',
      path: '/trusts/:uid',
      allow: 'everyone',
      audit: null,
      handle: async ({ params, query }) => {
        const trust = await findTrust(db, params.uid ?? '')
        return trust ? trustPage(db, trust, query) : notFound(unknownUid(params.uid ?? ''))
      },
    },
    {
      method: 'GET',
      path: '/api/v1/trusts/:uid',
      allow: 'everyone',
      audit: null,
      handle: async ({ params }) => {
        const uid = params.uid ?? ''
        const trust = await findTrust(db, uid)
        if (trust) return json({ ...trust, memberships: await listMemberships(db, uid) })
        return problem([{ code: 'trust.unknown', message: unknownUid(uid), field: 'uid' }], 404)
      },
    },
  ]
}

function unknownUid(asked: string): string {
  return `The register holds no trust or group with UID ${asked.slice(0, 20)}.`
}

async function listPage(db: Database['db'], query: Query): Promise<Answer> {
  const asked = readListQuery(query, TRUST_SORTS, TRUST_FILTERS)
  const [found, types] = await Promise.all([findTrusts(db, asked), listTrustTypes(db)])
  return page('register/trusts.njk', {
    title: 'Trusts and groups',
    section: 'schools',
    wide: true,
    filters: asked.filters,
    types,
    list: presentList('/trusts', asked, COLUMNS, found.total, {}),
    counted: countOf(found.total, 'trust or group', 'trusts and groups'),
    rows: found.rows.map((row) => ({ ...row, members: membersInWords(row) })),
    breadcrumbs: [{ text: 'Schools', href: '/schools' }],
  })
}

async function trustPage(db: Database['db'], trust: TrustRecord, query: Query): Promise<Answer> {
  const { uid } = trust
  const [counts, part, others] = await Promise.all([
    countGradesOfTrust(db, uid),
    schoolListPart(db, `/trusts/${uid}`, query, { trust: uid }),
    listMemberships(db, uid),
  ])
  return page('register/trust.njk', {
    title: trust.name,
    section: 'schools',
    wide: true,
    caption: `${trust.type} · UID ${uid}`,
    breadcrumbs: [{ text: 'Trusts and groups', href: '/trusts' }],
    where: standingOf(trust),
    href: `/trusts/${encodeURIComponent(uid)}`,
    counts: presentGradeCounts(
      counts,
      (grade) => `/schools?${new URLSearchParams({ trust: uid, grade, status: 'open' })}`,
    ),
    facts: factsOf(trust),
    source: `Source: ${trust.publisher}, ${trust.file_title}, as at ${longDate(trust.as_at)}.`,
    others,
    ...part,
  })
}

function standingOf(trust: TrustRecord): string {
  const status = trust.closed ? `Closed on ${longDate(trust.closed)}` : trust.status
  const since = !trust.closed && trust.opened ? ` since ${longDate(trust.opened)}` : ''
  return `${status}${since} · ${membersInWords(trust)}`
}

function factsOf(trust: TrustRecord) {
  return [
    { name: 'Group ID', value: trust.group_id ?? 'not held' },
    { name: 'UKPRN', value: trust.ukprn ?? 'not held' },
    { name: 'Companies House', value: trust.companies_house_number ?? 'not held' },
    { name: 'Place', value: [trust.town, trust.postcode].filter(Boolean).join(', ') || 'not held' },
  ]
}
