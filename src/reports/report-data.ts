import type { CaseFigures, CaseParts, CasePoints } from '../cases/index.ts'
import { readCaseFigures, readEndings, readPoints, seesCases } from '../cases/index.ts'
import { currentTerm, type LeaderCapacity, readCapacity } from '../leaders/index.ts'
import { type CaseMoney, readCaseMoney } from '../money/index.ts'
import type { Actor } from '../platform/actor.ts'

export type ReportParts = CaseParts

/** `region` is a name, or NO_REGION; `turn` who has something overdue, by title. `ended` is a step and its ending, `request` a flow and its standing, `missing` a report point. */
export const REPORT_FILTERS = ['programme', 'region', 'stage', 'late', 'turn', 'ended', 'request', 'missing'] as const
export type ReportFilters = Readonly<Record<string, string>>
/** How an address names cases that lie in no region. */
export const NO_REGION = 'none'

export type Ending = Awaited<ReturnType<typeof readEndings>>[number]

/** One case as reports know it. */
export type ReportCase = CaseFigures & {
  /** Open steps past their day, in the case and beside it. */
  readonly late: CaseFigures['open']
  readonly money: CaseMoney | undefined
  readonly points: CasePoints | undefined
  readonly endings: readonly Ending[]
}

/** Everything that a report is made of, as the reader may see it and has filtered it. */
export type ReportData = {
  readonly today: string
  readonly filters: ReportFilters
  readonly cases: readonly ReportCase[]
  readonly leaders: readonly LeaderCapacity[]
  readonly term: { readonly id: string; readonly title: string } | undefined
}

/** What only some reports need. */
export type ReportReads = readonly ('points' | 'endings' | 'leaders')[]

/** Reads within the scope of the request; leaders only for whoever may see them. A filter reads what it asks about. */
export async function readReportData(
  parts: ReportParts,
  actor: Actor,
  filters: ReportFilters,
  reads: ReportReads,
): Promise<ReportData> {
  const { db } = parts.database
  const today = parts.clock.today().toString()
  const { region } = filters
  const figures = await readCaseFigures(db, {
    today,
    sees: seesCases(actor),
    programme: filters['programme'],
    region: region === NO_REGION ? '' : region,
    stage: filters['stage'],
  })
  const money = await readCaseMoney(db, figures)
  const withPoints = reads.includes('points') || filters['missing'] ? figures : []
  const withEndings = reads.includes('endings') || filters['ended'] ? figures : []
  const points = new Map((await readPoints(db, withPoints)).map((one) => [one.caseId, one]))
  const endings = Map.groupBy(await readEndings(db, withEndings), ({ caseId }) => caseId)
  const cases = figures.map(
    (one): ReportCase => ({
      ...one,
      late: one.open.filter(({ late }) => late > 0),
      money: money.get(one.id),
      points: points.get(one.id),
      endings: endings.get(one.id) ?? [],
    }),
  )
  const term = currentTerm(parts.vocabulary().terms, today)
  const seesLeaders = reads.includes('leaders') && actor.capabilities.has('see-leaders')
  const all = seesLeaders ? await readCapacity(db, term ? [term] : []) : []
  const leaders = region ? all.filter((one) => one.region === region) : all
  return { today, filters, cases: cases.filter((one) => isAsked(one, filters)), leaders, term }
}

function isAsked({ late, endings, requests, points }: ReportCase, filters: ReportFilters): boolean {
  const { turn, ended, request, missing } = filters
  return (
    (!filters['late'] || late.length > 0) &&
    (!turn || late.some(({ party }) => party === turn)) &&
    (!ended || endings.some((one) => endingKey(one) === ended)) &&
    (!request || requests.some((one) => requestKey(one) === request)) &&
    (!missing || (points?.points.some(({ id, there }) => id === missing && !there) ?? false))
  )
}

/** How an address names an ending of a step, and a request with its standing. */
export function endingKey({ step, outcome }: Pick<Ending, 'step' | 'outcome'>): string {
  return `${step}/${outcome}`
}
export function requestKey({ flow, standing }: Pick<CaseFigures['requests'][number], 'flow' | 'standing'>): string {
  return `${flow}/${standing}`
}

/** Days and pounds of one case or of several together. Days, not halves. */
export function sumOf(cases: readonly ReportCase[]) {
  const halves = (of: (one: ReportCase) => number) => cases.reduce((sum, one) => sum + of(one), 0) / 2
  const pounds = (account: keyof CaseMoney['balances']) =>
    cases.reduce((sum, { money }) => sum + (money?.balances[account] ?? 0), 0) / 100
  return {
    agreed: halves(({ agreed }) => agreed),
    extra: halves(({ extra }) => extra),
    planned: halves(({ planned }) => planned),
    used: halves(({ used }) => used),
    validated: halves(({ validated }) => validated),
    claimedDays: halves(({ money }) => money?.claimedHalfDays ?? 0),
    committed: pounds('committed'),
    claimed: pounds('claimed'),
    due: pounds('due'),
    withPayer: pounds('with-payer'),
    paid: pounds('paid'),
  }
}

const STANDINGS: Readonly<Record<string, string>> = { open: 'Not decided yet', closed: 'Ended without a decision' }

/** What a request came to, in words: the pack's own word for a decision, with a capital. */
export function standingTitle(standing: string): string {
  return STANDINGS[standing] ?? standing.charAt(0).toUpperCase() + standing.slice(1)
}

/** The region of a case in words. */
export function regionOf({ region }: Pick<ReportCase, 'region'>): string {
  return region ?? 'No region'
}
export function regionFilter({ region }: Pick<ReportCase, 'region'>): string {
  return region ?? NO_REGION
}
