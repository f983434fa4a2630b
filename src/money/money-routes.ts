import { type Answer, json, page, type Query, type Route, type RouteRequest } from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf } from '../platform/words.ts'
import { ACCOUNTS, type Account, inPounds } from './ledger.ts'
import { type LineFilter, listLines, type MoneyLine } from './line-store.ts'
import type { MoneyParts } from './money-parts.ts'
import { type RegionMoney, readOverview } from './overview.ts'
import { ACCOUNT_TITLES } from './present-money.ts'

const READ = { method: 'GET', allow: 'see-money', audit: null } as const

/** Budget, committed, claimed, due and paid by programme and region, and the lines that each number is made of. */
export function moneyOverviewRoutes(parts: MoneyParts): Route[] {
  return [
    { ...READ, path: '/money', handle: (request) => overviewPage(parts, request) },
    { ...READ, path: '/money.csv', handle: () => overviewFile(parts) },
    { ...READ, path: '/money/lines', handle: (request) => linesPage(parts, request) },
    { ...READ, path: '/money/lines.csv', handle: (request) => linesFile(parts, request) },
    { ...READ, path: '/api/v1/money', handle: () => overviewJson(parts) },
    { ...READ, path: '/api/v1/money/lines', handle: (request) => linesJson(parts, request) },
  ]
}

function readRows({ database, packs, clock }: MoneyParts): Promise<RegionMoney[]> {
  return readOverview(database.db, packs, clock.today().toString())
}

async function overviewPage(parts: MoneyParts, { actor }: RouteRequest): Promise<Answer> {
  const rows = await readRows(parts)
  const total = (of: (row: RegionMoney) => number) => inPounds(rows.reduce((sum, row) => sum + of(row), 0))
  const titleOf = (programme: string) => parts.packs.find((pack) => pack.programme === programme)?.title ?? programme
  return page('money/overview.njk', {
    title: 'Money',
    section: 'money',
    wide: true,
    sentence:
      rows.length > 0
        ? `${total(({ accounts }) => accounts.paid)} is paid and ${total(({ accounts }) => accounts.due)} is due, of ${total(({ booked }) => booked)} promised.`
        : '',
    accounts: ACCOUNTS.map((account) => ACCOUNT_TITLES[account]),
    rows: rows.map((row) => ({
      programme: titleOf(row.programme),
      region: row.region || 'No region',
      budget: row.budget === null ? 'Not entered' : inPounds(row.budget),
      left: row.left === null ? 'Not known' : inPounds(row.left),
      over: row.left !== null && row.left < 0,
      cells: ACCOUNTS.map((account) => ({
        head: ACCOUNT_TITLES[account],
        text: inPounds(row.accounts[account]),
        href: linesHref({ ...row, account }),
      })),
    })),
    mayPay: actor.capabilities.has('prepare-payments'),
  })
}

function linesHref({ programme, region, account }: LineFilter): string {
  const query = new URLSearchParams()
  if (programme) query.set('programme', programme)
  if (region !== undefined) query.set('region', region)
  if (account) query.set('account', account)
  return `/money/lines?${query}`
}

const OVERVIEW_COLUMNS = [
  { key: 'programme', head: 'Programme' },
  { key: 'region', head: 'Region' },
  { key: 'budget', head: 'Budget' },
  ...ACCOUNTS.map((account) => ({ key: account, head: ACCOUNT_TITLES[account] })),
  { key: 'left', head: 'Left of the budget' },
]

function overviewFile(parts: MoneyParts): Promise<Answer> {
  return readRows(parts).then((rows) =>
    tableFile(
      'csv',
      'money',
      OVERVIEW_COLUMNS,
      rows.map(({ programme, region, budget, accounts, left }) => ({
        programme,
        region,
        budget: pounds(budget),
        ...Object.fromEntries(ACCOUNTS.map((account) => [account, pounds(accounts[account])])),
        left: pounds(left),
      })),
    ),
  )
}

function pounds(pence: number | null): string {
  return pence === null ? '' : (pence / 100).toFixed(2)
}

async function overviewJson(parts: MoneyParts): Promise<Answer> {
  const rows = await readRows(parts)
  return json({
    unit: 'pence',
    regions: rows,
  })
}

function readFilter(query: Query): LineFilter {
  const account = ACCOUNTS.find((one) => one === query.get('account'))
  const [programme, region] = [query.get('programme'), query.get('region')]
  return { ...(programme && { programme }), ...(region !== null && { region }), ...(account && { account }) }
}

async function linesPage({ database }: MoneyParts, { query }: RouteRequest): Promise<Answer> {
  const filter = readFilter(query)
  const lines = await listLines(database.db, filter)
  const file = `/money/lines.csv?${query}`
  const account = filter.account
  return page('money/lines.njk', {
    title: account ? `Money: ${ACCOUNT_TITLES[account].toLowerCase()}` : 'Lines of money',
    caption: [filter.programme, filter.region].filter(Boolean).join(' · '),
    section: 'money',
    wide: true,
    breadcrumbs: [{ text: 'Money', href: '/money' }],
    counted: countOf(lines.length, 'line'),
    sum: account ? inPounds(lines.reduce((total, { balances }) => total + balances[account], 0)) : '',
    file,
    accounts: ACCOUNTS.map((one) => ACCOUNT_TITLES[one]),
    rows: lines.map((line) => ({
      ...line,
      href: `/cases/${encodeURIComponent(line.reference)}/money`,
      cells: ACCOUNTS.map((one) => ({ head: ACCOUNT_TITLES[one], text: inPounds(line.balances[one]) })),
    })),
  })
}

const LINE_COLUMNS = [
  { key: 'case', head: 'Case' },
  { key: 'school', head: 'School or trust' },
  { key: 'region', head: 'Region' },
  { key: 'title', head: 'Line' },
  { key: 'payee', head: 'Payee' },
  ...ACCOUNTS.map((account) => ({ key: account, head: ACCOUNT_TITLES[account] })),
]

async function linesFile({ database }: MoneyParts, { query }: RouteRequest): Promise<Answer> {
  const lines = await listLines(database.db, readFilter(query))
  return tableFile('csv', 'money-lines', LINE_COLUMNS, lines.map(fileRow))
}

function fileRow({ reference, school, region, title, payee, balances }: MoneyLine) {
  const amount = (account: Account) => pounds(balances[account])
  return {
    case: reference,
    school,
    region: region ?? '',
    title,
    payee,
    ...Object.fromEntries(ACCOUNTS.map((account) => [account, amount(account)])),
  }
}

async function linesJson({ database }: MoneyParts, { query }: RouteRequest): Promise<Answer> {
  const lines = await listLines(database.db, readFilter(query))
  return json({
    unit: 'pence',
    lines: lines.map(({ id, caseId: _, leaderId: __, ...line }) => ({ id, ...line })),
  })
}
