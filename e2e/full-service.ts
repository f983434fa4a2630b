import { sql } from 'kysely'
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
  const service = await startTestService({ today: DAY, world: true })
  await addTrialSchools(service)
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
    lastPart(await expectRedirect(service, '/matching', { ...SCENARIO, name, urns, days }))
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
  const { rows } = await sql<{ file: string; interest: string; person: string; organisation: string }>`select
    (select min(id) from data_file)::text as file, (select max(id) from leader_interest where kind = 'school')::text as interest,
    (select id from person where 'ceo-01' = any (demonstration_ids))::text as person,
    (select id from organisation where register_key = 'T-01')::text as organisation
    `.execute(db)
  return {
    file: rows[0]?.file ?? '',
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

function lastPart(location: string): string {
  return location.split('/').at(-1) ?? ''
}
