import { covers, type Hat, type Place } from '../platform/actor.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import { isRuleRow, type JudgedRow, type Origin, originsOf, type Pack } from '../programmes/index.ts'

/** What a judgement or request is decided on. `today` is an ISO date; `place` is where the school or trust belongs. */
export type JudgingFacts = {
  readonly pack: Pack
  readonly today: string
  readonly place: Place
  readonly hats: readonly Hat[]
  /** Roles that stand in today for a judging role which nobody holds for the place, by the role they stand in for. */
  readonly substitutes: Readonly<Record<string, string>>
}

/** A row that persons judge; undefined for one that is computed and for one that the edition does not have. */
export function findJudgedRow(pack: Pack, id: string): JudgedRow | undefined {
  const row = pack.eligibility.rows.find((one) => one.id === id)
  return row && !isRuleRow(row) ? row : undefined
}

/** The first hat in one of the roles that covers the place. */
export function hatAmong(facts: JudgingFacts, roles: readonly string[]): Hat | undefined {
  const { pack, place, hats } = facts
  return hats.find((hat) => hat.programme === pack.programme && roles.includes(hat.role) && covers(hat.scope, place))
}

/** The hat in which somebody may judge a row for the place: a judging role, or the one that stands in for a vacant one. */
export function judgingHat(row: JudgedRow, facts: JudgingFacts): Hat | undefined {
  const judges = row['judged-by']
  return hatAmong(facts, [...judges, ...judges.flatMap((role) => facts.substitutes[role] ?? [])])
}

export type AskedJudgement = {
  readonly row: string
  readonly on: string
  readonly rationale: string
  readonly holds: boolean
}

/**
 * A judgement that a role makes by itself. Who may not is told only that, before anything else (TSI-008); then the reason is
 * needed, and a day that is real and not ahead.
 */
export function decideJudgement(asked: AskedJudgement, facts: JudgingFacts): Decision<{ row: JudgedRow; hat: Hat }> {
  const row = findJudgedRow(facts.pack, asked.row)
  if (!row) return refuse(unknownRow(asked.row))
  const hat = judgingHat(row, facts)
  if (!hat) return refuse(notAllowed(row, row['judged-by'], facts.pack))
  if (originsOf(row).length > 0)
    return refuse({
      code: 'judgement.by-request',
      message: 'This is decided when it is asked for: make a request first',
    })
  const refusals = [
    ...reasonFaults(asked.rationale, 'rationale'),
    ...dayFaults(asked.on, facts.today, facts.pack['academic-year']),
  ]
  return refusals.length > 0 ? refuse(...refusals) : accept({ row, hat })
}

export type AskedRequest = {
  readonly row: string
  readonly origin: string
  readonly reason: string
  readonly kind: string
}

export type RequestFacts = JudgingFacts & {
  /** What the subject is by the register today. */
  readonly kind: string
  /** Why it qualifies already; empty when it does not. */
  readonly met: readonly string[]
  /** The number of a request that waits for its decision. */
  readonly open: number | null
}

export type DecidedRequest = {
  readonly row: JudgedRow
  readonly origin: Origin
  readonly hat: Hat
  readonly onBehalf: boolean
}

/** A request for a row that is asked for: by whom the edition lets ask, from where it lets it begin (TSI-012, TSI-013). */
export function decideRequest(asked: AskedRequest, facts: RequestFacts): Decision<DecidedRequest> {
  const row = findJudgedRow(facts.pack, asked.row)
  const origins = row ? originsOf(row) : []
  if (!row || origins.length === 0) return refuse(unknownRow(asked.row))
  const open = origins.flatMap((origin) => {
    const own = hatAmong(facts, origin['asked-by'])
    const hat = own ?? hatAmong(facts, origin['asked-for-by'] ?? [])
    return hat ? [{ row, origin, hat, onBehalf: own === undefined }] : []
  })
  const [first] = open
  if (!first) return refuse(notAllowed(row, askersOf(origins), facts.pack))
  const chosen =
    asked.origin === '' && open.length === 1 ? first : open.find(({ origin }) => origin.id === asked.origin)
  if (!chosen && origins.some(({ id }) => id === asked.origin))
    return refuse(notAllowed(row, askersOf(origins.filter(({ id }) => id === asked.origin)), facts.pack))
  const refusals = [...kindFaults(asked.kind, facts.kind), ...standingFaults(row, facts)]
  if (!chosen) refusals.push({ code: 'request.origin', field: 'origin', message: 'Say where the request begins' })
  refusals.push(...reasonFaults(asked.reason, 'reason'))
  return chosen && refusals.length === 0 ? accept(chosen) : refuse(...refusals)
}

function askersOf(origins: readonly Origin[]): string[] {
  return origins.flatMap((origin) => [...origin['asked-by'], ...(origin['asked-for-by'] ?? [])])
}

/** The kind is read from the register and never typed: one that says otherwise is refused (TSI-010). */
export function kindFaults(asked: string, kind: string): Refusal[] {
  if (asked === '' || asked === kind) return []
  return [{ code: 'kind.conflict', field: 'kind', message: `By the register this is a ${kind}, not a ${asked}` }]
}

function standingFaults(row: JudgedRow, { met, open, pack, today }: RequestFacts): Refusal[] {
  const { to } = pack['academic-year']
  if (today > to)
    return [{ code: 'edition.over', message: `The edition ended on ${longDate(to)}, so nothing is asked for in it` }]
  const called = row.called ?? 'request'
  if (open !== null)
    return [{ code: 'request.open', message: `Request ${open} waits for its decision: one ${called} at a time` }]
  if (met.length === 0) return []
  return [{ code: 'request.qualifies', message: `It qualifies already, so no ${called} is needed: ${met.join(' ')}` }]
}

export type AskedDecision = { readonly outcome: string; readonly rationale: string }

/** Approving or refusing a request: by the judging roles of the row only (TSI-013). */
export function decideOnRequest(
  asked: AskedDecision,
  request: { readonly row: string; readonly state: string },
  facts: JudgingFacts,
): Decision<{ row: JudgedRow; hat: Hat; holds: boolean }> {
  const row = findJudgedRow(facts.pack, request.row)
  if (!row) return refuse(unknownRow(request.row))
  const hat = judgingHat(row, facts)
  if (!hat) return refuse(notAllowed(row, row['judged-by'], facts.pack))
  if (request.state !== 'requested')
    return refuse({ code: 'moved-on', message: `This request was ${request.state} since you opened it` })
  const holds = asked.outcome === 'approved'
  const refusals: Refusal[] = []
  if (!holds && asked.outcome !== 'refused')
    refusals.push({ code: 'decision.outcome', field: 'outcome', message: 'Choose to approve or to refuse it' })
  refusals.push(...reasonFaults(asked.rationale, 'rationale'))
  return refusals.length > 0 ? refuse(...refusals) : accept({ row, hat, holds })
}

function unknownRow(id: string): Refusal {
  return {
    code: 'row.unknown',
    field: 'row',
    message: `Nothing called “${id.slice(0, 40)}” is judged by a person here`,
  }
}

function notAllowed(row: JudgedRow, roles: readonly string[], pack: Pack): Refusal {
  const titles = [...new Set(roles.map((role) => pack.roles[role]?.title ?? role))]
  const words = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(titles)
  return { code: 'not-allowed', message: `${row.title}: this is for the ${words} of the place` }
}

/** Characters that a reason may have. */
const LONGEST = 4000

function reasonFaults(reason: string, field: string): Refusal[] {
  if (reason.trim() === '') return [{ code: 'reason.missing', field, message: 'Give the reason' }]
  if (reason.length > LONGEST)
    return [{ code: 'reason.long', field, message: `The reason may have ${LONGEST} characters at most` }]
  return []
}

function dayFaults(on: string, today: string, { to }: Pack['academic-year']): Refusal[] {
  if (on === '') return [{ code: 'date.wrong', field: 'on', message: 'Enter a real date, such as 4 12 2023' }]
  if (on > today)
    return [{ code: 'date.ahead', field: 'on', message: `The day must not be after today, ${longDate(today)}` }]
  if (on > to)
    return [
      { code: 'date.year', field: 'on', message: `The edition ended on ${longDate(to)}: choose a day up to then` },
    ]
  return []
}
