import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { leaderVocabulary, seedExerciseLeaders } from '../src/leaders/index.ts'
import { loadShippedRegister } from '../src/register/index.ts'
import { startTestService, type TestService } from '../world/test-service.ts'
import { openFullService } from './full-service.ts'
import { addressesOf, KNOWN_PAGES } from './page-examples.ts'

// Bytes of bodies as they cross the line. A page of this weight is there within a second on a slow line (1.6 Mbit/s).
const MOST_PAGE = 30 * 1024
const MOST_FIRST_VISIT = 120 * 1024
const MOST_REPEAT_VISIT = 30 * 1024

type Weighed = { readonly bytes: number; readonly caching: string }

/** The bytes of an answer as they come, compressed as for a browser that knows every compression of today; of where it leads to. */
function weigh(address: string): Promise<Weighed> {
  const { promise, resolve, reject } = Promise.withResolvers<Weighed>()
  request(address, { headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } }, (answer) => {
    let bytes = 0
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    answer.on('error', reject)
    answer.on('end', () => {
      const { location } = answer.headers
      if (location) resolve(weigh(new URL(location, address).href))
      else if (answer.statusCode === 200) resolve({ bytes, caching: answer.headers['cache-control'] ?? '' })
      else reject(new Error(`${address} answered ${answer.statusCode}`))
    })
  })
    .on('error', reject)
    .end()
  return promise
}

/** Style sheets, scripts and icons that a page asks for, and what those ask for. */
async function findAssets(address: string, found = new Set<string>()): Promise<Set<string>> {
  const text = await (await fetch(address)).text()
  for (const [, path = ''] of text.matchAll(/["'(](\/assets\/[\w.-]+)["')]/g)) {
    const asset = new URL(path, address).href
    if (found.has(asset)) continue
    found.add(asset)
    await findAssets(asset, found)
  }
  return found
}

describe('in the invented England', () => {
  let service: TestService
  let origin = ''
  let pages: string[] = []
  before(async () => {
    const full = await openFullService()
    service = full.service
    origin = await service.listen()
    pages = KNOWN_PAGES.flatMap((path) => addressesOf(path, full.things) ?? [])
  })
  after(() => service.close())

  test('no page weighs more than 30 KB', async () => {
    const heavy: string[] = []
    for (const address of pages) {
      const { bytes } = await weigh(`${origin}${address}`)
      if (bytes > MOST_PAGE) heavy.push(`${address} weighs ${bytes} bytes`)
    }
    assert.deepEqual(heavy, [])
  })

  test('a first visit weighs at most 120 KB; after it only the page itself, because everything else is kept for good', async () => {
    for (const address of ['/', '/eligibility/tsi@2023-24', '/matching/1']) {
      const page = await weigh(`${origin}${address}`)
      const assets = await Promise.all([...(await findAssets(`${origin}${address}`))].map(weigh))
      assert.ok(assets.length >= 4, 'a style sheet, two scripts and an icon')
      for (const { caching } of assets) assert.match(caching, /max-age=31536000, immutable/)
      const total = assets.reduce((sum, { bytes }) => sum + bytes, page.bytes)
      assert.ok(total <= MOST_FIRST_VISIT, `${address} weighs ${total} bytes at the first visit`)
      assert.ok(page.bytes <= MOST_REPEAT_VISIT, `${address} weighs ${page.bytes} bytes at a later visit`)
    }
  })
})

describe('over the real register', () => {
  let service: TestService
  let origin = ''
  let scenario = ''
  before(async () => {
    service = await startTestService()
    await loadShippedRegister(service.database, { onProgress: () => undefined })
    await seedExerciseLeaders(service.database, { vocabulary: leaderVocabulary(service.packs) })
    origin = await service.listen()
    scenario = await makeLargeScenario()
  })
  after(() => service.close())

  /** 200 schools and 300 leaders: as many as a region could ever have at a time. */
  async function makeLargeScenario(): Promise<string> {
    const page = (number: number) => service.get(`/api/v1/schools?region=North+East&status=open&page=${number}`)
    const lists = await Promise.all([1, 2, 3, 4].map(page))
    const urns = lists.flatMap((list) => list.json<{ schools: { urn: number }[] }>().schools.map(({ urn }) => urn))
    const fields = { name: 'Two hundred', programme: 'tsi@2023-24', source: 'named', term: '2023-24-spring', days: '5' }
    const made = await service.postJson('/api/v1/matching', { ...fields, urns })
    return String(made.json<{ id: number }>().id)
  }

  test('the longest pages weigh no more than 30 KB', async () => {
    const bench = await service.get(`/matching/${scenario}`)
    const needs = new Set(bench.body.match(/\/schools\/\d+(?=")/g))
    assert.equal(needs.size, 200)
    const addresses = [
      '/',
      '/schools',
      '/schools?status=open&sort=-name',
      '/trusts',
      '/authorities',
      '/authorities/330',
      '/eligibility/tsi@2023-24?on=2024-08-31',
      '/eligibility/tsi@2023-24?on=2024-08-31&with.consecutive=1',
      '/leaders',
      '/matching/new',
      `/matching/${scenario}`,
      `/matching/${scenario}${[...needs][0]}`,
    ]
    const heavy: string[] = []
    for (const address of addresses) {
      const { bytes } = await weigh(`${origin}${address}`)
      if (bytes > MOST_PAGE) heavy.push(`${address} weighs ${bytes} bytes`)
    }
    assert.deepEqual(heavy, [])
  })
})
