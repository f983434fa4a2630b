import type { Database } from '../platform/db.ts'
import { type ListQuery, PAGE_SIZE, presentList } from '../platform/web/list.ts'
import { type Answer, json, page, type Query, type Route } from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf, longDate } from '../platform/words.ts'
import { findAsAt } from './about-store.ts'
import { type Authority, listAuthorities } from './authority-store.ts'
import {
  apiSchoolRow,
  GRADE_CHOICES,
  presentSchoolRow,
  readSchoolQuery,
  SCHOOL_COLUMNS,
  SCHOOL_FILE_COLUMNS,
  STATUS_CHOICES,
} from './school-list.ts'
import { type FilterOptions, filterOptions, findSchools } from './school-list-store.ts'

/** The list of schools as page, files and JSON: one query behind all four. */
export function schoolListPages({ db }: Database): Route[] {
  const options = filterOptions()
  return [
    {
      method: 'GET',
      path: '/schools',
      allow: 'everyone',
      audit: null,
      handle: async ({ query }) => listPage(db, query, await options(db)),
    },
    ...(['csv', 'ods'] as const).map((format): Route => {
      return {
        method: 'GET',
        path: `/schools.${format}`,
        allow: 'everyone',
        audit: null,
        handle: async ({ query }) => {
          const { rows } = await findSchools(db, readSchoolQuery(query), null)
          return tableFile(
            format,
            'schools',
            SCHOOL_FILE_COLUMNS,
            rows.map((row) => ({ ...row })),
          )
        },
      }
    }),
    {
      method: 'GET',
      path: '/api/v1/schools',
      allow: 'everyone',
      audit: null,
      handle: async ({ query }) => {
        const asked = readSchoolQuery(query)
        const found = await findSchools(db, asked)
        const { total, close } = found
        return json({ total, page: asked.page, pageSize: PAGE_SIZE, close, schools: found.rows.map(apiSchoolRow) })
      },
    },
  ]
}

async function listPage(db: Database['db'], query: Query, options: FilterOptions): Promise<Answer> {
  const asked = readSchoolQuery(query)
  const [found, authorities, asAt] = await Promise.all([findSchools(db, asked), listAuthorities(db), findAsAt(db)])
  return page('register/schools.njk', {
    title: 'Schools',
    section: 'schools',
    wide: true,
    filters: asked.filters,
    list: presentList('/schools', asked, SCHOOL_COLUMNS, found.total, chipTexts(asked, authorities)),
    options: presentOptions(authorities, options),
    counted: countOf(found.total, 'school'),
    rows: found.rows.map(presentSchoolRow),
    close: found.close,
    empty: emptyText(asked),
    source: asAt ? `Register as at ${longDate(asAt)}; closed schools as the files held last showed them.` : '',
  })
}

function presentOptions(authorities: readonly Authority[], { phases, types }: FilterOptions) {
  const plain = (values: readonly string[]) => values.map((value) => ({ value, text: value }))
  const regions = authorities.flatMap((authority) => authority.region ?? [])
  return {
    regions: plain([...new Set(regions)].sort()),
    authorities: authorities.map((authority) => ({ value: authority.code, text: authority.name })),
    phases: plain(phases),
    types: plain(types),
    grades: GRADE_CHOICES,
    statuses: STATUS_CHOICES,
  }
}

/** Chips say what they filter by; a bare "3" or "201" would say nothing. */
function chipTexts({ filters }: ListQuery, authorities: readonly Authority[]): Record<string, string> {
  const texts: Record<string, string> = {}
  if (filters.q) texts.q = `“${filters.q}”`
  if (filters.authority)
    texts.authority = authorities.find((one) => one.code === filters.authority)?.name ?? filters.authority
  if (filters.trust) texts.trust = `Trust: ${filters.trust}`
  const grade = GRADE_CHOICES.find((choice) => choice.value === filters.grade)
  if (grade) texts.grade = `Latest grade: ${grade.text}`
  const status = STATUS_CHOICES.find((choice) => choice.value === filters.status)
  if (status) texts.status = status.text
  return texts
}

function emptyText({ filters, page }: ListQuery): string {
  if (page > 1) return 'There is no page of that number. Go back to the first.'
  if (!Object.keys(filters).length)
    return 'The register is empty. Schools appear when a register file is taken in with the command “import schools”.'
  return filters.q
    ? 'No school meets all of this. Use fewer words, check a number is whole, or remove a filter.'
    : 'No school meets all of these filters. Remove one to see more.'
}
