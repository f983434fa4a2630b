import { longDate } from '../platform/words.ts'
import { isRuleRow, originsOf, type Pack, packRef } from '../programmes/index.ts'
import { type EvaluatedRow, markInWords, marksOf } from './evaluate.ts'
import { findJudgedRow } from './judgement.ts'
import type { RequestRecord } from './request-store.ts'
import { subjectHref } from './subject.ts'
import type { SubjectView } from './subject-view.ts'

const RESULTS = { met: 'Met', 'not-met': 'Not met', unknown: 'Cannot be told', 'to-judge': 'Not judged' } as const

/** "criterion 3": the number of a row among those that are no exception; undefined for one that is asked for. */
function criterionOf(pack: Pack, id: string): string | undefined {
  const criteria = pack.eligibility.rows.filter((row) => isRuleRow(row) || originsOf(row).length === 0)
  const at = criteria.findIndex((row) => row.id === id)
  return at < 0 ? undefined : `criterion ${at + 1}`
}

/** "eligible - criterion 1 and criterion 3", "eligible - by exception", "not eligible". */
export function statusInWords({ pack, answer }: Pick<SubjectView, 'pack' | 'answer'>): string {
  if (!answer) return 'not open on the day'
  const { evaluation } = answer
  if (evaluation.outcome === 'not-categorised') return 'cannot be told from the data held'
  if (evaluation.outcome === 'not-eligible') return pack['not-run-yet'] ? 'no rule is met' : 'not eligible'
  const met = evaluation.rows.filter(({ result }) => result === 'met')
  if (pack['not-run-yet']) return `met - ${new Intl.ListFormat('en-GB').format(met.map(({ title }) => title))}`
  const criteria = met.flatMap(({ id }) => criterionOf(pack, id) ?? [])
  const words = criteria.length > 0 ? criteria : marksOf(evaluation).map(markInWords)
  return `eligible - ${new Intl.ListFormat('en-GB').format(words)}`
}

/** "exception requested": the state of a request in the edition's own words. */
export function stateInWords(pack: Pack, { row, state }: Pick<RequestRecord, 'row' | 'state'>): string {
  return `${findJudgedRow(pack, row)?.called ?? 'request'} ${state}`
}

/** Everything that the page of one school or trust in one edition prints. */
export function presentSubject(view: SubjectView) {
  const { pack, subject, on, answer } = view
  const ref = packRef(pack)
  const href = subjectHref(ref, subject.key)
  const status = statusInWords(view)
  return {
    title: `${subject.name}: ${pack.title}`,
    heading: subject.name,
    caption: `${pack.title}, edition ${pack.edition}`,
    section: 'eligibility',
    breadcrumbs: [recordOf(view)],
    href,
    ref,
    day: longDate(on),
    status: status.charAt(0).toUpperCase() + status.slice(1).replace(' - ', ': '),
    isEligible: answer?.evaluation.outcome === 'eligible',
    kind: subject.kind,
    trust: subject.trust && { name: subject.trust.name, href: `/trusts/${subject.trust.uid}` },
    region: subject.place.region ?? 'region not held',
    marks: answer ? marksOf(answer.evaluation).map(markInWords) : [],
    rows: (answer?.evaluation.rows ?? []).map((row) => presentRow(pack, row, view)),
    through: (answer?.evaluation.through ?? []).map((urn) => ({ urn, href: `/schools/${urn}` })),
    snapshots: (answer?.snapshots ?? []).map(({ title, asAt }) => `${title}, as at ${longDate(asAt)}`),
    contact: presentContact(view),
    mayAsk: view.mayAsk.map(({ row, title }) => ({ title, href: `${href}/ask/${row}`, called: calledOf(pack, row) })),
    isClose: view.isClose,
    requests: view.requests.map((request) => presentRequest(pack, request)),
  }
}

function recordOf({ subject }: SubjectView) {
  const { key, name } = subject
  return { text: name, href: key.kind === 'school' ? `/schools/${key.urn}` : `/trusts/${encodeURIComponent(key.uid)}` }
}

export function calledOf(pack: Pack, row: string): string {
  return findJudgedRow(pack, row)?.called ?? 'request'
}

function presentRow(pack: Pack, row: EvaluatedRow, view: SubjectView) {
  const decided = view.decisions.find(({ id }) => id === row.judgement?.id)
  const href = subjectHref(packRef(pack), view.subject.key)
  return {
    number: criterionOf(pack, row.id),
    title: row.title,
    result: RESULTS[row.result],
    isMet: row.result === 'met',
    evidence: row.evidence,
    decided: decided ? `${decided.by}: ${decided.rationale}` : null,
    cites: pack.eligibility.rows.find(({ id }) => id === row.id)?.cites.join(', '),
    judge: view.mayJudge.some((one) => one.row === row.id) ? `${href}/judge/${row.id}` : null,
  }
}

function presentContact({ pack, contact }: SubjectView) {
  if (!contact) return null
  const declared = pack.values?.[pack.eligibility.contact?.value ?? '']
  return {
    title: declared?.title ?? '',
    lead: contact.contact,
    standIns: contact.standIns,
    standInTitle: pack.roles[declared?.vacant ?? '']?.title ?? '',
  }
}

/** One request as lists and its page print it. */
export function presentRequest(pack: Pack, request: RequestRecord) {
  const row = findJudgedRow(pack, request.row)
  const key =
    request.urn === null
      ? { kind: 'trust' as const, uid: request.uid ?? '' }
      : { kind: 'school' as const, urn: request.urn }
  const { decision } = request
  return {
    id: request.id,
    href: `/eligibility-requests/${request.id}`,
    name: request.name,
    subjectHref: subjectHref(packRef(pack), key),
    kind: request.kind,
    region: request.region ?? 'not held',
    title: row?.title ?? request.row,
    state: stateInWords(pack, request),
    isOpen: request.state === 'requested',
    origin: (row ? originsOf(row) : []).find(({ id }) => id === request.origin)?.title ?? request.origin,
    reason: request.reason,
    asked: `${longDate(request.askedOn)}, by ${request.askedBy}, ${request.askedAs}${request.onBehalf ? ', on its behalf' : ''}`,
    judges: new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(
      (row?.['judged-by'] ?? []).map((role) => pack.roles[role]?.title ?? role),
    ),
    decided: decision ? `${longDate(decision.on)}, by ${decision.by}, ${decision.role}` : null,
    rationale: decision?.rationale ?? null,
  }
}

/** The same as data, for the API. Names and reasons only for those whose place it is. */
export function subjectJson(view: SubjectView) {
  const { pack, subject, on, answer } = view
  return {
    ref: packRef(pack),
    on,
    kind: subject.kind,
    urn: subject.key.kind === 'school' ? subject.key.urn : null,
    uid: subject.key.kind === 'trust' ? subject.key.uid : null,
    name: subject.name,
    trust: subject.trust,
    region: subject.place.region,
    outcome: answer?.evaluation.outcome ?? null,
    status: statusInWords(view),
    basis: answer?.evaluation.basis ?? null,
    marks: answer ? marksOf(answer.evaluation) : [],
    through: (answer?.evaluation.through ?? []).map(Number),
    rows: (answer?.evaluation.rows ?? []).map(({ id, title, result, evidence }) => ({ id, title, result, evidence })),
    decisions: view.decisions,
    requests: view.requests.map((request) => requestJson(pack, request)),
    contact: view.contact,
    mayAsk: view.mayAsk.map(({ row, origins }) => ({ row, origins: origins.map(({ id, title }) => ({ id, title })) })),
    mayJudge: view.mayJudge.map(({ row }) => row),
  }
}

export function requestJson(pack: Pack, { programme, edition, ...request }: RequestRecord) {
  return { ref: `${programme}@${edition}`, ...request, status: stateInWords(pack, request) }
}
