import { sql } from 'kysely'
import { seesCases } from '../cases/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { renderPdf } from '../platform/pdf.ts'
import { described } from '../platform/web/api-description.ts'
import { type ListQuery, readListQuery } from '../platform/web/list.ts'
import { type Answer, file, json, page, type Route, type RouteRequest } from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { REPORTS_API } from './api-description.ts'
import { packDocument } from './pack-document.ts'
import { presentReport, reportsFor, restsOf } from './present-report.ts'
import { type Report, sortRows, type Table } from './report.ts'
import { REPORT_FILTERS, type ReportParts, readReportData } from './report-data.ts'
import { REPORTS, type ReportKind } from './reports.ts'

/** The order in which a report lists things by itself. */
const USUAL = 'usual'

/** Each report as page, CSV, ODS and JSON, and all together as a PDF for a meeting. */
export function reportRoutes(parts: ReportParts): Route[] {
  const get = { method: 'GET', audit: null } as const
  const routes = REPORTS.flatMap((kind): Route[] => {
    const of = { ...get, allow: kind.needs }
    return [
      { ...of, path: kind.path, handle: (request) => reportPage(parts, kind, request) },
      { ...of, path: `${kind.path}.csv`, handle: (request) => reportFile(parts, kind, request, 'csv') },
      { ...of, path: `${kind.path}.ods`, handle: (request) => reportFile(parts, kind, request, 'ods') },
      { ...of, path: `/api/v1/reports/${kind.id}`, handle: (request) => reportJson(parts, kind, request) },
    ]
  })
  const pack: Route = {
    ...get,
    allow: 'see-cases',
    path: '/reports/pack.pdf',
    handle: (request) => packFile(parts, request),
  }
  return described([...routes, pack], REPORTS_API)
}

/** The filters of an address. The sort is read once the columns are known. */
function filtersOf({ query }: RouteRequest): ListQuery['filters'] {
  return readListQuery(query, [USUAL], REPORT_FILTERS).filters
}

function sortingOf({ query }: RouteRequest, [main]: Report['tables']): ListQuery {
  return readListQuery(query, [USUAL, ...main.columns.map(({ key }) => key)], REPORT_FILTERS)
}

async function reportPage(parts: ReportParts, kind: ReportKind, request: RouteRequest): Promise<Answer> {
  const data = await readReportData(parts, request.actor, filtersOf(request), kind.reads)
  const report = kind.build(data)
  const regions = await listRegions(parts.database.db, request.actor)
  const asked = sortingOf(request, report.tables)
  return page('reports/report.njk', presentReport(parts, request.actor, { kind, report, data, asked, regions }))
}

/** Regions of the cases that the reader sees; "" for those of none. */
async function listRegions(db: Db, actor: Actor): Promise<string[]> {
  const { rows } = await sql<{ region: string }>`
    select distinct coalesce(c.region, '') as region from support_case c where ${seesCases(actor)} order by 1`.execute(
    db,
  )
  return rows.map(({ region }) => region)
}

async function reportFile(
  parts: ReportParts,
  kind: ReportKind,
  request: RouteRequest,
  format: 'csv' | 'ods',
): Promise<Answer> {
  const data = await readReportData(parts, request.actor, filtersOf(request), kind.reads)
  const { tables } = kind.build(data)
  const chosen = tables.find(({ id }) => id === request.query.get('table')) ?? tables[0]
  const { sort, direction } = sortingOf(request, tables)
  const columns = chosen.columns.map(({ key, title, kind: of }) => ({
    key,
    head: of === 'pounds' ? `${title} (£)` : title,
  }))
  const rows = sortRows(chosen, sort, direction).map(({ values }) => values)
  return tableFile(format, `report-${kind.id}-${chosen.id}-${data.today}`, columns, rows)
}

async function reportJson(parts: ReportParts, kind: ReportKind, request: RouteRequest): Promise<Answer> {
  const data = await readReportData(parts, request.actor, filtersOf(request), kind.reads)
  const { sentence, tables } = kind.build(data)
  return json({
    report: kind.id,
    title: kind.title,
    today: data.today,
    filters: data.filters,
    sentence,
    tables: tables.map(tableJson),
    rests: restsOf(data, [kind]).map(({ text }) => text),
  })
}

function tableJson({ id, title, columns, rows }: Table) {
  return {
    id,
    title,
    columns: columns.map(({ key, title: head, kind, means }) => ({ key, title: head, kind, means })),
    total: rows.length,
    rows: rows.map(({ values }) => Object.fromEntries(columns.map(({ key }) => [key, values[key] ?? null]))),
  }
}

async function packFile(parts: ReportParts, request: RouteRequest): Promise<Answer> {
  const filters = filtersOf(request)
  const data = await readReportData(parts, request.actor, filters, ['points', 'endings', 'leaders'])
  const reports = reportsFor(request.actor).map((kind) => ({ kind, report: kind.build(data) }))
  const regions = [...new Set(data.cases.map(({ region }) => region ?? 'no region'))]
  const where = regions.length === 1 ? (regions[0] ?? '') : 'all that you may see'
  const document = packDocument(reports, data, where)
  return file(`reports-${data.today}.pdf`, 'application/pdf', renderPdf(document))
}
