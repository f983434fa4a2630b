import { startTestService, type TestService } from '../../world/test-service.ts'
import { copyCases } from './growth-seed.ts'
import { round } from './pages.ts'

const SCENE = 'tsi-extension'
/** As many as bring the first officer 20 steps. */
const SMALL = 110
const GROWN = 10_000
/** Entries of the audit for each case: a million in the grown service. */
const ENTRIES = 100
const REQUESTS = 15
const WARM = 8

/** An officer of one region whose 20 steps stay, one for all of England whose steps grow to 2,000, a partner of two regions. */
const FEW = { person: 'rg-ne', region: 'North East', steps: 20 }
const MANY = 'rg-all'
const WIDE = 'dp-lnse'

type Measured = Readonly<Record<string, number>>

/**
 * The pages that everybody opens daily, in a service of about 100 cases and in another with 10,000 and a million entries of
 * history, asked in turns: whatever else the machine does meets both. Budget: at most 1.5 times as long for My work and a case.
 */
export async function benchGrowth() {
  const services = [await begin(SMALL), await begin(GROWN)] as const
  try {
    const [small = {}, grown = {}] = await measureInTurns(await Promise.all(services.map(pagesOf)))
    const [before, after] = [await countRows(services[0]), await countRows(services[1])]
    return {
      small: { ...small, ...before },
      grown: { ...grown, ...after },
      ratios: ratiosOf(small, grown),
      budget: 1.5,
    }
  } finally {
    for (const service of services) await service.close()
  }
}

/** A page with what its requests took, in ms. */
type Timed = { readonly page: Page; readonly took: number[] }

/** The median of each page in ms, for each service. The first turns fill what is kept. */
async function measureInTurns(services: readonly (readonly Page[])[]): Promise<Measured[]> {
  const times = services.map((pages) => pages.map((page): Timed => ({ page, took: [] })))
  const inTurns = (times[0] ?? []).flatMap((_, place) => times.flatMap((pages) => pages[place] ?? []))
  for (let turn = -WARM; turn < REQUESTS; turn++)
    for (const { page, took } of inTurns) {
      const millis = await timeOf(page)
      if (turn >= 0) took.push(millis)
    }
  return times.map((pages) => Object.fromEntries(pages.map(({ page, took }) => [page.name, round(medianOf(took))])))
}

/** A service with the cases of the scene and copies of them; the first hundred lie where the first officer works. */
async function begin(cases: number): Promise<TestService> {
  const service = await startTestService({ movingDay: true, signedOut: true })
  const begun = await service.postJson('/demo/reset', { scene: SCENE })
  if (begun.status !== 200) throw new Error(begun.text)
  const few = { region: FEW.region, upTo: SMALL - (await countCases(service)) }
  const to = cases === SMALL ? few.upTo : cases
  await copyCases(service.database.pool, { from: 1, to, few, entries: ENTRIES })
  return service
}

async function countCases({ database }: TestService): Promise<number> {
  const { rows } = await database.pool.query<{ many: number }>('select count(*)::integer as many from support_case')
  return rows[0]?.many ?? 0
}

type Page = { readonly service: TestService; readonly name: string; readonly session: string; readonly path: string }

async function pagesOf(service: TestService): Promise<Page[]> {
  const [few = '', many = '', wide = ''] = await Promise.all(
    [FEW.person, MANY, WIDE].map((person) => signIn(service, person)),
  )
  const pages = [
    ['my work, few steps', few, '/my-work'],
    ['my work, many steps', many, '/my-work'],
    ['my work, two regions', wide, '/my-work'],
    ['case, one region', few, '/cases/C-16'],
    ['case, all of England', many, '/cases/C-16'],
    ['case, two regions', wide, '/cases/C-24'],
    ['history of a case', many, '/cases/C-16/history'],
    ['cases, one region', few, '/cases'],
    ['cases, all of England', many, '/cases'],
    ['cases, two regions', wide, '/cases'],
    ['reports, one region', few, '/reports'],
    ['reports, all of England', many, '/reports'],
    ['money, all of England', many, '/money'],
    ['start page', many, '/'],
  ] as const
  return pages.map(([name, session, path]) => ({ service, name, session, path }))
}

async function countRows({ database }: TestService): Promise<Measured> {
  const { rows } = await database.pool.query<Record<string, number>>(
    `select (select count(*)::int from support_case) as "rows: cases", (select count(*)::int from case_step) as "rows: steps",
       (select count(*)::int from audit_entry) as "rows: history", (select count(*)::int from case_step
         where state = 'open' and 'tsi/regions-group@region:North East' = any(acts)) as "rows: steps of few",
       (select count(*)::int from case_step where state = 'open' and 'tsi/regions-group@*' = any(acts)) as "rows: steps of many"`,
  )
  return rows[0] ?? {}
}

async function signIn(service: TestService, person: string): Promise<string> {
  const answer = await service.postJson('/demo/sign-in', { person })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.cookie
}

async function timeOf({ service, session, path }: Page): Promise<number> {
  const started = performance.now()
  const answer = await service.as(session).get(path)
  const took = performance.now() - started
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`)
  return took
}

function medianOf(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
}

/** Two regions have next to nothing in the small service: their pages are held against those of one region there. */
const HELD_AGAINST: Readonly<Record<string, string>> = {
  'my work, two regions': 'my work, few steps',
  'cases, two regions': 'cases, one region',
}

function ratiosOf(small: Measured, grown: Measured): Measured {
  return Object.fromEntries(
    Object.keys(small).map((name) => [name, round((grown[name] ?? 0) / (small[HELD_AGAINST[name] ?? name] ?? 1))]),
  )
}
