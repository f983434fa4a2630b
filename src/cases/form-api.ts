import { z } from 'zod'
import { isMachine } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { type ApiDescription, described } from '../platform/web/api-description.ts'
import {
  type Answer,
  json,
  problem,
  type Route,
  type RouteRequest,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { statusOf } from './api.ts'
import type { CaseParts } from './case-parts.ts'
import { findOpen } from './case-state.ts'
import { findCase } from './case-store.ts'
import { type FormDesk, hatFor, mayRead, NO_FORM, openFormDesk, sectionOf } from './form-desk.ts'
import { openForm } from './form-effects.ts'
import { formOf } from './form-facts.ts'
import { saveSection } from './form-save.ts'
import { showSecret } from './form-secret.ts'
import { signForm } from './form-sign.ts'
import { leaderKeyOf } from './form-state.ts'
import { findForm, findSectionVersion, listSectionVersions } from './form-store.ts'
import { formJson, sectionContent, sectionLines } from './present-form.ts'
import { findSeenCase } from './read-case.ts'
import { NO_CASE, runStep } from './run-step.ts'
import { hatInCase } from './who-sees.ts'

const FORM = '/api/v1/cases/:reference/form'

/** The form of a case for other programs: read it, save its sections, sign it, hand it in. */
export function formApi(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const routes: Route[] = [
    {
      ...get,
      path: FORM,
      handle: (request) => withForm(parts, request, (desk) => json(formJson(desk, request.actor))),
    },
    { ...post, path: FORM, audit: 'form-opened', handle: (request) => open(parts, request) },
    { ...get, path: `${FORM}/sections/:section`, handle: (request) => readSection(parts, request) },
    { ...post, path: `${FORM}/sections/:section`, audit: 'form-saved', handle: (request) => save(parts, request) },
    { ...post, path: `${FORM}/signatures/:signature`, audit: 'form-signed', handle: (request) => sign(parts, request) },
    { ...post, path: `${FORM}/submissions`, audit: 'form-submitted', handle: (request) => submit(parts, request) },
  ]
  return described(routes, FORM_API)
}

/** A case's form, for whoever sees the whole case; 404 otherwise. */
export async function withForm(
  parts: CaseParts,
  { params, actor }: RouteRequest,
  work: (desk: FormDesk) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const desk = await openFormDesk(parts, db, seen.record)
  return desk ? work(desk) : problem([NO_FORM], 404)
}

const NOT_A_WRITER = { code: 'not-responsible', message: 'Not yours to do. A form is made by those who fill it' }

/** Makes the form of a case that was deployed without one; a second form is refused. */
async function open(parts: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(parts.database.db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const writers = formOf(seen.record)?.form.sections.flatMap((section) => section.writers ?? []) ?? []
  const decision = await allOrNothing(parts.database.db, async (db): Promise<Decision<{ reference: string }>> => {
    const record = await findCase(db, seen.record.reference, true)
    if (!record) return refuse(NO_CASE)
    const { leaderId } = record.state
    if (await findForm(db, record.id, leaderId))
      return refuse({ code: 'form.exists', message: 'This case has its form already; there is one only' })
    if (!isMachine(actor) && !hatInCase(actor, seen, writers)) return refuse(NOT_A_WRITER)
    if (leaderId === null) return refuse(NO_FORM)
    const opened = await openForm(db, record, { leaderId, on: parts.clock.today().toString() })
    if (!opened.ok) return opened
    await writeAudit(db, { actor, action: 'Form made', record: 'case', recordKey: record.reference })
    return accept({ reference: record.reference })
  })
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals, formStatusOf(decision.refusals))
}

const CONFLICTS = new Set(['form.exists', 'form.handed-in'])
const ABSENT = new Set(['file.none-waiting', 'form.unknown', 'section.unknown', 'signature.unknown'])

/** As for cases; 409 also for a second form and one that is handed in. */
export function formStatusOf(refusals: Parameters<typeof statusOf>[0]): number {
  const code = refusals[0]?.code ?? ''
  if (CONFLICTS.has(code)) return 409
  return ABSENT.has(code) ? 404 : statusOf(refusals)
}

function readSection(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withForm(parts, request, async (desk) => {
    const { params, actor, query } = request
    const section = sectionOf(desk, params['section'] ?? '')
    if (!section || !mayRead(desk, actor, section)) return problem([NO_SECTION], 404)
    const line = sectionLines(desk, actor).find(({ id }) => id === section.id)
    const leaderKey = leaderKeyOf(section, desk.record.state.leaderId)
    const at = { formId: desk.stored.id, section: section.id, leaderKey }
    const versions = await listSectionVersions(parts.database.db, at)
    const version = wholeNumber(query.get('version'))
    const saved = version ? await findSectionVersion(parts.database.db, { ...at, version }) : undefined
    if (version && !saved) return problem([NO_SECTION], 404)
    const secret = section.kind === 'secret' ? await showSecret(parts, desk, section, actor) : undefined
    const current = version || (versions.at(-1)?.version ?? 0)
    return json({ ...line, version: current, versions, ...sectionContent(desk, section, saved), ...secret })
  })
}

export const NO_SECTION = { code: 'section.unknown', message: 'There is no such section, or you may not see it' }

function save(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withForm(parts, request, async (desk) => {
    const { params, body, actor } = request
    const section = sectionOf(desk, params['section'] ?? '')
    if (!section) return problem([NO_SECTION], 404)
    if (section.kind === 'confirm') return sign(parts, request, desk)
    const decision = await saveSection(parts, {
      reference: desk.record.reference,
      section: section.id,
      body,
      complete: body['complete'] === true || body['complete'] === 'yes',
      version: body['version'] === undefined ? null : Number(body['version']),
      by: actor,
      submission: submissionOf(request),
    })
    if (!decision.ok) return problem(decision.refusals, formStatusOf(decision.refusals))
    if (decision.value.missing.length > 0) return problem(decision.value.missing)
    return json(decision.value)
  })
}

function sign(parts: CaseParts, request: RouteRequest, known?: FormDesk): Promise<Answer> {
  return withForm(parts, request, async (desk) => {
    const { params, body, actor } = request
    // The section that the other side fills is the ending of the step that asks for its signature.
    const section = known && sectionOf(known, params['section'] ?? '')
    const named = section ? desk.form.signatures?.find(({ step }) => step === section.step)?.id : params['signature']
    const decision = await signForm(parts, {
      reference: desk.record.reference,
      signature: named ?? '',
      body,
      by: actor,
      submission: submissionOf(request),
    })
    return decision.ok ? json(decision.value) : problem(decision.refusals, formStatusOf(decision.refusals))
  })
}

function submit(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withForm(parts, request, async (desk) => {
    const decision = await submitForm(parts, desk, request)
    if (!decision.ok) return problem(decision.refusals, formStatusOf(decision.refusals))
    const after = await findForm(parts.database.db, desk.record.id, desk.record.state.leaderId)
    return json(after?.submissions.at(-1))
  })
}

/** Hands the form in: to its one destination, by the step that is open for it. `to` may name the destination. */
export async function submitForm(parts: CaseParts, desk: FormDesk, request: RouteRequest) {
  const { body, actor } = request
  const { destination } = desk.form
  const to = textOf(body, 'to')
  if (!destination || (to && to !== destination.party))
    return refuse({
      code: 'form.wrong-destination',
      message: destination?.say ?? 'This form is sent nowhere',
      field: 'to',
    })
  const step = submittingStep(desk)
  return runStep(parts, {
    reference: desk.record.reference,
    step: step ?? destination.step,
    body: {},
    by: actor,
    submission: submissionOf(request),
  })
}

/** The open step that hands the form in: the first time, or again after it came back. */
export function submittingStep({ record }: FormDesk): string | undefined {
  const steps = record.pack.process?.flows?.[record.flow]?.steps ?? {}
  return Object.entries(steps)
    .filter(([, step]) => step.do?.includes('submit-form'))
    .map(([id]) => id)
    .find((id) => findOpen(record.state, id))
}

/** Whether somebody is the one who hands the form in. */
export function maySubmit(desk: FormDesk, by: RouteRequest['actor']): boolean {
  const step = submittingStep(desk)
  const owner = step && desk.record.pack.process?.flows?.[desk.record.flow]?.steps[step]?.owner
  return typeof owner === 'string' && hatFor(desk, by, [owner]) !== undefined
}

const anything = z.looseObject({})
const moved = z.object({ reference: z.string(), stage: z.string(), status: z.string() })

const FORM_API: Readonly<Record<string, ApiDescription>> = {
  [`GET ${FORM}`]: {
    summary: 'The form of a case: its sections, signatures, who gets it and handing in',
    answer: anything,
  },
  [`POST ${FORM}`]: {
    summary: 'Make the form of a case that was deployed without one',
    answer: z.object({ reference: z.string() }),
    created: true,
  },
  [`GET ${FORM}/sections/:section`]: {
    summary: 'What a section holds, now or in an earlier version, and what it still misses',
    query: z.object({ version: z.string().optional() }),
    answer: anything,
  },
  [`POST ${FORM}/sections/:section`]: {
    summary:
      'Save a whole section as a draft or, with complete, as complete: where something is missing it is kept as a draft and answered 422; or give the answer of the other side',
    body: z.looseObject({
      fields: anything.optional(),
      rows: anything.optional(),
      version: z.number().optional().describe('The version that was read before; another one now is answered 409'),
      complete: z.boolean().optional(),
    }),
    answer: anything,
    refused:
      'where an answer is wrong, nothing was saved. Where complete was asked for and something is only missing, what was sent is kept as a draft all the same: the refusals say what it still lacks, and the section its version',
  },
  [`POST ${FORM}/signatures/:signature`]: {
    summary: 'Sign the form; only the one whose signature it is',
    body: z.looseObject({ outcome: z.string().optional(), reason: z.string().optional() }),
    answer: moved,
  },
  [`POST ${FORM}/submissions`]: {
    summary: 'Hand the form in',
    body: z.object({ to: z.string().optional() }),
    answer: anything,
  },
}
