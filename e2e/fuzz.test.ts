import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Route } from '../src/platform/web/route.ts'
import type { TestAnswer, TestService } from '../world/test-service.ts'
import { openFullService, type Things } from './full-service.ts'
import { addressesOf } from './page-examples.ts'

/** Tries of each route. Raise it by hand to search for longer: FUZZ_RUNS=500 node --test e2e/fuzz.test.ts */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10)
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121)

let service: TestService
let things: Things
before(async () => {
  const full = await openFullService()
  service = full.service
  things = full.things
})
after(() => service.close())

/** What people and attackers type: nothing, far too much, other kinds, other alphabets, signs that mean something elsewhere. */
const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1.5',
    '1e309',
    'NaN',
    '99999999999999999999',
    '2023-02-31',
    '0000-00-00',
    '9999-12-31',
  ),
  fc.constantFrom(
    '\0',
    'a\0b',
    '\ud800',
    '\u202e',
    '\\',
    "'; drop table leader --",
    '<script>',
    '%00',
    '%',
    '../../..',
    '{{7*7}}',
  ),
  fc.constantFrom(
    '900001',
    '900016',
    'L-01',
    'Leader 001',
    'LA-NE',
    'tsi@2023-24',
    'yes',
    'lock:1:L-01',
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer().map(String),
)
const nastyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: nasty },
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, true, [], {}, -0, 1e308, [null], { toString: 1 }, [['a']]),
)

/** They end the session that all other tries are made with, and take nothing else. */
const SIGNING_OFF = ['/sign-out', '/account/sessions/:id/end', '/demonstration/scenes/:scene']

const params = (route: Route) => [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)

/** Some of the parameters are those of a thing that is there, so that what lies behind them is reached. */
function pathOf(route: Route, chosen: readonly (string | null)[]): string {
  const example = (addressesOf(route.path, things)?.[0] ?? fillApi(route.path)).split('?')[0] ?? ''
  const names = params(route)
  const known = example.split('/')
  return route.path
    .split('/')
    .map((part, at) => {
      const value = part.startsWith(':') ? chosen[names.indexOf(part.slice(1))] : undefined
      return value === undefined || value === null ? (known[at] ?? part) : encodeURIComponent(value.toWellFormed())
    })
    .join('/')
}

function fillApi(path: string): string {
  const id = path.includes('eligibility') ? things.run : path.includes('interests') ? things.interest : things.scenario
  const all: Things = {
    ...things,
    ref: 'tsi@2023-24',
    urn: '900016',
    uid: 'T-02',
    code: 'LA-NE',
    reference: 'L-02',
    id: id ?? '1',
  }
  return path.replaceAll(/:(\w+)/g, (_, name: string) => all[name] ?? '1')
}

/** Names that the route's own page or description uses, so that a made-up body means something to it. */
async function fieldNames(route: Route): Promise<string[]> {
  const described = Object.keys(route.api?.body?.shape ?? {})
  const page = pathOf(route, []).replace(
    /\/(decide|weights|limits|priorities|copy|confirm|propose|withdraw|remove)$/,
    '',
  )
  const { body } = route.path.startsWith('/api/') ? { body: '' } : await service.get(page)
  const shown = [...body.matchAll(/ name="([^"]+)"/g)].map(([, name = '']) => name)
  return [...new Set([...described, ...shown, 'reason', 'name', 'do', 'version'])].slice(0, 60)
}

const chosenParams = (route: Route) =>
  fc.array(fc.option(nasty, { freq: 5 }), { minLength: params(route).length, maxLength: params(route).length })

const dictionary = <T>(names: readonly string[], value: fc.Arbitrary<T>) =>
  fc.dictionary(names.length > 0 ? fc.constantFrom(...names) : fc.constant('q'), value, { maxKeys: 12 })

/** As a browser would send them; only made-up texts come here. */
function asTexts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value).toWellFormed()]))
}

/** Every row of every table in one number each; what goes on by itself after an answer is left out. */
async function readAll(): Promise<Record<string, string>> {
  const { rows: tables } = await service.database.pool.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'verify_run'`,
  )
  const sums = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as sum from ${name} t`,
  )
  const { rows } = await service.database.pool.query<{ name: string; sum: string }>(sums.join(' union all '))
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]))
}

/** Rises with each transaction that wrote: while it stays the same nothing can have been written. */
async function writeMark(): Promise<string> {
  const { rows } = await service.database.pool.query<{ mark: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as mark',
  )
  return rows[0]?.mark ?? ''
}

/** That somebody tried what is another's part is recorded, and nothing else of it. */
function refused(sums: Readonly<Record<string, string>>, { status }: TestAnswer): object {
  return status === 403 ? { ...sums, audit_entry: '', audit_value: '' } : sums
}

function assertSound(route: Route, answer: TestAnswer): void {
  assert.ok(answer.status < 500, `${route.method} ${route.path} answered ${answer.status}: ${answer.text.slice(-300)}`)
  assert.doesNotMatch(answer.text, /node_modules|at async|syntax error|DatabaseError/)
  if (answer.status >= 400 && route.path.startsWith('/api/v1/'))
    assert.ok(answer.json<{ refusals: { code: string }[] }>().refusals[0]?.code, answer.body)
}

test('no address, whatever is in it, is answered with a fault', async () => {
  for (const route of service.routes.filter(({ method }) => method === 'GET')) {
    const names = Object.keys(route.api?.query?.shape ?? {})
    const query = dictionary(
      [...names, 'q', 'page', 'sort', 'on', 'on-day', 'region', 'with.consecutive', 'leader', 'show'],
      nasty,
    )
    const runs = /\.ods$/.test(route.path) ? 2 : RUNS
    await fc.assert(
      fc.asyncProperty(chosenParams(route), query, async (chosen, asked) => {
        const search = Object.entries(asked).map(
          ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
        )
        assertSound(route, await service.get(`${pathOf(route, chosen)}?${search.join('&')}`))
      }),
      { numRuns: runs, seed: SEED },
    )
  }
})

test('no form or call, whatever is in it, is answered with a fault, and a refusal leaves every table as it was', async () => {
  let kept = await readAll()
  let mark = await writeMark()
  const judge = async (route: Route, answer: TestAnswer) => {
    assertSound(route, answer)
    const now = await writeMark()
    if (now === mark) return
    const all = await readAll()
    if (answer.status >= 400)
      assert.deepEqual(refused(all, answer), refused(kept, answer), `${route.path} answered ${answer.status}`)
    kept = all
    mark = now
  }
  for (const route of service.routes.filter(({ method, path }) => method === 'POST' && !SIGNING_OFF.includes(path))) {
    const names = await fieldNames(route)
    const isApi = route.path.startsWith('/api/')
    const body = dictionary(names, isApi ? nastyJson : nasty)
    await fc.assert(
      fc.asyncProperty(chosenParams(route), body, async (chosen, fields) => {
        const path = pathOf(route, chosen)
        await judge(route, await (isApi ? service.postJson(path, fields) : service.post(path, asTexts(fields))))
      }),
      { numRuns: RUNS, seed: SEED },
    )
  }
})

test('no file, whatever its name or content, is answered with a fault or changes anything when it is refused', async () => {
  const names = [
    '..',
    '.',
    '',
    '../../leaders.csv',
    'x'.repeat(300),
    'a\u00e9\u202e.csv',
    'schools20239999.csv',
    'a.csv.gz',
    'a.ods',
  ]
  const contents = [
    '',
    '\0\0\0',
    '\ufeff',
    'URN',
    'URN,EstablishmentName\n',
    'reference,name\n"',
    '\x1f\x8b\x08broken',
    'PK\x03\x04',
    'a'.repeat(70_000),
  ]
  const before = await readAll()
  for (const path of ['/leaders/import', '/api/v1/leaders/import', '/about-the-data/take-in', '/api/v1/register-files'])
    for (const [at, content] of contents.entries()) {
      const answer = await service.upload(path, { kind: 'schools', strict: 'yes' }, names[at] ?? '', [content])
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${names[at]} answered ${answer.status}`)
    }
  assert.deepEqual(await readAll(), before)
})
