import { sql } from 'kysely'
import { readCaseStory } from '../cases/index.ts'
import { readAudit } from '../platform/audit-history.ts'
import type { Refusal } from '../platform/decision.ts'
import { asTheMachine } from '../platform/web/as-machine.ts'
import { presentHistory } from '../platform/web/history.ts'
import { presentList, readListQuery } from '../platform/web/list.ts'
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
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf, longDate } from '../platform/words.ts'
import { beginStudy } from './begin-study.ts'
import { saveText } from './change-study.ts'
import { presentStudy, STATES, type StudyTab, sinceInWords, studyFrame, studyHref } from './present-study.ts'
import { storyText } from './story-text.ts'
import { TEXT_LENGTH } from './study.ts'
import { readCases, readTexts, readVersion, studyStatus } from './study-actions.ts'
import { openStudy, type StudyDesk, type StudyParts } from './study-desk.ts'
import { listStudies, STUDY_FILTERS, STUDY_SORTS, type StudyLine } from './study-list.ts'

/** The list, beginning a study, reading it, writing it, and its history. */
export function studyPages(parts: StudyParts): Route[] {
  const get = { method: 'GET', allow: 'signed-in', audit: null } as const
  const inside = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const study = '/case-studies/:reference'
  const lists: Route[] = [
    { ...get, path: '/case-studies', handle: (request) => listPage(parts, request) },
    { ...get, path: '/case-studies.csv', handle: (request) => listFile(parts, request, 'csv') },
    { ...get, path: '/case-studies.ods', handle: (request) => listFile(parts, request, 'ods') },
  ]
  const single: Route[] = [
    { ...inside, path: '/case-studies/new', handle: (request) => newPage(request) },
    { ...post, path: '/case-studies/new', audit: 'case-study-begun', handle: (request) => begin(parts, request) },
    { ...get, path: study, handle: (request) => withStudy(parts, request, (desk) => readPage(desk, request)) },
    {
      ...inside,
      path: `${study}/edit`,
      handle: (request) => onInside(parts, request, (desk) => editPage(parts, desk, request)),
    },
    { ...post, path: `${study}/edit`, audit: 'case-study-changed', handle: (request) => save(parts, request) },
    {
      ...inside,
      path: `${study}/history`,
      handle: (request) => onInside(parts, request, (desk) => historyPage(desk)),
    },
  ]
  return [...lists, ...single.map(asTheMachine)]
}

const NO_STUDY_WORDS = 'There is no case study of this number that you may see.'

/** A page of a study for whoever may see it; else not found, and no word of it. */
export async function withStudy(
  parts: StudyParts,
  { params, actor }: RouteRequest,
  show: (desk: StudyDesk) => Answer | Promise<Answer>,
): Promise<Answer> {
  const desk = await openStudy(parts, parts.database.db, { reference: params['reference'] ?? '', by: actor })
  return desk ? show(desk) : notFound(NO_STUDY_WORDS)
}

/** A page for those who see its draft. */
export function onInside(
  parts: StudyParts,
  request: RouteRequest,
  show: (desk: StudyDesk) => Answer | Promise<Answer>,
): Promise<Answer> {
  return withStudy(parts, request, (desk) => (desk.isInside ? show(desk) : notFound(NO_STUDY_WORDS)))
}

const COLUMNS = [
  { id: 'title', text: 'Case study', sortable: true },
  { id: 'about', text: 'About' },
  { id: 'region', text: 'Region', sortable: true },
  { id: 'state', text: 'State', sortable: true },
  { id: 'since', text: 'Since', sortable: true },
]

const rowOf = (line: StudyLine) => ({
  ...line,
  href: studyHref(line.reference),
  about: line.about.join(', '),
  regions: line.regions.join(', '),
  tag: STATES[line.state],
  since: sinceInWords(line),
})

async function listPage({ database, packs }: StudyParts, { query, actor }: RouteRequest): Promise<Answer> {
  const asked = readListQuery(query, STUDY_SORTS, STUDY_FILTERS)
  const { total, rows } = await listStudies(database.db, asked, { by: actor })
  const { rows: regions } = await sql<{ region: string }>`
    select distinct region from authority where region is not null order by 1`.execute(database.db)
  const programmes = packs.filter(({ studies }) => studies)
  const titleOf = (programme: string) => programmes.find((one) => one.programme === programme)?.title ?? programme
  const { programme, state } = asked.filters
  const stateText = Object.entries(STATES).find(([id]) => id === state)?.[1].text
  return page('case-studies/list.njk', {
    title: 'Case studies',
    section: 'case-studies',
    wide: true,
    list: presentList('/case-studies', asked, COLUMNS, total, {
      ...(programme && { programme: titleOf(programme) }),
      ...(stateText && { state: stateText }),
    }),
    counted: countOf(total, 'case study', 'case studies'),
    rows: rows.map(rowOf),
    filters: asked.filters,
    filtered: Object.keys(asked.filters).length > 0,
    options: {
      programmes: [...new Set(programmes.map((one) => one.programme))].map((one) => ({
        value: one,
        text: titleOf(one),
      })),
      regions: regions.map(({ region }) => ({ value: region, text: region })),
      states: Object.entries(STATES).map(([value, { text }]) => ({ value, text })),
    },
    mayBegin: actor.capabilities.has('see-cases'),
  })
}

const FILE_COLUMNS = [
  { key: 'reference', head: 'Case study', width: 12 },
  { key: 'title', head: 'Title', width: 40 },
  { key: 'about', head: 'About', width: 40 },
  { key: 'regions', head: 'Region' },
  { key: 'state', head: 'State' },
  { key: 'publishedOn', head: 'Published' },
  { key: 'startedOn', head: 'Begun' },
]

async function listFile(
  { database }: StudyParts,
  { query, actor }: RouteRequest,
  format: 'csv' | 'ods',
): Promise<Answer> {
  const asked = readListQuery(query, STUDY_SORTS, STUDY_FILTERS)
  const { rows } = await listStudies(database.db, asked, { by: actor, size: null })
  const cells = rows.map(({ reference, title, about, regions, state, publishedOn, startedOn }) => ({
    reference,
    title,
    about: about.join(', '),
    regions: regions.join(', '),
    state: STATES[state].text,
    publishedOn,
    startedOn,
  }))
  return tableFile(format, 'case-studies', FILE_COLUMNS, cells)
}

/** Refusals at the top of a page, and by field. */
export function shownRefusals(refusals: readonly Refusal[]) {
  return {
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field ?? 'main-content'}` })),
    wrong: Object.fromEntries(refusals.map(({ field, message }) => [field ?? '', { text: message }])),
  }
}

function newPage(request: RouteRequest, refusals: readonly Refusal[] = []): Answer {
  const { body, query } = request
  return page(
    'case-studies/new.njk',
    {
      title: 'Begin a case study',
      section: 'case-studies',
      breadcrumbs: [{ text: 'Case studies', href: '/case-studies' }],
      ...shownRefusals(refusals),
      typed: { cases: textOf(body, 'cases') || (query.get('case') ?? ''), title: textOf(body, 'title') },
    },
    refusals.length > 0 ? studyStatus(refusals) : 200,
  )
}

async function begin(parts: StudyParts, request: RouteRequest): Promise<Answer> {
  const decision = await beginStudy(parts, {
    cases: readCases(request),
    title: textOf(request.body, 'title'),
    by: request.actor,
    submission: submissionOf(request),
  })
  return decision.ok
    ? redirect(studyHref(decision.value.reference, '/edit'))
    : newPage(
        request,
        decision.refusals.map((one) => ({ ...one, field: one.field === 'case' ? 'cases' : (one.field ?? 'cases') })),
      )
}

function readPage(desk: StudyDesk, { query }: RouteRequest): Answer {
  return page('case-studies/study.njk', { ...studyFrame(desk, '', query.get('done')), ...presentStudy(desk) })
}

type Typed = {
  readonly title: string
  readonly texts: Readonly<Record<string, string>>
  readonly refusals: readonly Refusal[]
}

async function editPage(
  parts: StudyParts,
  desk: StudyDesk,
  { query }: Pick<RouteRequest, 'query'>,
  typed?: Typed,
): Promise<Answer> {
  const { study, rules } = desk
  const refusals = typed?.refusals ?? []
  const isMoved = refusals.some(({ code }) => code === 'moved-on')
  const saved = (id: string) => study.texts[id] ?? ''
  const shown = { ...study.texts, ...typed?.texts }
  const title = typed?.title ?? study.title
  const sections = []
  for (const { id, title: heading, help, required, prefill = [] } of rules.sections) {
    const stories = []
    for (const { record } of desk.seen)
      stories.push({ name: record.name, lines: await readCaseStory(parts, parts.database.db, record, prefill) })
    sections.push({ id, title: heading, help, required, words: shown[id] ?? '', said: storyText(stories) })
  }
  const moved = [
    { title: 'Title', saved: study.title, yours: title },
    ...rules.sections.map((one) => ({ title: one.title, saved: saved(one.id), yours: shown[one.id] ?? '' })),
  ].filter((one) => one.saved !== one.yours)
  return page(
    'case-studies/edit.njk',
    {
      ...studyFrame(desk, '/edit', query.get('done')),
      ...shownRefusals(refusals),
      version: study.version,
      typedTitle: title,
      sections,
      most: TEXT_LENGTH,
      moved: isMoved ? moved : null,
      savedLine: `Saved as version ${study.version}`,
    },
    refusals.length > 0 ? studyStatus(refusals) : 200,
  )
}

/** Saves what was typed; `go` is `auto` when the page saves by itself. What cannot be saved stays in the form. */
async function save(parts: StudyParts, request: RouteRequest): Promise<Answer> {
  const typed = { title: textOf(request.body, 'title'), texts: readTexts(request) }
  const decision = await saveText(parts, {
    reference: request.params['reference'] ?? '',
    by: request.actor,
    version: readVersion(request),
    ...typed,
  })
  if (textOf(request.body, 'go') === 'auto')
    return decision.ok ? json(decision.value) : problem(decision.refusals, studyStatus(decision.refusals))
  if (decision.ok) return redirect(studyHref(decision.value.reference, '/edit?done=saved'))
  return onInside(parts, request, (desk) => editPage(parts, desk, request, { ...typed, refusals: decision.refusals }))
}

const HISTORY_FIELDS = {
  title: 'Title',
  cases: 'Cases',
  about: 'About',
  supporter: 'Supporter',
  givenBy: 'Said by',
  givenOn: 'Said on',
  way: 'How',
  section: 'Section',
  on: 'Date',
  words: 'Words',
}

export async function readStudyHistory({ db, study }: StudyDesk) {
  return readAudit(db, [{ record: 'case-study', keys: [study.id] }])
}

async function historyPage(desk: StudyDesk): Promise<Answer> {
  const titles = Object.fromEntries(desk.rules.sections.map(({ id, title }) => [id, title]))
  const inWords = (value: unknown) =>
    /^\d{4}-\d\d-\d\d$/.test(String(value))
      ? longDate(String(value))
      : Array.isArray(value)
        ? value.join(', ')
        : String(value ?? '')
  const rows = presentHistory(await readStudyHistory(desk), { fields: { ...HISTORY_FIELDS, ...titles }, inWords })
  return page('case-studies/history.njk', { ...studyFrame(desk, '/history' satisfies StudyTab), rows })
}
