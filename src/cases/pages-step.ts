import { sql } from 'kysely'
import { isMachine } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { longDate, lowerFirst } from '../platform/words.ts'
import { type Fields, fillWords, judgeCondition, type Outcome, type StepCheck } from '../programmes/index.ts'
import { readKnown } from './asked.ts'
import { capital, caseHref, dueInWords } from './case-page.ts'
import type { CaseParts, LetterDraft } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import { type CaseRecord, findCase, readDraft } from './case-store.ts'
import { barsOf, warningsOf } from './decide-step.ts'
import { sectionLinks } from './form-facts.ts'
import { leadersHref } from './leaders-for-case.ts'
import { presentLinks } from './link-list.ts'
import { shownRefusals, withCase } from './pages-case.ts'
import { flowOf, type OpenStep, openStepsOf, ownerTitle, partyTitle } from './present-case.ts'
import { answerInWords, nestFields, parentOf, presentFields } from './present-fields.ts'
import { askedFields } from './read-answers.ts'
import type { SeenCase } from './read-case.ts'
import { keepDraft, letterCall, NO_CASE, openDesk, runStep, type StepAsk, type StepDesk } from './run-step.ts'

/** The pages on which a step is done or an action taken, made from what the pack says of it. */
export function stepPages(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases', audit: 'case-changed' } as const
  return ['steps', 'actions'].flatMap((kind): Route[] => [
    { ...get, path: `/cases/:reference/${kind}/:step`, handle: (request) => stepPage(parts, request) },
    { ...post, path: `/cases/:reference/${kind}/:step`, handle: (request) => sendStep(parts, request) },
  ])
}

/** Clearing a refusal for one leader: whoever the pack lets do it, with a reason. */
export function clearingRoutes(parts: CaseParts): Route[] {
  const post = { method: 'POST', allow: 'see-cases', audit: 'case-changed' } as const
  return [
    {
      ...post,
      path: '/cases/:reference/clear',
      handle: (request) =>
        withCase(parts, request, async () => {
          const { params, body } = request
          const cleared = await clearCheck(parts, request)
          const back = `${caseHref(params['reference'] ?? '')}/steps/${encodeURIComponent(textOf(body, 'step'))}`
          if (cleared.ok) return redirect(back)
          return page(
            'platform/web/message.njk',
            { title: 'Not cleared', lines: cleared.refusals.map(({ message }) => message) },
            422,
          )
        }),
    },
  ]
}

function askOf(request: RouteRequest): StepAsk {
  const { params, body, query, actor } = request
  return {
    reference: params['reference'] ?? '',
    step: params['step'] ?? '',
    key: textOf(body, 'key') || (query.get('key') ?? ''),
    body,
    by: actor,
    submission: submissionOf(request),
  }
}

function stepPage(parts: CaseParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  const isFresh = refusals.length === 0
  return withCase(parts, request, async (seen) => {
    const { db } = parts.database
    const ask = askOf(request)
    const first = await openDesk(parts, db, seen.record, ask)
    if (!first) return notFound('There is no such step in this case.')
    const draft = isFresh ? await typedBefore(db, first, request) : {}
    const desk =
      Object.keys(draft).length > 0
        ? ((await openDesk(parts, db, seen.record, { ...ask, body: draft })) ?? first)
        : first
    if (!desk.isAction && !desk.open) return notOpenPage(seen, desk)
    const shown = shownRefusals(refusals)
    // What was typed and refused is what its letters are written from; before that, a draft of it.
    const letters = await draftLetters(parts, db, desk, { body: isFresh ? draft : request.body, by: request.actor })
    const { linkTo } = await presentLinks(parts, seen, request)
    const link = desk.open && linkTo(desk.open.step, desk.open.key)
    const known = await readKnown(db, seen, request.actor, desk.context.today)
    const model = { ...presentStep(seen, desk, request, refusals), known, errors: shown.errors, letters, link }
    return page('cases/step.njk', model, shown.status)
  })
}

/**
 * What was saved to come back to, and the leader who was chosen on the list of leaders for the case: it comes with the address,
 * under the field's own name.
 */
async function typedBefore(db: Db, { record, step, open }: StepDesk, { query }: RouteRequest): Promise<Answers> {
  const kept = open ? await readDraft(db, record.id, open.seq) : {}
  const fields = step.fields ?? {}
  const named = Object.keys(fields).filter((name) => fields[name]?.type === 'leader' && query.has(name))
  return { ...kept, ...Object.fromEntries(named.map((name) => [name, query.get(name) ?? ''])) }
}

/** The letters that the step would send, for whoever may do it. */
async function draftLetters(
  parts: CaseParts,
  db: Db,
  desk: StepDesk,
  written: Pick<StepAsk, 'body' | 'by'>,
): Promise<readonly LetterDraft[]> {
  const may = desk.context.may || desk.context.mayAsProxy
  return may && parts.letters ? parts.letters.draft(letterCall(db, desk, written)) : []
}

function notOpenPage({ record }: SeenCase, { step }: StepDesk): Answer {
  const done = record.state.steps.findLast((one) => flowOf(record).steps[one.step] === step && one.state === 'done')
  const line = done
    ? `${step.title} was done on ${longDate(done.doneOn)}${done.doneBy ? ` by ${done.doneBy}` : ''}. Nothing was changed.`
    : `${step.title} is not open. Nothing was changed.`
  return page('platform/web/message.njk', { title: 'This has moved on', section: 'cases', lines: [line] }, 409)
}

function buttonFor({ step, isAction }: StepDesk, chooses: boolean): string {
  // The title of an action asks for something already: a verb before it would say it twice.
  if (isAction) return 'Record it'
  return 'kind' in step && step.kind === 'send' ? 'Send' : buttonOf(step.title, chooses)
}

/** What is entered over some time can be saved to come back to. */
function keepsDraft({ step, isAction }: StepDesk): boolean {
  return !isAction && Object.keys(step.fields ?? {}).length > 1
}

function presentStep({ record }: SeenCase, desk: StepDesk, request: RouteRequest, refusals: readonly Refusal[]) {
  const { step, context, facts, open } = desk
  const today = context.today
  const shownOpen = open && openStepsOf(record, today).find((one) => one.step === open.step && one.key === open.key)
  const outcomes = 'outcomes' in step ? (step.outcomes ?? {}) : {}
  const chosen = textOf(request.body, 'outcome')
  const party = ownerTitle(record, step.owner, open?.acts ?? [])
  const may = context.may || context.mayAsProxy
  return {
    title: shownOpen?.title ?? step.title,
    material: flowOf(record).material ?? [],
    leaders: leadersHref(record.reference, desk, request),
    caption: `Case ${record.reference} · ${record.name}`,
    section: 'cases',
    breadcrumbs: [
      { text: 'Cases', href: '/cases' },
      { text: record.reference, href: caseHref(record.reference) },
      { text: step.title },
    ],
    where: whereOf(party, shownOpen),
    help: step.help ? fillWords(step.help, facts) : null,
    href: caseHref(record.reference),
    form: 'form' in step && step.form ? formLink(record, step.section) : null,
    action: request.url,
    key: open?.key ?? '',
    may,
    notMine: `This waits for: ${party}.`,
    proxy: !context.may && context.mayAsProxy ? party : null,
    ...presentAsked(desk, outcomes, { chosen, refusals }),
    question: step.title,
    asksReason: reasonHint(outcomes),
    typedReason: textOf(request.body, 'reason'),
    typedNote: textOf(request.body, 'note'),
    reasons: reasonsAsked(step.checks ?? [], desk, request),
    ...presentHints(desk, refusals),
    wrong: wrongFields(refusals),
    given: givenSoFar(record),
    irreversible: null,
    keeps: keepsDraft(desk),
    button: buttonFor(desk, Object.keys(outcomes).length > 0),
    ...clearing(desk, request),
  }
}

/** What is noticed, and, before whoever may do the step has tried, what bars it. */
function presentHints({ context, facts, step }: StepDesk, refusals: readonly Refusal[]) {
  const isFresh = refusals.length === 0 && (context.may || context.mayAsProxy)
  return {
    warnings: [...context.undecided, ...warningsOf(facts, step.checks)],
    bars: isFresh ? barsOf(context, step.checks) : [],
  }
}

/** The fields that are asked whatever is chosen, and each way to end the step with what is asked for that way alone. */
function presentAsked(
  { step, facts, entered, context }: StepDesk,
  outcomes: Readonly<Record<string, Outcome>>,
  { chosen, refusals }: { chosen: string; refusals: readonly Refusal[] },
) {
  const suggestFrom = refusals.length === 0 ? Temporal.PlainDate.from(context.today) : undefined
  const fields = step.fields ?? {}
  // What hangs on an option of another field stands under that option, whatever is chosen so far.
  const under = Object.fromEntries(Object.entries(fields).filter(([, { when }]) => parentOf(fields, when)))
  const askedFor = (outcome: string) => {
    const asked = askedFields(fields, { ...facts, field: (name) => (name === 'outcome' ? outcome : facts.field(name)) })
    return Object.fromEntries(Object.entries(fields).filter(([name]) => name in asked || name in under))
  }
  const ways = Object.entries(outcomes).map(([id, { title }]) => ({ id, title, asked: askedFor(id) }))
  const isOfOne = (name: string) => ways.length > 1 && ways.filter(({ asked }) => name in asked).length === 1
  const shown = (fields: Fields) => nestFields(fields, presentFields(fields, entered, refusals, suggestFrom))
  const all = { ...askedFor(''), ...Object.assign({}, ...ways.map(({ asked }) => asked)) }
  const pick = (fields: Fields, wanted: (name: string) => boolean): Fields =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => wanted(name)))
  return {
    fields: shown(pick(ways.length > 0 ? all : askedFor(''), (name) => !isOfOne(name))),
    outcomes: ways.map(({ id, title, asked }) => ({
      value: id,
      text: title,
      checked: id === chosen,
      fields: shown(pick(asked, isOfOne)),
    })),
  }
}

/** The form that a step is about, at its section where it is about one. */
function formLink(record: CaseRecord, section: string | undefined): { text: string; href: string } {
  const [one] = sectionLinks(record, section ? [section] : [])
  return one
    ? { text: `Section ${one.number} of the form: ${one.title}`, href: one.href }
    : { text: 'The form', href: `${caseHref(record.reference)}/form` }
}

function whereOf(party: string, open: OpenStep | undefined): string {
  return open ? `For: ${party}. ${capital(dueInWords(open))}.` : `For: ${party}.`
}

const LONGEST_BUTTON = 40

function buttonOf(title: string, answers: boolean): string {
  if (answers) return 'Send the answer'
  return title.length > LONGEST_BUTTON ? 'Record it' : `Record: ${lowerFirst(title)}`
}

function wrongFields(refusals: readonly Refusal[]) {
  return Object.fromEntries(refusals.flatMap(({ field, message }) => (field ? [[field, { text: message }]] : [])))
}

function reasonHint(outcomes: Readonly<Record<string, Outcome>>): string | null {
  const asking = Object.values(outcomes).filter((one) => one.reason === 'must')
  if (asking.length === 0) return null
  return `Needed for: ${asking.map((one) => one.title).join(', ')}`
}

/** Checks that hold and go on with a reason, once what is entered raises them. */
function reasonsAsked(checks: readonly StepCheck[], { facts }: StepDesk, { body }: RouteRequest) {
  return checks
    .filter((check) => check.level === 'reason' && judgeCondition(check.when, facts) === 'met')
    .map((check) => ({
      id: check.id,
      title: `${fillWords(check.say, facts)}. Why all the same?`,
      value: textOf(body, `reason-${check.id}`),
      error: null,
    }))
}

/** What others have written into the case for everybody to read; beside another case, all that was entered stands in its place. */
function givenSoFar(record: SeenCase['record']) {
  const flow = flowOf(record)
  return record.state.steps.flatMap((one) => {
    const fields = (flow.steps[one.step] ?? flow.anytime?.[one.step])?.fields ?? {}
    if (one.state !== 'done' || one.superseded) return []
    return Object.entries(fields).flatMap(([name, field]) => {
      const value = one.fields[name]
      return field.shared && value && value.length > 0
        ? [{ title: `${field.title} (${longDate(one.doneOn)})`, value: answerInWords(field, value) }]
        : []
    })
  })
}

/** Refusals that this person may clear for the leader who is named. */
function clearing({ step, facts, context, leader }: StepDesk, { actor, params }: RouteRequest) {
  const asked = (step.checks ?? []).filter((check) => {
    const by = check['clear-by']
    const roles = by ? (context.pack.process?.parties[by]?.roles ?? []) : []
    const isMine = actor.hats.some(({ role }) => roles.includes(role))
    return isMine && !context.cleared.has(check.id) && judgeCondition(check.when, facts) === 'met'
  })
  return {
    stepId: params['step'] ?? '',
    clearAction: `${caseHref(params['reference'] ?? '')}/clear`,
    clear: asked.map((check) => ({
      id: check.id,
      title: fillWords(check.say, facts),
      leader: leader?.reference ?? '',
    })),
  }
}

async function sendStep(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async ({ record }) => {
    const ask = { ...askOf(request), reference: record.reference }
    const isDraft = textOf(request.body, 'save') === 'draft'
    const decision = isDraft ? await keepDraft(parts, ask) : await runStep(parts, ask)
    if (!decision.ok) return stepPage(parts, request, decision.refusals)
    return redirect(isDraft ? `${caseHref(record.reference)}` : `${caseHref(record.reference)}?done=${ask.step}`)
  })
}

/** Clears a check of a step for one leader, kept with the reason and shown in the history (TSI-090). */
export function clearCheck(
  parts: CaseParts,
  { params, body, actor }: RouteRequest,
): Promise<Decision<{ cleared: string }>> {
  const reference = params['reference'] ?? ''
  return allOrNothing(parts.database.db, async (db) => {
    const record = await findCase(db, reference, true)
    const desk = record && (await openDesk(parts, db, record, { step: textOf(body, 'step'), body, by: actor }))
    const check = desk?.step.checks?.find(({ id }) => id === textOf(body, 'check'))
    if (!record || !desk) return refuse(NO_CASE)
    const by = check?.['clear-by']
    if (!check || !by)
      return refuse({
        code: 'check.unknown',
        message: 'There is nothing of this name that can be cleared',
        field: 'check',
      })
    const roles = record.pack.process?.parties[by]?.roles ?? []
    const hat = actor.hats.find(({ role }) => roles.includes(role))
    if (!isMachine(actor) && !hat)
      return refuse({ code: 'not-responsible', message: `Not yours to clear. Responsible: ${partyTitle(record, by)}` })
    const reason = textOf(body, 'reason')
    if (!reason) return refuse({ code: 'reason.missing', message: 'Give a reason for clearing this', field: 'reason' })
    await sql`insert into case_clearance (case_id, check_id, leader_id, reason, cleared_on, cleared_by)
      values (${record.id}, ${check.id}, ${desk.leader?.id ?? null}, ${reason}, ${desk.context.today}, ${actor.name})`.execute(
      db,
    )
    await writeAudit(db, {
      actor,
      action: 'Cleared',
      record: 'case',
      recordKey: reference,
      new: { outcome: fillWords(check.say, desk.facts), about: desk.leader?.name ?? '' },
      reason,
    })
    return accept({ cleared: check.id })
  })
}
