import { sql } from 'kysely'
import { type Actor, isMachine } from '../platform/actor.ts'
import { readAudit } from '../platform/audit-history.ts'
import type { Refusal } from '../platform/decision.ts'
import { presentHistory } from '../platform/web/history.ts'
import { presentList, readListQuery } from '../platform/web/list.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { type TableColumn, tableFile } from '../platform/web/table-file.ts'
import { countOf, longDate } from '../platform/words.ts'
import { dutyOfFlow, packRef } from '../programmes/index.ts'
import { readSubject, statusOf } from './api.ts'
import { presentAskedFor, readAsked } from './asked.ts'
import { capital, caseFrame, caseHref, presentCase, presentOwn } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { readHolders } from './holders.ts'
import { presentDays } from './leader-days-page.ts'
import { readTroubles } from './letter-troubles.ts'
import { presentLinks } from './link-list.ts'
import { CASE_FILTERS, CASE_SORTS, type CaseLine, listCases } from './list-cases.ts'
import { findSeenCase, ownOpenSteps, type SeenCase } from './read-case.ts'
import { readRemindLinks } from './reminder-links.ts'
import { startCase } from './start-case.ts'
import { presentChanges } from './subject-change-present.ts'
import { listChanges } from './subject-change-store.ts'
import { changesFor } from './who-reads.ts'
import { seesCases } from './who-sees.ts'

/** The list of cases, beginning one, and the pages of one case that change nothing. */
export function casePages(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  return [
    { ...get, path: '/cases', handle: (request) => listPage(parts, request) },
    { ...get, path: '/cases.csv', handle: (request) => listFile(parts, request, 'csv') },
    { ...get, path: '/cases.ods', handle: (request) => listFile(parts, request, 'ods') },
    { ...get, path: '/cases/new', allow: 'start-case', handle: (request) => newPage(parts, request) },
    {
      method: 'POST',
      path: '/cases/new',
      allow: 'start-case',
      audit: 'case-begun',
      handle: (request) => begin(parts, request),
    },
    { ...get, path: '/cases/:reference', handle: (request) => casePage(parts, request) },
    { ...get, path: '/cases/:reference/history', handle: (request) => historyPage(parts, request) },
  ]
}

const COLUMNS = [
  { id: 'reference', text: 'Case', sortable: true },
  { id: 'name', text: 'School or trust', sortable: true },
  { id: 'stage', text: 'Stage', sortable: true },
  { id: 'leader', text: 'Leader', sortable: true },
  { id: 'region', text: 'Region', sortable: true },
  { id: 'due', text: 'Next due', sortable: true },
  { id: 'started', text: 'Begun', sortable: true },
]

const STATUSES = [
  { value: 'open', text: 'Open' },
  { value: 'held', text: 'On hold' },
  { value: 'closed', text: 'Closed' },
]

/** The programmes in which somebody has a role; the machine, all. */
function packsOf({ packs }: CaseParts, actor: Actor) {
  return isMachine(actor) ? packs : packs.filter((pack) => actor.hats.some((hat) => hat.programme === pack.programme))
}

function stagesOf(parts: CaseParts, actor: Actor) {
  const all = packsOf(parts, actor).flatMap((pack) =>
    Object.values(pack.process?.flows ?? {}).flatMap((flow) => flow.stages),
  )
  return [...new Map(all.map(({ id, title }) => [id, title]))].map(([id, title]) => ({
    value: id,
    text: `${id} ${title}`,
  }))
}

async function listPage(parts: CaseParts, { query, actor }: RouteRequest): Promise<Answer> {
  const asked = readListQuery(query, CASE_SORTS, CASE_FILTERS)
  const today = parts.clock.today().toString()
  const { total, rows } = await listCases(parts.database.db, asked, { today, sees: seesCases(actor) })
  const stages = stagesOf(parts, actor)
  const { rows: regions } = await sql<{ region: string }>`
    select distinct region from support_case where region is not null order by 1`.execute(parts.database.db)
  const titles = new Map(stages.map(({ value, text }) => [value, text.slice(value.length + 1)]))
  return page('cases/list.njk', {
    title: 'Cases',
    section: 'cases',
    wide: true,
    list: presentList('/cases', asked, COLUMNS, total, {
      late: 'Something is late',
      'by-exception': 'By exception',
      duties: 'Duties',
    }),
    counted: countOf(total, 'case'),
    rows: rows.map((row) => ({
      ...row,
      href: caseHref(row.reference),
      kind: capital(row.kind),
      stageTitle: titles.get(row.stage) ?? '',
      due: row.due
        ? longDate(row.due)
        : row.status === 'open'
          ? 'no date'
          : (STATUSES.find(({ value }) => value === row.status)?.text ?? ''),
      late: row.due !== null && row.due < today && row.status === 'open',
      started: row.startedOn,
    })),
    filters: asked.filters,
    filtered: Object.keys(asked.filters).length > 0,
    options: { stages, statuses: STATUSES, regions: regions.map(({ region }) => ({ value: region, text: region })) },
    hasDuties: packsOf(parts, actor).some(({ process }) => Object.keys(process?.flows ?? {}).some(dutyOfFlow)),
    mayStart: actor.capabilities.has('start-case'),
  })
}

const FILE_COLUMNS: readonly TableColumn[] = [
  { key: 'reference', head: 'Case', width: 10 },
  { key: 'name', head: 'School or trust', width: 40 },
  { key: 'urn', head: 'URN', width: 10 },
  { key: 'kind', head: 'Kind' },
  { key: 'region', head: 'Region' },
  { key: 'stage', head: 'Stage' },
  { key: 'status', head: 'State' },
  { key: 'leader', head: 'Leader', width: 30 },
  { key: 'marked', head: 'By exception' },
  { key: 'due', head: 'Next due' },
  { key: 'startedOn', head: 'Begun' },
]

async function listFile(
  { database, clock }: CaseParts,
  { query, actor }: RouteRequest,
  format: 'csv' | 'ods',
): Promise<Answer> {
  const asked = readListQuery(query, CASE_SORTS, CASE_FILTERS)
  const today = clock.today().toString()
  const { rows } = await listCases(database.db, asked, { today, sees: seesCases(actor), size: null })
  const cells = (row: CaseLine) => ({
    reference: row.reference,
    name: row.name,
    urn: row.urn,
    kind: row.kind,
    region: row.region,
    stage: row.stage,
    status: row.status,
    leader: row.leader,
    marked: row.byException ? 'yes' : '',
    due: row.due,
    startedOn: row.startedOn,
  })
  return tableFile(format, 'cases', FILE_COLUMNS, rows.map(cells))
}

async function newPage(
  parts: CaseParts,
  { body, query, actor }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const programmes = packsOf(parts, actor).filter((pack) => pack.process?.flows)
  const chosen = textOf(body, 'programme') || packRef(programmes[0] ?? { programme: '', edition: '' })
  const atField = (field: string) => {
    const found = refusals.find((one) => one.field === field)
    return found && { text: found.message }
  }
  return page(
    'cases/new.njk',
    {
      title: 'Begin a case',
      section: 'cases',
      errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field ?? 'subject'}` })),
      wrong: { programme: atField('programme'), subject: atField('subject') },
      byEntitlement: programmes.some(({ process }) =>
        Object.values(process?.flows ?? {}).some(({ starts }) => starts.needs === 'entitlement'),
      ),
      programmes: programmes.map((pack) => ({
        value: packRef(pack),
        text: `${pack.title}, ${pack.edition}`,
        checked: packRef(pack) === chosen,
      })),
      typed: { subject: textOf(body, 'subject') || (query.get('subject') ?? '') },
    },
    refusals.length > 0 ? 422 : 200,
  )
}

async function begin(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const { body, actor } = request
  const typed = textOf(body, 'subject')
  const subject = readSubject(/^\d{6}$/.test(typed) ? { urn: typed } : { trust: typed })
  if (!subject)
    return newPage(parts, request, [
      { code: 'subject.missing', message: 'Enter a URN or the number of a trust', field: 'subject' },
    ])
  const decision = await startCase(parts, {
    programme: textOf(body, 'programme'),
    subject,
    by: actor,
    submission: submissionOf(request),
  })
  return decision.ok ? redirect(caseHref(decision.value.reference)) : newPage(parts, request, decision.refusals)
}

export const NO_CASE_WORDS = 'There is no case of this number that you may see.'

/** The page of a case for whoever may see it; else not found, and no word of it. */
export async function withCase(
  { database }: CaseParts,
  { params, actor }: RouteRequest,
  show: (seen: SeenCase) => Promise<Answer>,
): Promise<Answer> {
  const seen = await findSeenCase(database.db, actor, params['reference'] ?? '')
  return seen ? show(seen) : notFound(NO_CASE_WORDS)
}

function casePage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async (seen) =>
    seen.whole ? page('cases/case.njk', await readCaseView(parts, seen, request)) : partPage(parts, seen, request),
  )
}

/** The overview of a case as this person sees it, for its page and its file. */
export async function readCaseView(parts: CaseParts, seen: SeenCase, request: RouteRequest) {
  const { database, clock, besides } = parts
  const today = clock.today().toString()
  const { rows } = await sql<{ step: string; key: string; acts: string[] }>`
      select step, key, acts from case_step where case_id = ${seen.record.id} and state = 'open'`.execute(database.db)
  const holders = await readHolders(database.db, seen.record, today)
  const acts = new Map(rows.map((row) => [`${row.step}/${row.key}`, row.acts]))
  const changes = presentChanges(seen.record, await listChanges(database.db, seen.record.id), today)
  const shown = presentCase(seen, request.actor, today, { holders, acts })
  const { linkTo, linkMessage, links } = await presentLinks(parts, seen, request)
  const others = await readRemindLinks(database.db, seen, { actor: request.actor, lines: shown.others, today })
  const days = await presentDays(database.db, seen.record, request.actor)
  return {
    ...shown,
    facts: [...shown.facts.slice(0, 1), ...changes.formerly, ...shown.facts.slice(1)],
    asked: presentAskedFor(seen.record, await readAsked(database.db, seen, request.actor), today),
    changes,
    ...days,
    others: others.map((one) => ({ ...one, linkHref: linkTo(one.step, one.key) })),
    links,
    reminds: others.some(({ reminded, remind }) => reminded !== null || remind !== null),
    troubles: request.actor.capabilities.has('see-messages') ? await readTroubles(database.db, seen.record, today) : [],
    besides: (await besides?.(database.db, seen, request.actor)) ?? [],
    fileHref: `${caseHref(seen.record.reference)}/file.pdf`,
    messagesHref: `${caseHref(seen.record.reference)}/messages`,
    message: doneInWords(seen, request.query) ?? linkMessage,
  }
}

function doneInWords(seen: SeenCase, query: RouteRequest['query']): string | null {
  const [done, reminded] = [query.get('done'), query.get('reminded')]
  if (reminded) return `The reminder of “${flowTitle(seen, reminded)}” is on its way.`
  return done ? `Done: ${flowTitle(seen, done)}.` : null
}

function flowTitle({ record }: SeenCase, step: string): string {
  if (step === 'subject-change') return 'how the case goes on is decided'
  const flow = record.pack.process?.flows?.[record.flow]
  return flow?.steps[step]?.title ?? flow?.anytime?.[step]?.title ?? 'it is recorded'
}

/** Whoever only has a step to do sees that step and nothing else of the case (TSI-071). */
function partPage({ clock }: CaseParts, { record }: SeenCase, { actor }: RouteRequest): Answer {
  return page('cases/part.njk', {
    title: record.name,
    caption: `Case ${record.reference}`,
    section: 'cases',
    mine: presentOwn(record, ownOpenSteps(record, actor, clock.today().toString())),
  })
}

export const HISTORY_FIELDS = {
  subject: 'School or trust',
  kind: 'Kind',
  urn: 'URN',
  trust: 'Trust',
  authority: 'Local authority',
  region: 'Region',
  changed: 'In the register',
  because: 'Because',
  outcome: 'Outcome',
  note: 'Note',
  about: 'About',
}

function historyPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    const changes = await readAudit(parts.database.db, [{ record: 'case', keys: [seen.record.reference] }])
    return page('cases/history.njk', {
      ...caseFrame(seen, parts.clock.today().toString(), 'history'),
      rows: presentHistory(changesFor(seen, request.actor, changes), { fields: HISTORY_FIELDS }),
    })
  })
}

/** Refusals of a form as the page shows them: at the top, and by field. */
export function shownRefusals(refusals: readonly Refusal[]) {
  return {
    errors: refusals.map(({ code, message, field }) => ({
      text: message,
      // What a letter lacks is told where it is shown.
      href: code.startsWith('letter.') ? '#draft-1' : `#${field ?? 'main-content'}`,
    })),
    status: refusals.length > 0 ? statusOf(refusals) : 200,
  }
}
