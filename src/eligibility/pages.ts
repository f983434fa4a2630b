import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Refusal } from '../platform/decision.ts'
import { readListQuery } from '../platform/web/list.ts'
import {
  type Answer,
  notFound,
  page,
  type Query,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { type TableColumn, tableFile } from '../platform/web/table-file.ts'
import { findPack, type Pack, packRef } from '../programmes/index.ts'
import { chooseSchools, FILTERS, SORTS } from './answer-list.ts'
import { getFactsOn, getJudged, judgeSchools } from './judge-register.ts'
import { presentAnswer, toLine } from './present-answer.ts'
import { presentComparison, presentRun } from './present-run.ts'
import { type Question, readQuestion } from './question.ts'
import { compareRecorded, findRun, listEligibleOf, listRuns, recordRun } from './run-store.ts'

export type EligibilityParts = { readonly database: Database; readonly clock: Clock; readonly packs: readonly Pack[] }

const FILE_COLUMNS: readonly TableColumn[] = [
  { key: 'urn', head: 'URN', width: 10 },
  { key: 'name', head: 'School', width: 44 },
  { key: 'outcome', head: 'Outcome' },
  { key: 'criteria', head: 'Criteria met', width: 50 },
  { key: 'why', head: 'Why', width: 90 },
  { key: 'basis', head: 'Rests on', width: 40 },
  { key: 'marks', head: 'Marked', width: 16 },
  { key: 'latest', head: 'Latest judgement', width: 16 },
  { key: 'authority', head: 'Authority' },
  { key: 'region', head: 'Region' },
  { key: 'phase', head: 'Phase' },
  { key: 'trust', head: 'Trust', width: 40 },
]

export function eligibilityPages(parts: EligibilityParts): Route[] {
  const read = { allow: 'see-eligibility', audit: null } as const
  return [
    { method: 'GET', path: '/eligibility', ...read, handle: () => startPage(parts) },
    { method: 'GET', path: '/eligibility/:ref', ...read, handle: (request) => answerPage(parts, request) },
    { method: 'GET', path: '/eligibility/:ref.csv', ...read, handle: (request) => answerFile(parts, request, 'csv') },
    { method: 'GET', path: '/eligibility/:ref.ods', ...read, handle: (request) => answerFile(parts, request, 'ods') },
    {
      method: 'POST',
      path: '/eligibility/:ref/runs',
      allow: 'record-eligibility',
      audit: 'eligibility-run-recorded',
      handle: (request) => recordPage(parts, request),
    },
    { method: 'GET', path: '/eligibility-runs/:id', ...read, handle: (request) => runPage(parts, request) },
  ]
}

/** With one programme there is nothing to choose. */
function startPage({ packs }: EligibilityParts): Answer {
  const [only, another] = packs
  if (only && !another) return redirect(`/eligibility/${packRef(only)}`)
  const programmes = packs.map((pack) => ({
    ref: packRef(pack),
    title: pack.title,
    year: pack['academic-year'].name,
    summary: pack.summary,
  }))
  return page('eligibility/start.njk', { title: 'Who qualifies', section: 'eligibility', programmes })
}

/** The day asked for, else today bounded by the edition's year: a past edition answers for its last day. */
export function usualDay(pack: Pack, clock: Clock): string {
  const today = clock.today().toString()
  const { from, to } = pack['academic-year']
  if (today < from) return from
  return today > to ? to : today
}

function askedQuestion({ packs, clock }: EligibilityParts, ref: string, query: Query) {
  const pack = findPack(ref, packs)
  return readQuestion(ref, query, packs, pack ? usualDay(pack, clock) : clock.today().toString())
}

async function answerPage(parts: EligibilityParts, request: RouteRequest): Promise<Answer> {
  const ref = request.params['ref'] ?? ''
  const asked = askedQuestion(parts, ref, request.query)
  if (asked.ok) return showAnswer(parts, asked.value, request, [])
  const pack = findPack(ref, parts.packs)
  if (!pack) return notFound(asked.refusals[0]?.message ?? 'There is no such programme.')
  const question: Question = { pack, on: usualDay(pack, parts.clock), changed: {}, asIf: pack }
  return showAnswer(parts, question, request, asked.refusals)
}

async function showAnswer(
  parts: EligibilityParts,
  question: Question,
  { query }: RouteRequest,
  refusals: readonly Refusal[],
): Promise<Answer> {
  const { pack, on, asIf } = question
  const judged = await getJudged(parts.database, pack, on)
  const changed = asIf === pack ? judged : judgeSchools(asIf, await getFactsOn(parts.database, on))
  const runs = await listRuns(parts.database, pack.programme, pack.edition)
  const asked = readListQuery(query, SORTS, FILTERS)
  const answer = presentAnswer({ question, judged, asIf: changed, asked, runs: runs.slice(0, 10).map(presentRun) })
  const model = {
    title: `Who qualifies: ${pack.title}`,
    caption: `Edition ${pack.edition}`,
    section: 'eligibility',
    wide: true,
    answer,
    typed: Object.fromEntries(query),
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field ?? 'main-content'}` })),
    errorAt: Object.fromEntries(refusals.map(({ field, message }) => [field ?? '', { text: message }])),
  }
  return page('eligibility/answer.njk', model, refusals.length > 0 ? 422 : 200)
}

async function answerFile(parts: EligibilityParts, request: RouteRequest, format: 'csv' | 'ods'): Promise<Answer> {
  const asked = askedQuestion(parts, request.params['ref'] ?? '', request.query)
  if (!asked.ok) return notFound(asked.refusals[0]?.message ?? 'There is no such answer.')
  const { pack, on, asIf } = asked.value
  const judged = judgeSchools(asIf, await getFactsOn(parts.database, on))
  const lines = chooseSchools(judged, readListQuery(request.query, SORTS, FILTERS)).map(toLine)
  return tableFile(format, `who-qualifies-${pack.programme}-${pack.edition}-${on}`, FILE_COLUMNS, lines)
}

async function recordPage(parts: EligibilityParts, request: RouteRequest): Promise<Answer> {
  const fields = new URLSearchParams(Object.entries(request.body).map(([name, value]) => [name, String(value)]))
  const asked = askedQuestion(parts, request.params['ref'] ?? '', fields)
  if (!asked.ok) return notFound(asked.refusals[0]?.message ?? 'There is no such programme.')
  const { asIf, on, changed } = asked.value
  const judged = judgeSchools(asIf, await getFactsOn(parts.database, on))
  const id = await recordRun(parts.database, judged, {
    changed,
    reason: textOf(request.body, 'reason') || null,
    by: request.actor,
    submission: submissionOf(request),
  })
  return redirect(`/eligibility-runs/${id}`)
}

async function runPage({ database, packs }: EligibilityParts, { params, query }: RouteRequest): Promise<Answer> {
  const run = await findRun(database, wholeNumber(params['id']))
  if (!run) return notFound('There is no recorded run of this number.')
  const earlier = (await listRuns(database, run.programme, run.edition)).filter((other) => other.id < run.id)
  const wanted = wholeNumber(query.get('since')) || earlier[0]?.id
  const since = earlier.find((other) => other.id === wanted)
  const comparison = since && presentComparison(run, since, await compareRecorded(database, since.id, run.id))
  const pack = findPack(packRef(run), packs)
  return page('eligibility/run.njk', {
    title: `Recorded run ${run.id}`,
    caption: `${pack?.title ?? run.programme} ${run.edition}`,
    breadcrumbs: pack && [{ text: 'Who qualifies', href: `/eligibility/${packRef(pack)}` }],
    section: 'eligibility',
    run: presentRun(run),
    earlier: earlier.map((other) => ({
      value: other.id,
      text: presentRun(other).words,
      selected: other.id === since?.id,
    })),
    comparison,
    schools: await listEligibleOf(database, run.id),
  })
}
