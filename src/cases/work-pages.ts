import type { Refusal } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import type { Field, Fields } from '../programmes/index.ts'
import { carryOver } from './carry-over.ts'
import type { CaseParts } from './case-parts.ts'
import type { Answers } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import { resourceOf } from './checklist.ts'
import { listContactDue } from './contact-due.ts'
import { sectionLinks } from './form-facts.ts'
import { readVisits, type VisitLine } from './log-store.ts'
import { readPlanRows } from './plan-form.ts'
import { keepPlan, readPlan } from './plan-run.ts'
import { nestFields, presentFields, type ShownField } from './present-fields.ts'
import { typedAnswers } from './read-answers.ts'
import { askOf, CHANGES } from './work-api.ts'
import type { WorkDesk } from './work-desk.ts'
import { FORMS, type WorkForm } from './work-forms.ts'
import { cell, day, type Table, withNumbers, workFrame, workHref } from './work-frame.ts'
import { leadersOf, readDesk, readListsNow } from './work-read.ts'
import { VIEWS } from './work-views.ts'

const CASE = '/cases/:reference'
const NO_CASE = 'There is no such case, or you may not see it.'
/** Changes that are one button on a page, and the page that they lead back to. */
const BUTTONS: Readonly<Record<string, (id: string) => string>> = {
  '/log/:id/move': (id) => `/log/${id}`,
  '/log/:id/confirm': (id) => `/log/${id}`,
  '/log/:id/withdraw': () => '/log',
  '/team/:id/end': () => '/team',
  '/visit-notes/:id/send': (id) => `/visit-notes/${id}`,
  '/visit-notes/:id/final': (id) => `/visit-notes/${id}`,
}

/** The pages of the work of a case, and two lists over all cases: contact that is due, and my visits. */
export function casePartPages(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases', audit: 'case-work-changed' } as const
  return [
    ...Object.keys(VIEWS).map(
      (path): Route => ({ ...get, path: CASE + path, handle: (request) => show(parts, path, request) }),
    ),
    ...FORMS.flatMap((form): Route[] => [
      { ...get, path: CASE + form.path, handle: (request) => ask(parts, form, request) },
      { ...post, path: CASE + form.path, handle: (request) => send(parts, form, request) },
    ]),
    ...Object.keys(BUTTONS).map(
      (path): Route => ({ ...post, path: CASE + path, handle: (request) => press(parts, path, request) }),
    ),
    { ...get, path: `${CASE}/planner`, handle: (request) => planner(parts, request) },
    { ...post, path: `${CASE}/planner`, handle: (request) => savePlanner(parts, request) },
    { ...get, path: '/contact-due', handle: (request) => contactDue(parts, request) },
    { ...get, path: '/visits', handle: (request) => myVisits(parts, request) },
  ]
}

function deskOf(parts: CaseParts, { params, actor }: RouteRequest): Promise<WorkDesk | undefined> {
  return readDesk(parts, params['reference'] ?? '', actor)
}

async function show(
  parts: CaseParts,
  path: string,
  request: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const desk = await deskOf(parts, request)
  const view = desk && (await VIEWS[path]?.(desk, request))
  if (!desk || !view) return notFound(NO_CASE)
  const model = {
    ...workFrame(desk, view.part, view.title, request.query.get('done')),
    ...view,
    tables: (view.tables ?? []).map(withNumbers),
    title: `${view.title}: ${desk.record.name}`,
    errors: refusals.map(({ message }) => ({ text: message })),
  }
  return page('cases/work-part.njk', model, refusals.length > 0 ? 422 : 200)
}

async function ask(
  parts: CaseParts,
  form: WorkForm,
  request: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const desk = await deskOf(parts, request)
  if (!desk) return notFound(NO_CASE)
  const {
    fields,
    typed = {},
    title = form.title,
    help = form.help,
    more = [],
  } = await form.fields(desk, request.params)
  if (Object.keys(fields).length === 0) return notFound('There is no such page in this case.')
  const asked = { ...fields, ...reasonFields(refusals) }
  const given = refusals.length > 0 ? typedAnswers(asked, request.body) : { ...typed, ...offered(desk, form, request) }
  const shown = nestFields(asked, presentFields(asked, given, refusals)).map((field) => ({
    ...field,
    choices: choicesOf(field),
  }))
  const list = (await readListsNow(desk)).find(({ id }) => id === request.params['list'])
  const model = {
    ...workFrame(desk, form.part, title),
    help,
    warnings: [...(list?.warnings ?? []), ...(list?.guidance ?? [])],
    resources: (list?.resources ?? []).map(({ id }) => resourceOf(desk.work, id)),
    action: request.url,
    fields: shown.filter(({ name }) => !more.includes(name)),
    more: shown.filter(({ name }) => more.includes(name)),
    moreOpen: shown.some(({ name, error }) => error !== null && more.includes(name)),
    button: form.button,
    carries: list?.carries ? sectionLinks(desk.record, [list.carries])[0] : undefined,
    back: workHref(desk.record.reference, form.back(request.params)),
    errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
  }
  return page('cases/work-form.njk', model, refusals.length > 0 ? 422 : 200)
}

/** A long choice as a menu, with a first line that chooses nothing. */
function choicesOf({ items }: ShownField) {
  return [
    { value: '', text: 'Choose' },
    ...items.map(({ value, text, checked }) => ({ value, text, selected: checked })),
  ]
}

/** A check that asks for a reason gets its field when it asked. */
function reasonFields(refusals: readonly Refusal[]): Fields {
  const asked = refusals.flatMap(({ field, message }): [string, Field][] =>
    field?.startsWith('reason-') ? [[field, { title: `Reason: ${message}`, type: 'note' }]] : [],
  )
  return Object.fromEntries(asked)
}

/** A strategy that a list offers comes with its area and words. */
function offered({ work }: WorkDesk, form: WorkForm, { query }: RouteRequest): Answers {
  const list = work.checklists[query.get('list') ?? '']
  const item = list?.items?.find(({ id }) => id === query.get('item'))
  return form.part === '/plan' && list?.area && item ? { area: list.area, action: item.title } : {}
}

async function send(parts: CaseParts, form: WorkForm, request: RouteRequest): Promise<Answer> {
  const change = CHANGES.find(({ path }) => path === form.change)
  if (!change) throw new Error(`There is no change ${form.change}`)
  const desk = await deskOf(parts, request)
  if (!desk) return notFound(NO_CASE)
  const { fields } = await form.fields(desk, request.params)
  const asked = askOf(request)
  // A form sends a date in three fields; the change takes it as one.
  const body = { ...request.body, ...typedAnswers(fields, request.body), ...fromList(request) }
  const decision = await change.run(parts, { ...asked, body }, request)
  if (!decision.ok) return ask(parts, form, request, decision.refusals)
  if (textOf(request.body, 'go') === 'carry') return carry(parts, form, request)
  return redirect(`${workHref(asked.reference, form.back(request.params))}?done=saved`)
}

/** What was just saved in a list goes into its section of the form too, where it is shown. */
async function carry(parts: CaseParts, form: WorkForm, request: RouteRequest): Promise<Answer> {
  const { reference, by } = askOf(request)
  const decision = await carryOver(parts, { reference, list: request.params['list'] ?? '', body: {}, by })
  if (!decision.ok) return ask(parts, form, request, decision.refusals)
  const { section, carried } = decision.value
  return redirect(`${workHref(reference, `/form/sections/${section}`)}?carried=${carried.length}`)
}

function fromList({ query }: RouteRequest): Record<string, string> {
  const list = query.get('list')
  return list ? { checklist: list, item: query.get('item') ?? '' } : {}
}

async function press(parts: CaseParts, path: string, request: RouteRequest): Promise<Answer> {
  const change = CHANGES.find((one) => one.path === path)
  const back = BUTTONS[path]
  if (!change || !back) throw new Error(`There is no change ${path}`)
  const asked = askOf(request)
  const decision = await change.run(parts, asked, request)
  const to = back(String(asked.id))
  if (decision.ok) return redirect(`${workHref(asked.reference, to)}?done=changed`)
  const view = to === `/log/${asked.id}` ? '/log/:id' : to === `/visit-notes/${asked.id}` ? '/visit-notes/:id' : to
  return show(parts, view, request, decision.refusals)
}

async function planner(parts: CaseParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  const desk = await deskOf(parts, request)
  const plan = desk && (await readPlan(desk))
  if (!desk || !plan?.mine) return notFound(NO_CASE)
  const isSent = refusals.length > 0
  const typed = (name: string) => String(request.body[name] ?? '')
  const rows = desk.work.model.steps.map(({ id, number, title, locked = false, sections = [], resources = [] }) => {
    const place = plan.rows.findIndex(({ steps }) => steps.includes(id))
    const row = plan.rows[place]
    const isFirst = row?.steps[0] === id
    return {
      id,
      number,
      title,
      locked,
      place: isSent ? typed(`place-${id}`) : place === -1 ? '' : String(place + 1),
      days: isSent ? typed(`days-${id}`) : isFirst ? String(row.halfDays / 2) : '',
      note: isSent ? typed(`note-${id}`) : isFirst ? row.note : '',
      resources: [...sectionMaterial(desk.record, sections), ...resources.map((one) => resourceOf(desk.work, one))],
    }
  })
  const model = {
    ...workFrame(desk, '/plan', 'My planner'),
    help: `For your own planning; it is never part of the form. Steps of the same place are merged, a step without a place is dropped. Days in halves, ${desk.record.state.agreedHalfDays / 2} are agreed.`,
    action: request.url,
    rows,
    version: isSent ? typed('version') : plan.version,
    shared: isSent ? typed('shared') === 'yes' : plan.shared,
    back: workHref(desk.record.reference, '/plan'),
    errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
  }
  return page('cases/work-planner.njk', model, refusals.length > 0 ? 422 : 200)
}

function sectionMaterial(record: CaseRecord, sections: readonly string[]) {
  return sectionLinks(record, sections).map(({ number, title, href }) => ({
    title: `Form, section ${number}: ${title}`,
    link: href,
  }))
}

async function savePlanner(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const asked = askOf(request)
  const decision = await keepPlan(parts, { ...asked, ...readPlanRows(request.body) })
  if (!decision.ok) return planner(parts, request, decision.refusals)
  return redirect(`${workHref(asked.reference, '/plan')}?done=saved`)
}

function overall(title: string, tables: readonly Table[], intro: string): Answer {
  return page('cases/work-part.njk', { title, section: 'cases', tables: tables.map(withNumbers), intro })
}

async function contactDue(parts: CaseParts, { actor }: RouteRequest): Promise<Answer> {
  const due = await listContactDue(parts, actor)
  const table: Table = {
    caption: 'Contact due',
    heads: ['School or trust', 'Leader', 'Last contact', 'Due', 'Working days late'],
    empty:
      'Nothing is due. A case appears here when its leader has not heard from the delivery partner for as long as the programme says.',
    rows: due.map((one) => [
      { text: one.name, href: workHref(one.reference) },
      { text: one.leader ?? 'none' },
      { text: day(one.lastOn) },
      { text: day(one.dueOn) },
      { text: String(one.workingDaysLate) },
    ]),
  }
  return overall('Contact due', [table], 'Nothing is held up by this list.')
}

/** A leader who left finds the days in the own claim; whoever did them for that leader sees the case no more. */
function hrefOf({ reference, claim, memberId }: VisitLine, part: string): { href?: string } {
  if (claim === null) return { href: workHref(reference, part) }
  return memberId === null ? { href: workHref(claim) } : {}
}

async function myVisits({ database }: CaseParts, { actor }: RouteRequest): Promise<Answer> {
  const lines = await readVisits(database.db, { leaders: leadersOf(actor), personId: actor.personId })
  const table: Table = {
    caption: 'By day',
    heads: ['Date', 'School or trust', 'Days', 'By', 'State'],
    empty: 'No day is logged for you yet. Days that you or your team log appear here.',
    rows: lines.map((one) => [
      cell(day(one.on), hrefOf(one, `/log/${one.id}`)),
      cell(one.name, hrefOf(one, '/log')),
      { text: String(one.halfDays / 2) },
      { text: one.memberName ?? one.leaderName },
      { text: one.state },
    ]),
  }
  return overall('My visits', [table], 'Your days and those of your team, the newest first.')
}
