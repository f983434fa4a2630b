import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { PACKS_FOLDER, standingParts } from '../src/app.ts'
import { type Person, personAt } from '../src/cases/test-cases.ts'
import { closeInRegister } from '../src/cases/test-subject-change.ts'
import { openWorkingCase } from '../src/cases/test-work.ts'
import { queue } from '../src/messages/test-letters.ts'
import { runOver } from '../src/money/test-money.ts'
import { loadPacks } from '../src/programmes/index.ts'
import { followStandings } from '../src/standings/index.ts'
import { openNightFolder, schoolsFile } from '../world/night-folder.ts'
import { buildRegister } from '../world/register-builder.ts'
import { fixedClock, startTestService, type TestService } from '../world/test-service.ts'
import { newLink } from './link-examples.ts'

/** Names of the things in a full service, for addresses such as `/matching/{scenario}`. */
export type Things = Readonly<Record<string, string>>

const DAY = '2024-01-15'
/** Below 900000, as real schools are: a scenario over them is an exercise. They are no real schools. */
const TRIAL_SCHOOLS = [
  { urn: 100101, name: 'Trial One Primary School', easting: 427_500, northing: 545_200 },
  { urn: 100102, name: 'Trial Two Primary School', easting: 431_900, northing: 541_800 },
  { urn: 100103, name: 'Trial Three Primary School', easting: 419_300, northing: 548_700 },
]

/** The invented England with something of everything that a page can show, and an exercise, which brings its own leaders. */
export async function openFullService(): Promise<{ service: TestService; things: Things }> {
  const started = await startTestService({ today: DAY, world: true })
  await addTrialSchools(started)
  const nights = await addNights(started)
  await correctRegister(started)
  const service = {
    ...started,
    async close() {
      await started.close()
      await nights.remove()
    },
  }
  await workWithLeaders(service)
  await expectRedirect(service, '/feedback', {
    rating: 'satisfied',
    improvement: 'A clearer first page',
    part: 'schools',
  })
  await makeToken(service)
  await addLevels(service)
  const work = await addWork(service)
  const things = {
    ...work,
    link: (await newLink(service, work)).link.split('/').at(-1) ?? '',
    ...(await addScenarios(service)),
    ...(await askForExceptions(service)),
    ...(await addRuns(service)),
    ...(await findRest(service)),
    ...(await addMessages(service)),
  }
  return { service, things }
}

async function addTrialSchools({ database }: TestService): Promise<void> {
  const register = await buildRegister(database)
  await register.authority('990', 'Trial Authority', 'North East')
  for (const school of TRIAL_SCHOOLS) {
    await register.school({ ...school, authority_code: '990', phase: 'Primary', region: 'North East' })
    await register.inspection(school.urn, '2021-11-09', { overall: 3 })
    await register.inspection(school.urn, '2023-10-10', { overall: 3 })
    await register.measure(school.urn, 'ks2', '2023/24', { rwm_expected: 61 })
  }
  await register.done()
}

/** Two nights: one takes in, the other holds four files that have lost too many rows. */
async function addNights({ database }: TestService) {
  const nights = await openNightFolder(database)
  const groups = (count: number) => {
    const rows = Array.from({ length: count }, (_, place) => `91${100 + place},Night Trust ${place},Federation,Open`)
    return `Group UID,Group Name,Group Type,Group Status\n${rows.join('\n')}\n`
  }
  const authority = ['990', 'Trial Authority', 'North East'] as const
  const renamed = { urn: 100103, name: 'Trial Third Primary School', authority, pupils: '180' }
  await nights.put('edubase20260610.csv', schoolsFile([renamed]))
  await nights.put('groups20240110.csv', groups(60))
  await nights.night('2024-01-11')
  for (const day of [11, 12, 13, 14]) await nights.put(`groups202401${day}.csv`, groups(day))
  await nights.night(DAY)
  return nights
}

const SOURCE = { source: 'A letter of the authority', sourceDate: '2024-01-10', reason: 'The file is a year behind' }

/** One correction in force and one that ended; both of facts that nothing else here rests on. */
async function correctRegister(service: TestService): Promise<void> {
  const path = '/schools/900016/corrections'
  await expectRedirect(service, path, { step: 'save', what: 'town', value: 'Burnmoor', ...SOURCE })
  await expectRedirect(service, path, { step: 'save', what: 'county', value: 'Wearsteadshire', ...SOURCE })
  const { rows } = await sql<{ id: number }>`select max(id) as id from register_correction`.execute(service.database.db)
  await expectRedirect(service, `${path}/${rows[0]?.id}/end`, { reason: 'The county was right' })
}

async function workWithLeaders(service: TestService): Promise<void> {
  const interest = { year: '2023', nothing: 'no', target: '900012', nature: 'Governor until last summer' }
  await expectRedirect(service, '/leaders/L-02/interests/declare', interest)
  const leave = {
    'from-day': '15',
    'from-month': '4',
    'from-year': '2024',
    'to-day': '23',
    'to-month': '7',
    'to-year': '2024',
  }
  await expectRedirect(service, '/leaders/L-01/leave', leave)
}

const SCENARIO = { programme: 'tsi@2023-24', source: 'named', term: '2023-24-spring', days: '8' }

async function addScenarios(service: TestService): Promise<Things> {
  const make = async (name: string, urns: string, days = '8') =>
    solved(service, await expectRedirect(service, '/matching', { ...SCENARIO, name, urns, days }))
  const scenario = await make('North East, spring', '900001 900002 900005 900009 900010 900016 900029', '8')
  const need = await firstNeed(service, scenario)
  await expectRedirect(service, `/matching/${scenario}/decide`, { do: `lock:${need}:L-03` })
  const other = await solved(
    service,
    await expectRedirect(service, `/matching/${scenario}/copy`, { name: 'Second try' }),
  )
  await expectRedirect(service, `/matching/${other}/weights`, { distance: '80' })
  const confirmed = await make('Confirmed for the North East', '900011 900012')
  await expectRedirect(service, `/matching/${confirmed}/confirm`, { typeReason: 'Both are near and know the schools' })
  const exercise = await make('Trial schools, spring', TRIAL_SCHOOLS.map(({ urn }) => urn).join(' '))
  return {
    scenario,
    need,
    other,
    confirmed,
    confirmedNeed: await firstNeed(service, confirmed),
    exercise,
    exerciseNeed: await firstNeed(service, exercise),
  }
}

async function addRuns(service: TestService): Promise<Things> {
  const record = async (on: string, reason: string) =>
    lastPart(await expectRedirect(service, '/eligibility/tsi@2023-24/runs', { on, reason }))
  const firstRun = await record('2023-10-20', 'Regional meeting')
  return { firstRun, run: await record(DAY, 'Monthly list') }
}

/** A request that waits, one that was approved, and a judgement of a school that no rule reaches. */
async function askForExceptions(service: TestService): Promise<Things> {
  const ask = async (urn: number) =>
    lastPart(
      await expectRedirect(service, `/eligibility/tsi@2023-24/schools/${urn}/ask/exception`, {
        origin: 'department-judgement',
        reason: 'Results fell sharply in two years',
      }),
    )
  const decidedRequest = await ask(900007)
  const decision = { outcome: 'approved', rationale: 'The results bear it out' }
  await expectRedirect(service, `/eligibility-requests/${decidedRequest}/decide`, decision)
  const judgement = { rationale: 'Leadership left within a term' }
  await expectRedirect(service, '/eligibility/tsi@2023-24/schools/900004/judge/director-view', judgement)
  return { decidedRequest, request: await ask(900006) }
}

async function makeToken({ database: { db }, post }: TestService): Promise<void> {
  const { rows } = await sql<{ id: number }>`select id from organisation where register_key = 'T-01'`.execute(db)
  const token = {
    name: 'Roster',
    role: 'tsi/delivery-partner',
    scope: 'region',
    values: 'North East',
    to: '2024-07-31',
  }
  await post(`/organisations/${rows[0]?.id}/token`, token)
}

/** The officer sets levels in one authority; two schools are raised by a rule on the first day of the programme. */
async function addLevels({ database, cases }: TestService): Promise<void> {
  await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
    select id, 'gtg', 'senior-officer', 'authority', array['LA-L1'], '2016-09-01', 'Tests' from person
    where 'officer' = any (demonstration_ids)`.execute(database.db)
  const packs = await loadPacks(PACKS_FOLDER)
  if (!packs.ok) throw new Error('The packs do not load')
  await followStandings(
    standingParts({ database: cases.database, clock: fixedClock('2026-09-01'), packs: packs.value }),
  )
}

/** One letter in each state that its page can show. */
async function addMessages(service: TestService): Promise<Things> {
  const letterIn = async (mail: string | null, letter: string) => {
    if (mail !== null) await service.put('/demo/mail', { mail })
    const id = await queue(service.database, letter)
    if (mail !== null) await service.get('/demo/outbox')
    return String(id)
  }
  const message = await letterIn('works', 'deployment-to-school')
  const bouncedMessage = await letterIn('bounces', 'match-details')
  const failingMessage = await letterIn('fails', 'partnership-summary')
  return { message, bouncedMessage, failingMessage, waitingMessage: await letterIn(null, 'grant-offer') }
}

async function findRest({ database: { db } }: TestService): Promise<Things> {
  const { rows } = await sql<{
    file: string
    correction: string
    held: string
    taken: string
    interest: string
    person: string
    organisation: string
    tokenless: string
  }>`select
    (select min(id) from data_file)::text as file,
    (select min(id) from register_correction)::text as correction,
    (select min(id) from register_night_file where outcome = 'held')::text as held,
    (select min(id) from register_night_file where outcome = 'taken')::text as taken,
    (select max(id) from leader_interest where kind = 'school')::text as interest,
    (select id from person where 'ceo-01' = any (demonstration_ids))::text as person,
    (select id from organisation where register_key = 'T-01')::text as organisation,
    (select id from organisation where register_key = 'T-02')::text as tokenless
    `.execute(db)
  return {
    file: rows[0]?.file ?? '',
    correction: rows[0]?.correction ?? '',
    held: rows[0]?.held ?? '',
    taken: rows[0]?.taken ?? '',
    interest: rows[0]?.interest ?? '',
    person: rows[0]?.person ?? '',
    organisation: rows[0]?.organisation ?? '',
    tokenless: rows[0]?.tokenless ?? '',
  }
}

/** A case at work with a day, a note of visit, a strategy; the officer is its leader too, so that every page opens. */
async function addWork(service: TestService): Promise<Things> {
  const as = (name: string) => personAt(service, name, () => DAY)
  const desk = { service, as, setToday: () => {} }
  const work = await openWorkingCase(desk, {
    urn: 900016,
    leader: 'L-01',
    school: 'head-900016',
    start: DAY,
    visit: DAY,
  })
  await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
    select id, 'tsi', 'system-leader', 'leader', array['L-01'], '2016-09-01', 'Tests' from person
    where 'officer' = any (demonstration_ids)`.execute(service.database.db)
  const day = { date: DAY, days: 1, step: 'explore', kind: 'shadowing', area: 'leadership' }
  const item = await work.log(work.leader, day)
  const team = { person: 'yorick.penshaw@example.org', specialism: 'finance' }
  const member = await work.send(work.leader, '/team', team)
  await work.log(work.leader, { ...day, performer: String(member.id), mode: 'remote', 'mode-reason': 'valuable' })
  const planned = { area: 'attendance', action: 'Name a champion', owner: 'Head', due: '2024-03-01' }
  const strategy = await work.send(work.leader, '/strategies', planned)
  const need = { option: 'none', beneficial: 'The first days are enough', reason: 'Asked for early' }
  await work.send(work.leader, '/actions/assess-options', need)
  await work.send(work.leader, '/lists/attendance-school', { culture: 'absent' })
  const note = { date: DAY, seen: 'Lessons of year 9', judgements: ['Behaviour is calm', 'Books vary'] }
  const visit = await work.send(work.leader, '/visit-notes', note)
  await work.send(work.leader, `/visit-notes/${visit.id}/send`)
  await work.send(work.rg, '/notes', { audience: 'internal', words: 'For the region' })
  const published = await addStudy(work.rg, work.reference, 'Calm corridors')
  await work.rg.postJson(`/api/v1/case-studies/${published}/publish`, {})
  const study = await addStudy(work.rg, work.reference, 'A rota that stays')
  const fresh = await work.rg.start({ urn: 900010 })
  const left = await leaveCase(desk)
  const paymentRun = await runOver(service, work.reference)
  return {
    fresh,
    published,
    study,
    left,
    claim: `${left}-1`,
    change: await closeInRegister(service, 900016),
    paymentRun,
    work: work.reference,
    item: String(item.id),
    strategy: String(strategy.id),
    visit: String(visit.id),
  }
}

/** A case study that only has to be published. */
async function addStudy(by: Person, reference: string, title: string): Promise<string> {
  const send = async (path: string, body: object) => {
    const answer = await by.postJson(`/api/v1/case-studies${path}`, body)
    if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
    return answer.json<{ reference: string }>()
  }
  const study = (await send('', { cases: [reference], title })).reference
  const sections = { context: 'It was loud', support: 'Days in school', impact: 'It is calm', next: 'The rota stays' }
  await send(`/${study}`, { version: 1, sections })
  await send(`/${study}/entries`, { section: 'impact', on: DAY, words: 'Attendance is up by 1.2 points' })
  await send(`/${study}/approval`, {})
  const consent = { subject: '900016', answer: 'yes', givenBy: 'Head', givenOn: DAY, way: 'meeting' }
  await send(`/${study}/consents`, consent)
  return study
}

/** A case whose leader validated a day and left: it waits for the next one, with a claim beside it. */
async function leaveCase(desk: Parameters<typeof openWorkingCase>[0]): Promise<string> {
  const work = await openWorkingCase(desk, {
    urn: 900001,
    leader: 'L-03',
    school: 'head-900001',
    start: DAY,
    visit: DAY,
  })
  const { leader, reference } = work
  await work.log(leader, { date: DAY, days: 1, step: 'start-up', state: 'validated', kind: 'communication' })
  await leader.act(reference, 'leader-leaves', { date: DAY, why: 'Moves away' })
  return reference
}

async function firstNeed({ database: { db } }: TestService, scenario: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`select establishment_id::text as id from scenario_need
    where scenario_id = ${Number(scenario)} order by position limit 1`.execute(db)
  return rows[0]?.id ?? ''
}

async function expectRedirect(service: TestService, path: string, fields: Record<string, string>): Promise<string> {
  const answer = await service.post(path, fields)
  if (answer.status === 303) return answer.location
  throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 2000)}`)
}

/** The scenario that a redirect leads to, once it is solved: on a busy machine that takes longer than a page waits. */
async function solved(service: TestService, location: string): Promise<string> {
  const scenario = location.split('/')[2] ?? ''
  while ((await service.get(`/matching/${scenario}/solving`)).status === 200) await sleep(100)
  return scenario
}

function lastPart(location: string): string {
  return location.split('/').at(-1) ?? ''
}
