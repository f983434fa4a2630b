import type { Actor } from '../platform/actor.ts'
import { type ListQuery, PAGE_SIZE, presentList } from '../platform/web/list.ts'
import { countOf, longDate } from '../platform/words.ts'
import { type Pack, packRef } from '../programmes/index.ts'
import type { Chart, Column, Report, Row, Table } from './report.ts'
import { inWords, reportHref, sortRows } from './report.ts'
import type { ReportData, ReportParts } from './report-data.ts'
import { NO_REGION, standingTitle } from './report-data.ts'
import { REPORTS, type ReportKind } from './reports.ts'

export function reportsFor({ capabilities }: Pick<Actor, 'capabilities'>): ReportKind[] {
  return REPORTS.filter(({ needs }) => capabilities.has(needs))
}

export type ShownReport = {
  readonly kind: ReportKind
  readonly report: Report
  readonly data: ReportData
  readonly asked: ListQuery
  readonly regions: readonly string[]
}

/** A report as its page prints it: the sentence, the picture, the tables, what the numbers mean and what they rest on. */
export function presentReport({ packs }: ReportParts, actor: Actor, shown: ShownReport) {
  const { kind, report, data, regions } = shown
  const [main, ...others] = report.tables
  const lastPage = Math.max(1, Math.ceil(main.rows.length / PAGE_SIZE))
  const asked = { ...shown.asked, page: Math.min(shown.asked.page, lastPage) }
  const filterTexts = textsOf(packs, asked.filters)
  const onPage = onPageOf(main)
  const sortable = onPage.map(({ key, title, kind: of }) => ({
    id: key,
    text: title,
    number: isNumber(of),
    sortable: true,
  }))
  const list = presentList(kind.path, asked, sortable, main.rows.length, filterTexts)
  const rows = sortRows(main, asked.sort, asked.direction).slice((asked.page - 1) * PAGE_SIZE, asked.page * PAGE_SIZE)
  const explained = report.tables.flatMap(({ columns }) => columns.filter(({ inFile }) => !inFile))
  const means = new Map(explained.map((one) => [one.title, one.means]))
  return {
    title: kind.title,
    section: 'reports',
    wide: true,
    tabs: reportsFor(actor).map(({ id, tab, path }) => ({
      text: tab,
      href: reportHref(path, sharedFilters(asked.filters)),
      active: id === kind.id,
    })),
    sentence: report.sentence,
    chart: report.chart && drawChart(report.chart),
    path: kind.path,
    list,
    main: { ...presentTable(main, rows), counted: countOf(main.rows.length, ...main.counted) },
    others: others.map((table) => ({
      ...presentTable(table, table.rows),
      csv: fileHref(kind, asked, table, 'csv'),
      ods: fileHref(kind, asked, table, 'ods'),
    })),
    means: [...means].map(([term, text]) => ({ term, text })),
    rests: restsOf(data, [kind]),
    pdf: reportHref('/reports/pack.pdf', sharedFilters(asked.filters)),
    filters: asked.filters,
    filtered: Object.keys(asked.filters).length > 0,
    options: {
      ...optionsOf(packs),
      regions: regions.map((region) => ({ value: region || NO_REGION, text: region || 'No region' })),
    },
  }
}

/** Filters that make sense in every report. */
function sharedFilters({ programme, region, stage, late }: ListQuery['filters']) {
  return { programme, region, stage, late }
}

function fileHref({ path }: ReportKind, { filters }: ListQuery, { id }: Table, format: 'csv' | 'ods'): string {
  return reportHref(`${path}.${format}`, { ...filters, table: id })
}

function isNumber(kind: Column['kind']): boolean {
  return kind === 'count' || kind === 'days' || kind === 'pounds'
}

/** Columns of their own on the page; those that stand under another are part of its cells. */
function onPageOf({ columns }: Table): Column[] {
  return columns.filter(({ inFile, under }) => !inFile && !under)
}

/** What stands small under a value, such as the region under a school. A number that is nought is left out. */
function underOf({ columns }: Table, { values }: Row, key: string): string {
  const under = columns.filter((one) => one.under === key && values[one.key] !== 0)
  const words = under.map(({ key: of, kind, unit = '' }) =>
    // a number and its one word stay on one line
    [inWords(kind, values[of]), unit].filter(Boolean).join(unit.includes(' ') ? ' ' : '\u{a0}'),
  )
  return words.filter(Boolean).join(' · ')
}

function presentTable(table: Table, rows: readonly Row[]) {
  const columns = onPageOf(table)
  return {
    id: table.id,
    title: table.title,
    empty: table.empty,
    heads: columns.map(({ title, kind }) => ({ text: title, number: isNumber(kind) })),
    rows: rows.map((row) => columns.map((column, place) => presentCell(table, row, column, place))),
  }
}

function presentCell(table: Table, row: Row, { key, title, kind }: Column, place: number) {
  const { values, links, alert } = row
  const first = onPageOf(table)[0]?.key ?? ''
  const isNothing = values[key] === null || values[key] === '' || values[key] === 0
  return {
    head: title,
    text: inWords(kind, values[key]),
    under: underOf(table, row, key),
    number: isNumber(kind),
    day: kind === 'date',
    first: place === 0,
    href: isNothing ? null : (links?.[key] ?? null),
    alert: alert === key,
    of: place > 0 ? String(values[first] ?? '') : '',
  }
}

const BAR_WIDTH = 1000

/** Bars on one scale, each part with the place and width of its rectangle. */
function drawChart({ title, legend, bars }: Chart) {
  const most = Math.max(1, ...bars.map(({ parts }) => parts.reduce((sum, one) => sum + one, 0)))
  const used = legend.map((_, place) => bars.some(({ parts }) => (parts[place] ?? 0) > 0))
  return {
    title,
    width: BAR_WIDTH,
    legend: legend.map((text, place) => ({ text, part: place + 1 })).filter((_, place) => used[place]),
    bars: bars.map(({ label, href, parts, words }) => {
      let x = 0
      const rects = parts.map((value, place) => {
        const width = Math.round((value / most) * BAR_WIDTH)
        const rect = { x, width, part: place + 1 }
        x += width
        return rect
      })
      const drawn = rects.filter(({ width }) => width > 0)
      return { label, href, words, rects: drawn, empty: drawn.length === 0 }
    }),
  }
}

/** What the numbers of a report rest on: the rules of each programme, the register, the day. */
export function restsOf({ today, cases, term }: ReportData, kinds: readonly ReportKind[]) {
  const editions = new Map(cases.map(({ pack }) => [`${packRef(pack)} ${pack.version}`, pack]))
  return [
    {
      text: `Cases, steps, days and forms as they stand in Alongside on ${longDate(today)}; only those that you may see.`,
      href: null,
    },
    ...[...editions.values()].map((pack) => ({
      text: `Stages, clocks, limits and rates by the rules of ${pack.title} ${pack.edition}, version ${pack.version}, which each case keeps from its first day.`,
      href: `/programmes/${packRef(pack)}`,
    })),
    { text: 'Working days leave out weekends and the bank holidays of England.', href: null },
    ...(term && kinds.some(({ needs }) => needs === 'see-leaders')
      ? [{ text: `Days of leaders are those of the ${term.title.toLowerCase()}.`, href: null }]
      : []),
  ]
}

function optionsOf(packs: readonly Pack[]) {
  const flows = packs.filter(({ process }) => process?.flows)
  const beside = new Set(
    flows.flatMap(({ process }) =>
      Object.values(process?.flows ?? {}).flatMap(({ children }) =>
        Object.values(children ?? {}).map((one) => one.flow),
      ),
    ),
  )
  const stages = flows.flatMap(({ process }) =>
    Object.entries(process?.flows ?? {}).flatMap(([id, flow]) => (beside.has(id) ? [] : flow.stages)),
  )
  return {
    programmes: [...new Map(flows.map(({ programme, title }) => [programme, title]))].map(([value, text]) => ({
      value,
      text,
    })),
    stages: [...new Map(stages.map(({ id, title }) => [id, title]))].map(([value, title]) => ({
      value,
      text: `${value} ${title}`,
    })),
  }
}

/** Chosen filters in words. */
function textsOf(packs: readonly Pack[], filters: ListQuery['filters']): Record<string, string> {
  const texts: Record<string, string> = { late: 'Something is late' }
  const { programme, stage, region, turn, ended, request, missing } = filters
  const { programmes, stages } = optionsOf(packs)
  const flows = packs.flatMap(({ process }) => Object.values(process?.flows ?? {}))
  if (turn) texts['turn'] = `Late: ${turn}`
  if (region === NO_REGION) texts['region'] = 'No region'
  if (programme) texts['programme'] = programmes.find(({ value }) => value === programme)?.text ?? programme
  if (stage) texts['stage'] = stages.find(({ value }) => value === stage)?.text ?? stage
  if (ended) texts['ended'] = endingTitle(flows, ended)
  if (request) {
    const [flow = '', standing = ''] = request.split('/')
    const title = packs.flatMap(({ process }) => process?.flows?.[flow]?.title ?? [])[0] ?? flow
    texts['request'] = `${title}: ${standingTitle(standing).toLowerCase()}`
  }
  if (missing) {
    const points = packs.flatMap(({ forms }) => Object.values(forms ?? {}).flatMap((form) => form.points ?? []))
    texts['missing'] = `Missing: ${points.find(({ id }) => id === missing)?.title ?? missing}`
  }
  return texts
}

function endingTitle(
  flows: readonly NonNullable<NonNullable<Pack['process']>['flows']>[string][],
  ended: string,
): string {
  const [step = '', outcome = ''] = ended.split('/')
  const found = flows.flatMap(({ steps }) => steps[step] ?? [])[0]
  return found ? `${found.title}: ${found.outcomes?.[outcome]?.title ?? outcome}` : ended
}
