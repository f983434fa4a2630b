import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { closeInRegister } from '../src/cases/test-subject-change.ts'
import { runOver } from '../src/money/test-money.ts'
import type { TestAnswer, TestService } from '../world/test-service.ts'
import type { Things } from './full-service.ts'
import { LINK_CHANGES } from './link-examples.ts'
import { STUDY_CHANGES } from './study-examples.ts'
import { WORK_CHANGES } from './work-examples.ts'

type Drive = (service: TestService, things: Things) => Promise<TestAnswer>

const SCENARIO = { programme: 'tsi@2023-24', source: 'named', term: '2023-24-spring', days: '5' }
const LEADER = {
  name: 'Wenna Pascoe',
  type: 'mat-ceo',
  organisation: 'T-10',
  region: 'South West',
  state: 'active',
  worksOutOfRegion: 'yes',
}
const LEADER_FILE = ['Reference,Name,Type,Organisation,Home region', 'L-93,Wenna Pascoe,MAT CEO,T-10,South West']
const HUB = { kind: 'maths-hub', areaKind: 'authority', area: 'LA-NE', name: 'Wear Maths Hub', link: '' }
const GROUP_FILE = ['Group UID,Group Name,Group Type,Group Status', '90001,Ashen Trust,Multi-academy trust,Open']
const TERMS = {
  authority: 'LA-NE',
  'autumn-from': '2023-09-05',
  'autumn-to': '2023-12-20',
  'spring-from': '2024-01-08',
  'spring-to': '2024-03-27',
  'summer-from': '2024-04-15',
  'summer-to': '2024-07-23',
}

const TOKEN = { name: 'Sync', role: 'tsi/delivery-partner', scope: 'region', values: 'London', to: '2024-07-31' }

/** The newest number of a table's column, for an address that ends in what a drive before it made. */
async function newest({ database: { db } }: TestService, table: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`select max(id) as id from ${sql.table(table)}`.execute(db)
  return rows[0]?.id ?? 0
}

async function versionOf({ database: { db } }: TestService, reference: string): Promise<string> {
  const { rows } = await sql<{ version: number }>`select edit_version as version from leader
    where reference = ${reference}`.execute(db)
  return String(rows[0]?.version)
}

async function leaderOf(service: TestService, { scenario, need }: Things): Promise<string> {
  const answer = await service.get(`/api/v1/matching/${scenario}/schools/${need}`)
  return answer.json<{ page: { candidates: { leader: string }[] } }>().page.candidates[0]?.leader ?? ''
}

/** A file of the night that waits for a person; each drive settles one. */
async function heldFile({ database: { db } }: TestService): Promise<number> {
  const { rows } = await sql<{
    id: number
  }>`select min(id) as id from register_night_file where outcome = 'held'`.execute(db)
  return rows[0]?.id ?? 0
}

const REASON = { reason: 'The publisher said so' }
const CORRECTION = { ...REASON, source: 'A letter of the authority', sourceDate: '2024-01-10' }
const NIGHT_FILES = '/about-the-data/nights/files'
const NIGHT_FILES_API = '/api/v1/register-nights/files'

const REGISTER: Readonly<Record<string, Drive>> = {
  '/about-the-data/take-in': (service) =>
    service.upload('/about-the-data/take-in', { kind: 'groups' }, 'allgroupsdata20231120.csv', GROUP_FILE),
  '/api/v1/register-files': (service) =>
    service.upload('/api/v1/register-files', { kind: 'groups' }, 'allgroupsdata20231121.csv', GROUP_FILE),
  '/schools/:urn/corrections': (service) =>
    service.post('/schools/900017/corrections', { step: 'save', what: 'town', value: 'Rookhope', ...CORRECTION }),
  '/schools/:urn/corrections/:id/end': async (service) =>
    service.post(`/schools/900017/corrections/${await newest(service, 'register_correction')}/end`, REASON),
  '/api/v1/schools/:urn/corrections': (service) =>
    service.postJson('/api/v1/schools/900017/corrections', { what: 'pupils', value: 98, ...CORRECTION }),
  '/api/v1/schools/:urn/corrections/:id/end': async (service) =>
    service.postJson(`/api/v1/schools/900017/corrections/${await newest(service, 'register_correction')}/end`, REASON),
  [`${NIGHT_FILES}/:id/take-in`]: async (service) =>
    service.post(`${NIGHT_FILES}/${await heldFile(service)}/take-in`, REASON),
  [`${NIGHT_FILES_API}/:id/take-in`]: async (service) =>
    service.postJson(`${NIGHT_FILES_API}/${await heldFile(service)}/take-in`, REASON),
  [`${NIGHT_FILES}/:id/throw-away`]: async (service) =>
    service.post(`${NIGHT_FILES}/${await heldFile(service)}/throw-away`, REASON),
  [`${NIGHT_FILES_API}/:id/throw-away`]: async (service) =>
    service.postJson(`${NIGHT_FILES_API}/${await heldFile(service)}/throw-away`, REASON),
  '/programmes/:ref/calendar': (service) => service.post('/programmes/tsi@2023-24/calendar', TERMS),
  '/api/v1/programmes/:ref/calendar': (service) =>
    service.postJson('/api/v1/programmes/tsi@2023-24/calendar', { authority: 'LA-NE' }),
  '/programmes/:ref/values/:value': (service) =>
    service.post('/programmes/tsi@2023-24/values/region-lead?key=London', {
      key: 'London',
      name: 'Wenna Pascoe',
      email: 'wenna.pascoe@example.org',
    }),
  '/api/v1/programmes/:ref/values': (service) =>
    service.postJson('/api/v1/programmes/tsi@2023-24/values', { id: 'region-lead', key: 'South West', nobody: true }),
  '/eligibility/:ref/:kind/:subject/judge/:row': (service) =>
    service.post('/eligibility/tsi@2023-24/schools/900004/judge/director-view', { rationale: 'By page' }),
  '/api/v1/eligibility/:ref/judgements': (service) =>
    service.postJson('/api/v1/eligibility/tsi@2023-24/judgements', {
      row: 'director-view',
      urn: '900004',
      rationale: 'By API',
    }),
  '/eligibility/:ref/:kind/:subject/ask/:row': (service) =>
    service.post('/eligibility/tsi@2023-24/schools/900008/ask/exception', {
      origin: 'department-judgement',
      reason: 'By page',
    }),
  '/eligibility-requests/:id/decide': async (service) =>
    service.post(`/eligibility-requests/${await newest(service, 'eligibility_request')}/decide`, {
      outcome: 'refused',
      rationale: 'By page',
    }),
  '/api/v1/eligibility/:ref/requests': (service) =>
    service.postJson('/api/v1/eligibility/tsi@2023-24/requests', {
      row: 'exception',
      uid: 'T-02',
      origin: 'department-judgement',
      reason: 'By API',
    }),
  '/api/v1/eligibility-requests/:id/decide': async (service) =>
    service.postJson(`/api/v1/eligibility-requests/${await newest(service, 'eligibility_request')}/decide`, {
      outcome: 'approved',
      rationale: 'By API',
    }),
  '/programmes/:ref/local-places': (service) =>
    service.post('/programmes/tsi@2023-24/local-places', {
      ...HUB,
      'from-day': '1',
      'from-month': '9',
      'from-year': '2023',
    }),
  '/programmes/:ref/local-places/:id/end': async (service) =>
    service.post(`/programmes/tsi@2023-24/local-places/${await newest(service, 'local_place')}/end`, {}),
  '/api/v1/programmes/:ref/local-places': (service) =>
    service.postJson('/api/v1/programmes/tsi@2023-24/local-places', { ...HUB, area: 'LA-NW', from: '2023-09-01' }),
  '/api/v1/programmes/:ref/local-places/:id/end': async (service) =>
    service.postJson(`/api/v1/programmes/tsi@2023-24/local-places/${await newest(service, 'local_place')}/end`, {}),
  '/eligibility/:ref/runs': (service) => service.post('/eligibility/tsi@2023-24/runs', { on: '2024-01-15' }),
  '/api/v1/eligibility/:ref/runs': (service) =>
    service.postJson('/api/v1/eligibility/tsi@2023-24/runs', { on: '2024-01-15', reason: 'Monthly list' }),
}

const LEADERS: Readonly<Record<string, Drive>> = {
  '/leaders/new': (service) => service.post('/leaders/new', { ...LEADER, reference: 'L-91' }),
  '/leaders/:reference/edit': async (service) =>
    service.post('/leaders/L-91/edit', { ...LEADER, name: 'W Pascoe', version: await versionOf(service, 'L-91') }),
  '/leaders/bulk': async (service) =>
    service.post('/leaders/bulk', {
      step: 'save',
      leader: 'L-91',
      state: 'paused',
      'version-L-91': await versionOf(service, 'L-91'),
    }),
  '/leaders/import': (service) => service.upload('/leaders/import', {}, 'leaders.csv', LEADER_FILE),
  '/leaders/:reference/interests/declare': (service) =>
    service.post('/leaders/L-91/interests/declare', { year: '2023', nothing: 'no', target: '900012', nature: 'Kin' }),
  '/leaders/:reference/interests/:id/withdraw': async (service) =>
    service.post(`/leaders/L-91/interests/${await newest(service, 'leader_interest')}/withdraw`, { reason: 'Ended' }),
  '/leaders/:reference/leave': (service) =>
    service.post('/leaders/L-91/leave', {
      'from-day': '15',
      'from-month': '4',
      'from-year': '2024',
      'to-day': '19',
      'to-month': '4',
      'to-year': '2024',
    }),
  '/leaders/:reference/leave/:id/remove': async (service) =>
    service.post(`/leaders/L-91/leave/${await newest(service, 'leader_leave')}/remove`, {}),
  '/api/v1/leaders': (service) =>
    service.postJson('/api/v1/leaders', {
      ...LEADER,
      reference: 'L-92',
      days: { '2023-24-spring': '20' },
      'days-2023-24-spring': '20',
    }),
  '/api/v1/leaders/:reference': async (service) =>
    service.postJson('/api/v1/leaders/L-92', { name: 'W Pascoe', version: await versionOf(service, 'L-92') }),
  '/api/v1/leaders/bulk': async (service) =>
    service.postJson('/api/v1/leaders/bulk', {
      leaders: ['L-92'],
      term: '2023-24-spring',
      days: '12',
      versions: { 'L-92': Number(await versionOf(service, 'L-92')) },
    }),
  '/api/v1/leaders/import': (service) => service.upload('/api/v1/leaders/import', {}, 'leaders.csv', LEADER_FILE),
  '/api/v1/leaders/:reference/entries': (service) =>
    service.postJson('/api/v1/leaders/L-92/entries', {
      kind: 'hold',
      term: '2023-24-spring',
      days: '2',
      takenFor: 'A visit',
    }),
  '/api/v1/leaders/:reference/entries/:id/release': async (service) =>
    service.postJson(`/api/v1/leaders/L-92/entries/${await newest(service, 'leader_day_entry')}/release`, {}),
  '/api/v1/leaders/:reference/leave': (service) =>
    service.postJson('/api/v1/leaders/L-92/leave', { from: '2024-04-15', to: '2024-04-19' }),
  '/api/v1/leaders/:reference/leave/:id/remove': async (service) =>
    service.postJson(`/api/v1/leaders/L-92/leave/${await newest(service, 'leader_leave')}/remove`, {}),
  '/api/v1/leaders/:reference/interests': (service) =>
    service.postJson('/api/v1/leaders/L-92/interests', { year: '2023', target: '900012', nature: 'Kin' }),
  '/api/v1/leaders/:reference/interests/:id/withdraw': async (service) =>
    service.postJson(`/api/v1/leaders/L-92/interests/${await newest(service, 'leader_interest')}/withdraw`, {
      reason: 'Ended',
    }),
}

const MATCHING: Readonly<Record<string, Drive>> = {
  '/matching/invented-england': (service) => service.post('/matching/invented-england', {}),
  '/matching/:id/decide': (service, { scenario, need }) =>
    service.post(`/matching/${scenario}/decide`, { do: `forbid:${need}:L-05` }),
  '/matching/:id/weights': (service, { scenario }) => service.post(`/matching/${scenario}/weights`, { distance: '61' }),
  '/matching/:id/limits': (service, { scenario }) =>
    service.post(`/matching/${scenario}/limits`, { travelMiles: '77' }),
  '/matching/:id/priorities': (service, { scenario }) =>
    service.post(`/matching/${scenario}/priorities`, { priority: 'North East:behaviour' }),
  '/matching/:id/solve': (service, { scenario }) => service.post(`/matching/${scenario}/solve`, {}),
  '/matching/:id/undo': (service, { scenario }) => service.post(`/matching/${scenario}/undo`, {}),
  '/matching/:id/copy': (service, { scenario }) => service.post(`/matching/${scenario}/copy`, { name: 'Third try' }),
  '/matching/:id/schools/:need': (service, { scenario, need }) =>
    service.post(`/matching/${scenario}/schools/${need}`, { days: '6', priority: '2' }),
  '/matching/:id/schools/:need/propose': async (service, things) =>
    service.post(`/matching/${things['scenario']}/schools/${things['need']}/propose`, {
      leader: await leaderOf(service, things),
      reason: 'Nobody else is near',
      typeReason: 'Nobody else is near',
    }),
  '/matching/:id/schools/:need/withdraw': (service, { scenario, need }) =>
    service.post(`/matching/${scenario}/schools/${need}/withdraw`, { reason: 'The school asked' }),
  '/api/v1/matching/:id/decisions': (service, { scenario, need }) =>
    service.postJson(`/api/v1/matching/${scenario}/decisions`, { kind: 'forbid', need, leader: 'L-06' }),
  '/api/v1/matching/:id/solve': (service, { scenario }) => service.postJson(`/api/v1/matching/${scenario}/solve`, {}),
  '/api/v1/matching/:id/priorities': (service, { scenario }) =>
    service.postJson(`/api/v1/matching/${scenario}/priorities`, { priorities: { 'North East': ['behaviour'] } }),
  '/api/v1/matching/:id/undo': (service, { scenario }) => service.postJson(`/api/v1/matching/${scenario}/undo`, {}),
  '/api/v1/matching/:id/copy': (service, { scenario }) =>
    service.postJson(`/api/v1/matching/${scenario}/copy`, { name: 'Fourth try' }),
  '/api/v1/matching/:id/proposals': async (service, things) =>
    service.postJson(`/api/v1/matching/${things['scenario']}/proposals`, {
      need: things['need'],
      leader: await leaderOf(service, things),
      reason: 'Nobody else is near',
      typeReason: 'Nobody else is near',
    }),
  '/api/v1/matching/:id/proposals/withdraw': (service, { scenario, need }) =>
    service.postJson(`/api/v1/matching/${scenario}/proposals/withdraw`, { need, reason: 'The school asked' }),
  '/matching': (service) => service.post('/matching', { ...SCENARIO, name: 'By page', urns: '900011' }),
  '/matching/:id/confirm': async (service) =>
    service.post(`/matching/${await newest(service, 'scenario')}/confirm`, { typeReason: 'Nobody else is near' }),
  '/api/v1/matching': (service) =>
    service.postJson('/api/v1/matching', { ...SCENARIO, name: 'By API', urns: '900012' }),
  '/api/v1/matching/:id/confirm': async (service) =>
    service.postJson(`/api/v1/matching/${await newest(service, 'scenario')}/confirm`, { typeReason: 'Nobody else' }),
}

/** Every form and API call that changes something, as it succeeds; one after another, each builds on those before. */
/** Somebody else's session, so that the officer of all other drives stays signed in. */
async function someoneElse(service: TestService) {
  const { cookie } = await service.postJson('/demo/sign-in', { person: 'rg-ne' })
  return service.as(cookie)
}

const ACCOUNTS: Readonly<Record<string, Drive>> = {
  '/sign-in': (service) => service.post('/sign-in', { person: 'rg-ne', return: '/' }),
  '/sign-out': async (service) => (await someoneElse(service)).post('/sign-out', {}),
  '/account/sessions/:id/end': async (service) => {
    const someone = await someoneElse(service)
    return someone.post(`/account/sessions/${await newest(service, 'user_session')}/end`, {})
  },
  '/people/invite': (service) => service.post('/people/invite', { email: 'wenna.pascoe@example.org' }),
  '/api/v1/people': (service) => service.postJson('/api/v1/people', { email: 'w.pascoe@example.org' }),
  '/people/:id/grants': (service, { person }) =>
    service.post(`/people/${person}/grants`, { role: '/administrator', scope: 'national' }),
  '/people/:id/grants/:grant/end': async (service, { person }) =>
    service.post(`/people/${person}/grants/${await newest(service, 'role_grant')}/end`, {}),
  '/people/:id/sessions/end': async (service, { person }) => {
    await service.postJson('/demo/sign-in', { person: 'ceo-01' })
    return service.post(`/people/${person}/sessions/end`, {})
  },
  '/organisations/:id/people': (service, { organisation }) =>
    service.post(`/organisations/${organisation}/people`, { email: 'third.pascoe@example.org' }),
  '/organisations/:id/people/:person/review': (service, { organisation, person }) =>
    service.post(`/organisations/${organisation}/people/${person}/review`, {}),
  '/organisations/:id/people/:person/remove': (service, { organisation, person }) =>
    service.post(`/organisations/${organisation}/people/${person}/remove`, {}),
  '/organisations/:id/token': (service, { organisation }) =>
    service.post(`/organisations/${organisation}/token`, TOKEN),
  '/organisations/:id/token/revoke': (service, { organisation }) =>
    service.post(`/organisations/${organisation}/token/revoke`, {}),
  '/api/v1/organisations/:id/token': (service, { organisation }) =>
    service.postJson(`/api/v1/organisations/${organisation}/token`, TOKEN),
  '/api/v1/organisations/:id/token/revoke': (service, { organisation }) =>
    service.postJson(`/api/v1/organisations/${organisation}/token/revoke`, {}),
  '/people/:id/remove': (service, { person }) => service.post(`/people/${person}/remove`, {}),
  '/demonstration/today': (service) => service.post('/demonstration/today', { day: '16', month: '1', year: '2024' }),
}

const CONTACT = { key: 'authority', date: '2024-01-15', person: 'Head of standards', outcome: 'confirmed' }
const CASES: Readonly<Record<string, Drive>> = {
  '/money/runs/:reference/cancel': (service, { paymentRun }) => service.post(`/money/runs/${paymentRun}/cancel`, {}),
  '/api/v1/payment-runs/:reference/cancel': async (service, { fresh }) =>
    service.postJson(`/api/v1/payment-runs/${await runOver(service, fresh ?? '')}/cancel`, {}),
  '/cases/new': (service) => service.post('/cases/new', { programme: 'tsi@2023-24', subject: '900012' }),
  '/cases/:reference/steps/:step': (service, { fresh }) => service.post(`/cases/${fresh}/steps/contact-body`, CONTACT),
  '/cases/:reference/actions/:step': (service, { fresh }) =>
    service.post(`/cases/${fresh}/actions/fewer-days`, { days: '9' }),
  '/cases/:reference/subject-changes/:id': async (service, { work, change }) => {
    const path = `/cases/${work}/subject-changes/${change}`
    const { seen } = (await service.get(`/api/v1${path}`)).json<{ seen: string }>()
    return service.post(path, { choice: 'keep', reason: 'Its successor is not known yet', seen })
  },
  '/api/v1/cases/:reference/subject-changes/:id': async (service, { work }) => {
    const path = `/api/v1/cases/${work}/subject-changes/${await closeInRegister(service, 900016)}`
    const { seen } = (await service.get(path)).json<{ seen: string }>()
    return service.postJson(path, { choice: 'keep', reason: 'Its successor is still not known', seen })
  },
  '/cases/:reference/steps/:step/remind': (service, { work }) =>
    service.post(`/cases/${work}/steps/agree-option/remind`, {}),
  '/api/v1/cases/:reference/steps/:step/reminders': (service, { claim }) =>
    service.postJson(`/api/v1/cases/${claim}/steps/sign-claim/reminders`, {}),
  '/api/v1/cases': (service) => service.postJson('/api/v1/cases', { programme: 'tsi@2023-24', urn: 900041 }),
  '/api/v1/cases/:reference/steps/:step': (service, { fresh }) =>
    service.postJson(`/api/v1/cases/${fresh}/steps/hand-over`, { details: 'd', context: 'c', strategic: 's' }),
  '/api/v1/cases/:reference/actions/:step': (service, { fresh }) =>
    service.postJson(`/api/v1/cases/${fresh}/actions/flag-absence`, { note: 'Half of year 9' }),
}

const ADMINISTRATION: Readonly<Record<string, Drive>> = {
  '/administration/verify': (service) => service.post('/administration/verify', {}),
  '/api/v1/administration/verify': async (service) => {
    await verifyEnded(service)
    return service.postJson('/api/v1/administration/verify', {})
  },
}

/** One check at a time: the one before must have ended. */
async function verifyEnded(service: TestService): Promise<void> {
  for (;;) {
    const { verify } = (await service.get('/api/v1/administration')).json<{
      verify: { endedAt: string | null } | null
    }>()
    if (!verify || verify.endedAt) return
    await sleep(50)
  }
}

const MESSAGES: Readonly<Record<string, Drive>> = {
  '/messages/:id/try-again': (service, { bouncedMessage }) => service.post(`/messages/${bouncedMessage}/try-again`, {}),
  '/messages/:id/sent-otherwise': (service, { bouncedMessage }) =>
    service.post(`/messages/${bouncedMessage}/sent-otherwise`, { how: 'By post on 15 January' }),
  '/api/v1/messages/:id/try-again': (service, { failingMessage }) =>
    service.postJson(`/api/v1/messages/${failingMessage}/try-again`, {}),
  '/api/v1/messages/:id/sent-otherwise': (service, { failingMessage }) =>
    service.postJson(`/api/v1/messages/${failingMessage}/sent-otherwise`, { how: 'By post on 15 January' }),
}

export const CHANGES: Readonly<Record<string, Drive>> = {
  ...ADMINISTRATION,
  ...REGISTER,
  ...LEADERS,
  ...MATCHING,
  ...CASES,
  ...WORK_CHANGES,
  ...STUDY_CHANGES,
  ...LINK_CHANGES,
  ...ACCOUNTS,
  ...MESSAGES,
}

/** Routes that leave no entry, or whose success cannot be shown here, and why. */
export const NOT_DRIVEN: Readonly<Record<string, string>> = {
  '/cases/:reference/form/signatures/:signature': 'only at the end of the work: forms-signed.door.test.ts',
  '/cases/:reference/form/submit': 'only at the end of the work: forms-signed.door.test.ts',
  '/api/v1/cases/:reference/form': 'a case has its form already when it is deployed: forms.door.test.ts',
  '/api/v1/cases/:reference/form/signatures/:signature': 'only at the end of the work: forms-signed.door.test.ts',
  '/api/v1/cases/:reference/form/submissions': 'only at the end of the work: forms-signed.door.test.ts',
  '/feedback': 'it is kept without who gave it, and an entry would say so',
  '/api/v1/feedback': 'it is kept without who gave it, and an entry would say so',
  '/demonstration/scenes/:scene':
    'it empties the audit with everything else, and writes the first entry of the new one',
  '/my-work/seen': 'what somebody has seen changes no record',
  '/cases/:reference/payments': 'only what is due is paid: money/money.door.test.ts',
  '/api/v1/cases/:reference/payments': 'only what is due is paid: money/money.door.test.ts',
  '/money/runs': 'only what is due is paid: money/runs.door.test.ts',
  '/api/v1/payment-runs': 'only what is due is paid: money/runs.door.test.ts',
  '/money/runs/:reference/release': 'by a second person: money/runs.door.test.ts',
  '/api/v1/payment-runs/:reference/release': 'by a second person: money/runs.door.test.ts',
  '/money/runs/:reference/file': 'by a payments officer, of a released run: money/runs.door.test.ts',
  '/money/runs/:reference/response': 'by a payments officer, of a released run: money/runs.door.test.ts',
  '/api/v1/payment-runs/:reference/response': 'by a payments officer, of a released run: money/runs.door.test.ts',
  '/cases/:reference/clear': 'only a check that holds can be cleared: stages.door.test.ts',
  '/matching/:id/cancel': 'only a solve that lasts can be stopped, and what lasts on one machine is over on another',
}
