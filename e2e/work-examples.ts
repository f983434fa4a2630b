import { sql } from 'kysely'
import { type Person, personAt } from '../src/cases/test-cases.ts'
import { fill, formFileOf } from '../src/cases/test-form-file.ts'
import type { TestAnswer, TestService } from '../world/test-service.ts'
import type { Things } from './full-service.ts'

type Drive = (service: TestService, things: Things) => Promise<TestAnswer>
type Fields = Readonly<Record<string, string>>

const DAY = '2024-01-15'
const ITEM = { date: DAY, days: '0.5', step: 'explore', state: 'delivered' }
const VISIT = { date: DAY, seen: 'Lessons of year 8', judgements: 'Calm' }
const NOTE = { about: 'tutoring/personalised-support', date: DAY }
const SIGNPOST = { programme: 'behaviour-hubs', kind: 'signposted', area: 'behaviour', date: DAY, told: 'Head teacher' }
const STRATEGY = { area: 'behaviour', action: 'Agree a policy', owner: 'Head', due: '2024-03-01' }

const person = (service: TestService, name: string) => personAt(service, name, () => DAY)
const asLeader = (service: TestService) => person(service, 'L-01')

/** Makes something to change with the API, and answers its number. */
async function make(service: TestService, { work }: Things, path: string, fields: Fields): Promise<number> {
  const answer = await (await asLeader(service)).postJson(`/api/v1/cases/${work}${path}`, fields)
  return answer.json<{ id: number }>().id
}

async function lateItem(service: TestService, things: Things): Promise<number> {
  await sql`insert into case_extension (case_id, half_days, approved_on, until_on, approved_by)
    select id, 4, '2024-01-02', '2024-01-10', 'Officer' from support_case where reference = ${things['work']}`.execute(
    service.database.db,
  )
  return make(service, things, '/log', { ...ITEM, step: 'mid-review', extension: 'yes' })
}

/** Each change of the work of a case, by the page's address and the API's, as it succeeds. */
const CHANGES: readonly {
  readonly page: string
  readonly api: string
  readonly by?: string
  readonly fields: Fields
  readonly apiFields?: object
  readonly id?: (service: TestService, things: Things) => Promise<number>
}[] = [
  { page: '/log/new', api: '/log', fields: ITEM },
  {
    page: '/log/:id/move',
    api: '/log/:id/move',
    fields: { state: 'validated' },
    id: (s, t) => make(s, t, '/log', ITEM),
  },
  {
    page: '/log/:id/return',
    api: '/log/:id/return',
    fields: { reason: 'Not as agreed' },
    id: (s, t) => make(s, t, '/log', ITEM),
  },
  { page: '/log/:id/withdraw', api: '/log/:id/withdraw', fields: {}, id: (s, t) => make(s, t, '/log', ITEM) },
  { page: '/log/:id/notes', api: '/log/:id/notes', fields: { note: 'Sat in' }, id: (s, t) => make(s, t, '/log', ITEM) },
  {
    page: '/log/:id/engagement',
    api: '/log/:id/engagement',
    fields: { engagement: 'good' },
    id: (s, t) => make(s, t, '/log', ITEM),
  },
  {
    page: '/log/:id/confirm',
    api: '/log/:id/confirm',
    by: 'head-900016',
    fields: {},
    id: (s, t) => make(s, t, '/log', ITEM),
  },
  { page: '/log/:id/late', api: '/log/:id/late', by: 'rg-ne', fields: { until: '2024-04-30' }, id: lateItem },
  {
    page: '/planner',
    api: '/plan',
    fields: { 'place-start-up': '1', 'days-start-up': '0.5', 'place-closure': '2' },
    apiFields: {
      rows: [
        { steps: ['start-up'], days: 1 },
        { steps: ['closure'], days: 1 },
      ],
    },
  },
  { page: '/signposts/new', api: '/signposts', fields: SIGNPOST },
  { page: '/signposts/note', api: '/signposts', fields: NOTE },
  { page: '/strategies/new', api: '/strategies', fields: STRATEGY },
  {
    page: '/strategies/:id/drop',
    api: '/strategies/:id/drop',
    fields: { reason: 'Done' },
    id: (s, t) => make(s, t, '/strategies', STRATEGY),
  },
  { page: '/themes/new', api: '/themes', fields: { theme: 'workload', reason: 'Looked at last year' } },
  { page: '/visit-notes/new', api: '/visit-notes', fields: VISIT },
  {
    page: '/visit-notes/:id/edit',
    api: '/visit-notes/:id',
    fields: { ...VISIT, seen: 'More' },
    id: (s, t) => make(s, t, '/visit-notes', VISIT),
  },
  {
    page: '/visit-notes/:id/send',
    api: '/visit-notes/:id/send',
    fields: {},
    id: (s, t) => make(s, t, '/visit-notes', VISIT),
  },
  {
    page: '/visit-notes/:id/answer',
    api: '/visit-notes/:id/answer',
    by: 'head-900016',
    fields: { accurate: 'yes' },
    id: sentVisit,
  },
  { page: '/visit-notes/:id/final', api: '/visit-notes/:id/final', fields: {}, id: answeredVisit },
  { page: '/notes/new', api: '/notes', fields: { words: 'A word to all' } },
]

async function sentVisit(service: TestService, things: Things): Promise<number> {
  const id = await make(service, things, '/visit-notes', VISIT)
  await make(service, things, `/visit-notes/${id}/send`, {})
  return id
}

async function answeredVisit(service: TestService, things: Things): Promise<number> {
  const id = await sentVisit(service, things)
  const head = await person(service, 'head-900016')
  await head.postJson(`/api/v1/cases/${things['work']}/visit-notes/${id}/answer`, { accurate: 'yes' })
  return id
}

function drivesOf(change: (typeof CHANGES)[number]): [string, Drive][] {
  const drive =
    (send: (by: Person, id: number, things: Things) => Promise<TestAnswer>): Drive =>
    async (service, things) =>
      send(await person(service, change.by ?? 'L-01'), (await change.id?.(service, things)) ?? 0, things)
  const fill = (path: string, id: number) => path.replace(':id', String(id))
  return [
    [
      `/cases/:reference${change.page}`,
      drive((by, id, { work }) => by.post(`/cases/${work}${fill(change.page, id)}`, change.fields)),
    ],
    [
      `/api/v1/cases/:reference${change.api}`,
      drive((by, id, { work }) =>
        by.postJson(`/api/v1/cases/${work}${fill(change.api, id)}`, change.apiFields ?? change.fields),
      ),
    ],
  ]
}

const TEAM: Readonly<Record<string, Drive>> = {
  '/cases/:reference/team/new': async (service, { work }) =>
    (await asLeader(service)).post(`/cases/${work}/team/new`, {
      person: 'zelda.crastermoss@example.org',
      specialism: 'finance',
    }),
  '/cases/:reference/team/:id/end': async (service, { work }) =>
    (await asLeader(service)).post(`/cases/${work}/team/${await newestMember(service)}/end`, {}),
  '/api/v1/cases/:reference/team': async (service, { work }) =>
    (await asLeader(service)).postJson(`/api/v1/cases/${work}/team`, {
      person: 'aubrey.seatondale@example.org',
      specialism: 'finance',
    }),
  '/api/v1/cases/:reference/team/:id/end': async (service, { work }) =>
    (await asLeader(service)).postJson(`/api/v1/cases/${work}/team/${await newestMember(service)}/end`, {}),
  '/cases/:reference/lists/:list': async (service, { work }) =>
    (await asLeader(service)).post(`/cases/${work}/lists/attendance-school`, { policy: 'in-place' }),
  '/api/v1/cases/:reference/lists/:list': async (service, { work }) =>
    (await asLeader(service)).postJson(`/api/v1/cases/${work}/lists/attendance-school`, { registers: 'partly' }),
}

const FORM: Readonly<Record<string, Drive>> = {
  '/cases/:reference/form/sections/:section': async (service, { work }) =>
    (await asLeader(service)).post(`/cases/${work}/form/sections/scope`, {
      'why-note': 'Since the autumn',
      go: 'back',
    }),
  '/api/v1/cases/:reference/form/sections/:section': async (service, { work }) =>
    (await asLeader(service)).postJson(`/api/v1/cases/${work}/form/sections/mid`, { fields: { progress: 'on-track' } }),
  '/cases/:reference/form/file': async (service, { work = '' }) => (await filledForm(service, work, 'A page')).atPage(),
  '/cases/:reference/form/file/differences': async (service, { work = '' }) => {
    await (await filledForm(service, work, 'Taken at a page')).atPage()
    const take = { upload: String(await newestFile(service)), seen: await seenBy(service, work), take: NOTED }
    return (await asLeader(service)).post(`/cases/${work}/form/file/differences`, take)
  },
  '/api/v1/cases/:reference/form/file': async (service, { work = '' }) =>
    (await filledForm(service, work, 'A program')).atApi(),
  '/api/v1/cases/:reference/form/file/taken': async (service, { work = '' }) => {
    await (await filledForm(service, work, 'Taken by a program')).atPage()
    return (await asLeader(service)).postJson(`/api/v1/cases/${work}/form/file/taken`, { take: [NOTED] })
  },
  '/api/v1/cases/:reference/lists/:list/carry': async (service, { work }) => {
    const leader = await asLeader(service)
    await leader.postJson(`/api/v1/cases/${work}/lists/scoping-notes`, { barriers: 'Middle leadership' })
    return leader.postJson(`/api/v1/cases/${work}/lists/scoping-notes/carry`, {})
  },
}

const NOTED = 'scope/why-note'

/** The form of the case as its leader filled it off line, to send at either door. */
async function filledForm(service: TestService, work: string, words: string) {
  const file = formFileOf(service, 'L-01', work)
  const filled = await fill(await file.download(), { [NOTED]: words })
  const calls = await file.calls()
  return {
    atPage: () => calls.upload(`/cases/${work}/form/file`, {}, 'filled.xlsx', filled),
    atApi: () => calls.upload(`/api/v1/cases/${work}/form/file`, {}, 'filled.xlsx', filled),
  }
}

async function newestFile({ database: { db } }: TestService): Promise<number> {
  const { rows } = await sql<{ id: number }>`select max(id) as id from case_form_file`.execute(db)
  return rows[0]?.id ?? 0
}

async function seenBy(service: TestService, work: string): Promise<string> {
  const { body } = await (await asLeader(service)).get(`/cases/${work}/form/file/differences`)
  return /name="seen" value="([^"]*)"/.exec(body)?.[1] ?? ''
}

async function newestMember({ database: { db } }: TestService): Promise<number> {
  const { rows } = await sql<{ id: number }>`select max(id) as id from case_member where ended_on is null`.execute(db)
  return rows[0]?.id ?? 0
}

/** Every change of the work of a case. */
export const WORK_CHANGES: Readonly<Record<string, Drive>> = {
  '/calendar': (service) => service.post('/calendar', {}),
  '/api/v1/calendar-address': (service) => service.postJson('/api/v1/calendar-address', {}),
  '/calendar/end': (service) => service.post('/calendar/end', {}),
  '/api/v1/calendar-address/end': async (service) => {
    await service.postJson('/api/v1/calendar-address', {})
    return service.postJson('/api/v1/calendar-address/end', {})
  },
  ...Object.fromEntries(CHANGES.flatMap(drivesOf)),
  ...TEAM,
  ...FORM,
}
