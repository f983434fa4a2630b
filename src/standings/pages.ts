import { type Actor, hatWith } from '../platform/actor.ts'
import { readAudit } from '../platform/audit-history.ts'
import { presentHistory } from '../platform/web/history.ts'
import {
  type Answer,
  notFound,
  page,
  type Route,
  type RouteRequest,
  redirect,
  wholeNumber,
} from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf } from '../platform/words.ts'
import { AUDIT_RECORD, auditKeyOf, type StandingParts } from './follow-standings.ts'
import { presentRow, presentSchool, standingHref, stateOf } from './present-standing.ts'
import { findRunStanding, listRunStandings, type RunStanding } from './standing-of-pack.ts'
import { isIn, listSchoolStandings, readSchoolStanding, type SchoolStanding } from './standing-view.ts'

/** At which level schools are: the list of those that somebody looks after, and each with its history. */
export function standingPages(parts: StandingParts): Route[] {
  const read = { method: 'GET', allow: 'see-standings', audit: null } as const
  const list = '/standings/:ref/:standing'
  return [
    { ...read, path: '/standings', handle: (request) => startPage(parts, request) },
    { ...read, path: list, handle: (request) => withRun(parts, request, listPage) },
    { ...read, path: `${list}/list.csv`, handle: (request) => withRun(parts, request, listFile) },
    { ...read, path: `${list}/schools/:urn`, handle: (request) => withRun(parts, request, schoolPage) },
  ]
}

type Show = (parts: StandingParts, run: RunStanding, request: RouteRequest) => Promise<Answer>

async function withRun(parts: StandingParts, request: RouteRequest, show: Show): Promise<Answer> {
  const { params, actor } = request
  const run = findRunStanding(parts.packs, params['ref'] ?? '', params['standing'] ?? '')
  if (!run) return notFound('The service keeps no such levels.')
  return isIn(run, actor) ? show(parts, run, request) : forbidden()
}

function forbidden(): Answer {
  const lines = ['These levels are for those who have a role in the programme at the school.']
  return page('platform/web/message.njk', { title: 'You may not see this', lines }, 403)
}

/** Where there are several standings, a choice; with one, its list. */
async function startPage(parts: StandingParts, request: RouteRequest): Promise<Answer> {
  const runs = listRunStandings(parts.packs).filter((run) => isIn(run, request.actor))
  const [only, another] = runs
  if (only && !another) return redirect(standingHref(only))
  return page('standings/start.njk', {
    title: 'Levels',
    section: 'standings',
    standings: runs.map((run) => ({
      title: run.standing.title,
      programme: run.pack.title,
      help: run.standing.help,
      href: standingHref(run),
    })),
  })
}

const NONE = 'none'
const OPEN = 'open'

/** The schools that the filters of the address leave, and the filters themselves. */
async function chosen(parts: StandingParts, run: RunStanding, { query, actor }: RouteRequest) {
  const all = await listSchoolStandings(parts, run, actor)
  const level = query.get('level') ?? ''
  const q = (query.get('q') ?? '').trim()
  const fits = (view: SchoolStanding) => {
    const { school, now } = view
    if (q && !school.name.toLowerCase().includes(q.toLowerCase()) && String(school.urn) !== q) return false
    if (level === NONE) return now === undefined
    if (level === OPEN) return ['to confirm', 'to review'].includes(stateOf(view))
    return level === '' || now?.level === level
  }
  return { all, shown: all.filter(fits), level, q }
}

async function listPage(parts: StandingParts, run: RunStanding, request: RouteRequest): Promise<Answer> {
  const { all, shown, level, q } = await chosen(parts, run, request)
  const { pack, standing } = run
  const levels = [
    ...standing.order.toReversed().map(({ id, title }) => ({
      value: id,
      text: title,
      count: all.filter(({ now }) => now?.level === id).length,
    })),
    {
      value: NONE,
      text: pack.eligibility.none ?? 'No level yet',
      count: all.filter(({ now }) => now === undefined).length,
    },
  ]
  const open = all.filter((view) => ['to confirm', 'to review'].includes(stateOf(view))).length
  const asked = new URLSearchParams([...(level ? [['level', level]] : []), ...(q ? [['q', q]] : [])])
  return page('standings/list.njk', {
    title: standing.title,
    caption: `${pack.title}, edition ${pack.edition}`,
    section: 'standings',
    wide: true,
    help: standing.help,
    href: standingHref(run),
    levels: [...levels, { value: OPEN, text: 'Automatic, to confirm or review', count: open }],
    level,
    q,
    counted: countOf(shown.length, 'school'),
    held: all.length,
    rows: shown.map((view) => presentRow(run, view)),
    csv: `${standingHref(run)}/list.csv${asked.size > 0 ? `?${asked}` : ''}`,
  })
}

const FILE_COLUMNS = [
  { key: 'urn', head: 'URN' },
  { key: 'name', head: 'School' },
  { key: 'authority', head: 'Authority' },
  { key: 'phase', head: 'Phase' },
  { key: 'level', head: 'Level' },
  { key: 'from', head: 'Since' },
  { key: 'by', head: 'Set by' },
  { key: 'why', head: 'Why' },
] as const

async function listFile(parts: StandingParts, run: RunStanding, request: RouteRequest): Promise<Answer> {
  const { shown } = await chosen(parts, run, request)
  const rows = shown.map((view) => {
    const { urn, name, authority, phase, level, from, by, why } = presentRow(run, view)
    return { urn, name, authority, phase, level, from, by, why }
  })
  return tableFile('csv', `${run.pack.programme}-${run.id}-${parts.clock.today()}`, FILE_COLUMNS, rows)
}

async function schoolPage(parts: StandingParts, run: RunStanding, { params, actor }: RouteRequest): Promise<Answer> {
  const urn = wholeNumber(params['urn'])
  const view = await readSchoolStanding(parts, run, { urn, actor })
  if (view === 'unknown') return notFound('The register holds no such open school.')
  if (view === 'forbidden') return forbidden()
  const record = { record: AUDIT_RECORD, keys: [auditKeyOf(run, urn)] }
  return page('standings/school.njk', {
    ...presentSchool(run, view, parts.clock.today().toString()),
    beginHref: hatWith({ hats: ofProgramme(run, actor) }, 'start-case') ? `/cases/new?subject=${urn}` : null,
    history: presentHistory(await readAudit(parts.database.db, [record]), HISTORY),
  })
}

function ofProgramme({ pack }: RunStanding, { hats }: Actor) {
  return hats.filter((hat) => hat.programme === pack.programme)
}

const HISTORY = { fields: { level: 'Level', from: 'From', because: 'Because', case: 'Case' } }
