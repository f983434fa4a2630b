import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import type { Refusal } from '../../platform/decision.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../../platform/web/route.ts'
import { submissionOf } from '../../platform/web/submission.ts'
import { presentSchoolFrame } from '../school.ts'
import { findSchool, type SchoolRecord } from '../school-store.ts'
import { sayValue } from './correction-fields.ts'
import { listCorrections } from './correction-store.ts'
import { type AskedCorrection, readWhat } from './decide-correction.ts'
import {
  type CorrectionParts,
  endCorrection,
  makeCorrection,
  type RestingGroup,
  tryCorrection,
} from './make-correction.ts'
import { listCorrectable, type OwnInspection, type PlainPredecessor, presentCorrection } from './present-corrections.ts'

const PATH = '/schools/:urn/corrections'
const API = '/api/v1/schools/:urn/corrections'

/** Local corrections of a school: what stands above the register, a new one with what rests on it, and the end of one. */
export function correctionPages(parts: CorrectionParts): Route[] {
  const read = { method: 'GET', allow: 'administer', audit: null } as const
  const change = { method: 'POST', allow: 'administer', audit: 'register-corrected' } as const
  const end = { method: 'POST', allow: 'administer', audit: 'register-correction-ended' } as const
  const of = (handle: Handle) => (request: RouteRequest) => withSchool(parts, request, handle)
  return [
    { ...read, path: PATH, handle: of((school, request) => listPage(parts, school, request)) },
    {
      ...read,
      path: `${PATH}/new`,
      handle: of((school, request) => formPage(parts, school, request, askedOfQuery(request))),
    },
    { ...change, path: PATH, handle: of((school, request) => fromPage(parts, school, request)) },
    { ...end, path: `${PATH}/:id/end`, handle: of((school, request) => endFromPage(parts, school, request)) },
    { ...read, path: API, handle: of((school, request) => readJson(parts, school, request)) },
    { ...change, path: API, handle: of((school, request) => fromApi(parts, school, request)) },
    { ...end, path: `${API}/:id/end`, handle: of((school, request) => endFromApi(parts, school, request)) },
  ]
}

type Handle = (school: SchoolRecord, request: RouteRequest) => Promise<Answer>

async function withSchool(
  { database: { db } }: CorrectionParts,
  request: RouteRequest,
  handle: Handle,
): Promise<Answer> {
  const school = await findSchool(db, wholeNumber(request.params['urn']))
  return school ? handle(school, request) : notFound(`The register holds no school with URN ${request.params['urn']}.`)
}

function askedOf({ body }: RouteRequest): AskedCorrection {
  return {
    what: textOf(body, 'what'),
    value: textOf(body, 'value') || numberOf(body['value']),
    holdsFrom: textOf(body, 'holdsFrom'),
    source: textOf(body, 'source'),
    sourceDate: textOf(body, 'sourceDate'),
    reason: textOf(body, 'reason'),
  }
}

/** JSON may send a number where a form sends its text. */
function numberOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : ''
}

function askedOfQuery({ query }: RouteRequest): AskedCorrection {
  const given = (name: string) => (query.get(name) ?? '').trim()
  return {
    what: given('what'),
    value: given('value'),
    holdsFrom: given('holdsFrom'),
    source: given('source'),
    sourceDate: given('sourceDate'),
    reason: given('reason'),
  }
}

async function listPage(
  { database: { db } }: CorrectionParts,
  school: SchoolRecord,
  { body, actor }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const all = (await listCorrections(db, school.id)).map(presentCorrection)
  const wrongAt = wholeNumber(textOf(body, 'number'))
  const isInForce = all.some((one) => one.inForce && one.id === wrongAt)
  const model = {
    ...presentSchoolFrame(school, 'corrections', actor),
    inForce: all.filter((one) => one.inForce),
    ended: all.filter((one) => !one.inForce),
    facts: await readCorrectable(db, school),
    urn: school.urn,
    typed: textOf(body, 'reason'),
    wrongAt,
    errors: refusals.map(({ message }) => ({ text: message, href: isInForce ? `#end-${wrongAt}` : '#main-content' })),
    wrong: refusals[0]?.message ?? null,
  }
  return page('register/corrections/corrections.njk', model, statusOf(refusals))
}

async function readCorrectable(db: Db, school: SchoolRecord) {
  const [inspections, predecessors, corrections] = await Promise.all([
    sql<OwnInspection>`select id, inspected_on, published_on, kind, overall from inspection
      where establishment_id = ${school.id} order by inspected_on desc, id desc`.execute(db),
    sql<PlainPredecessor>`select p.urn, p.name from plain_predecessor k join establishment p on p.urn = k.predecessor_urn
      where k.establishment_id = ${school.id} order by p.urn`.execute(db),
    listCorrections(db, school.id),
  ])
  return listCorrectable(school, inspections.rows, predecessors.rows, corrections)
}

/** The form; with `rests` its check page, which shows what would change and asks to confirm. */
async function formPage(
  { database: { db } }: CorrectionParts,
  school: SchoolRecord,
  { actor }: RouteRequest,
  typed: AskedCorrection,
  { refusals = [], check }: { refusals?: readonly Refusal[]; check?: Checked } = {},
): Promise<Answer> {
  const fact = (await readCorrectable(db, school)).find(({ what }) => what === typed.what)
  const { field, number } = readWhat(typed.what)
  if (!fact || !field) return notFound('There is no such fact of this school to correct.')
  const wrong = (name: string) => refusals.find((refusal) => refusal.field === name)
  const model = {
    ...presentSchoolFrame(school, 'corrections', actor),
    title: `${school.name}: correct the register, ${fact.title}`,
    urn: school.urn,
    fact,
    hint: field.hint,
    isCut: field.of === 'link' && number !== null,
    ofSchool: field.of === 'school',
    typed,
    check,
    errors: refusals.map((refusal) => ({ text: refusal.message, href: `#${refusal.field ?? 'main-content'}` })),
    wrong: Object.fromEntries(
      ['value', 'holdsFrom', 'source', 'sourceDate', 'reason'].map((name) => [name, wrong(name)]),
    ),
  }
  const template = check ? 'register/corrections/check.njk' : 'register/corrections/correct.njk'
  return page(template, model, statusOf(refusals))
}

type Checked = { readonly words: string; readonly rests: readonly RestingGroup[] }

async function fromPage(parts: CorrectionParts, school: SchoolRecord, request: RouteRequest): Promise<Answer> {
  const asked = askedOf(request)
  const wanted = { school, asked, by: request.actor }
  if (textOf(request.body, 'step') !== 'save') {
    const tried = await tryCorrection(parts, wanted)
    if (!tried.ok) return formPage(parts, school, request, asked, { refusals: tried.refusals })
    const { correction, rests } = tried.value
    const words =
      correction.linkedUrn === null
        ? sayValue(correction.corrected)
        : `URN ${correction.linkedUrn}: ${correction.corrected['link']}`
    return formPage(parts, school, request, asked, { check: { words, rests } })
  }
  const made = await makeCorrection(parts, { ...wanted, submission: submissionOf(request) })
  if (!made.ok) return formPage(parts, school, request, asked, { refusals: made.refusals })
  return redirect(`/schools/${school.urn}/corrections`)
}

async function endFromPage(parts: CorrectionParts, school: SchoolRecord, request: RouteRequest): Promise<Answer> {
  const id = wholeNumber(request.params['id'])
  const ended = await endCorrection(parts, { school, id, reason: textOf(request.body, 'reason'), by: request.actor })
  if (ended.ok) return redirect(`/schools/${school.urn}/corrections`)
  return listPage(parts, school, { ...request, body: { ...request.body, number: String(id) } }, ended.refusals)
}

/** What stands; asked with a correction (`what` and its other fields), what that one would change. */
async function readJson(parts: CorrectionParts, school: SchoolRecord, request: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const [facts, all] = await Promise.all([readCorrectable(db, school), listCorrections(db, school.id)])
  const stands = { facts, corrections: all.map(presentCorrection) }
  const asked = askedOfQuery(request)
  if (asked.what === '') return json(stands)
  const tried = await tryCorrection(parts, { school, asked, by: request.actor })
  if (!tried.ok) return problem(tried.refusals, statusOf(tried.refusals))
  const { correction, rests } = tried.value
  const { field, corrected, register } = correction
  return json({ ...stands, asked: { field: field.id, title: field.title, corrected, register, rests } })
}

async function fromApi(parts: CorrectionParts, school: SchoolRecord, request: RouteRequest): Promise<Answer> {
  const submission = submissionOf(request)
  const made = await makeCorrection(parts, { school, asked: askedOf(request), by: request.actor, submission })
  return made.ok ? json(made.value, 201) : problem(made.refusals, statusOf(made.refusals))
}

async function endFromApi(parts: CorrectionParts, school: SchoolRecord, request: RouteRequest): Promise<Answer> {
  const id = wholeNumber(request.params['id'])
  const ended = await endCorrection(parts, { school, id, reason: textOf(request.body, 'reason'), by: request.actor })
  return ended.ok ? json(ended.value) : problem(ended.refusals, statusOf(ended.refusals))
}

function statusOf(refusals: readonly Refusal[]): number {
  if (refusals.length === 0) return 200
  const codes = refusals.map(({ code }) => code)
  if (codes.includes('correction.unknown')) return 404
  return codes.includes('correction.ended') || codes.includes('correction.exists') ? 409 : 422
}
