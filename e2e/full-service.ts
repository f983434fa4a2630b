import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { openNightFolder, schoolsFile } from '../world/night-folder.ts'
import { buildRegister } from '../world/register-builder.ts'
import { startTestService, type TestService } from '../world/test-service.ts'

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
  const things = { ...(await addScenarios(service)), ...(await addRuns(service)), ...(await findRest(service)) }
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
  const other = lastPart(await expectRedirect(service, `/matching/${scenario}/copy`, { name: 'Second try' }))
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

async function findRest({ database: { db } }: TestService): Promise<Things> {
  const { rows } = await sql<{
    file: string
    correction: string
    held: string
    taken: string
    interest: string
    person: string
    organisation: string
  }>`select
    (select min(id) from data_file)::text as file,
    (select min(id) from register_correction)::text as correction,
    (select min(id) from register_night_file where outcome = 'held')::text as held,
    (select min(id) from register_night_file where outcome = 'taken')::text as taken, (select max(id) from leader_interest where kind = 'school')::text as interest,
    (select id from person where 'ceo-01' = any (demonstration_ids))::text as person,
    (select id from organisation where register_key = 'T-01')::text as organisation
    `.execute(db)
  return {
    file: rows[0]?.file ?? '',
    correction: rows[0]?.correction ?? '',
    held: rows[0]?.held ?? '',
    taken: rows[0]?.taken ?? '',
    interest: rows[0]?.interest ?? '',
    person: rows[0]?.person ?? '',
    organisation: rows[0]?.organisation ?? '',
  }
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

/** The number of a new scenario, when its first answer is there: on a busy machine that may last. */
async function solved(service: TestService, location: string): Promise<string> {
  const id = /^\/matching\/(\d+)/.exec(location)?.[1] ?? ''
  while ((await service.get(`/matching/${id}/solving`)).status === 200) await sleep(50)
  return id
}

function lastPart(location: string): string {
  return location.split('/').at(-1) ?? ''
}
