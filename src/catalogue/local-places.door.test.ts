import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestService } from '../../world/test-service.ts'

const service = await startTestService({ world: true, today: '2024-01-15' })
after(() => service.close())

const PAGE = '/programmes/tsi@2023-24/local-places'
const API = `/api/v1${PAGE}`
const HUB = {
  kind: 'maths-hub',
  areaKind: 'authority',
  area: 'LA-NE',
  name: 'Wear Maths Hub',
  link: 'https://example.org/wear',
  from: '2023-09-01',
}

type Place = { id: number; kind: string; area: string; name: string; from: string; until: string | null; state: string }
const placesOf = async (kind: string) =>
  (await service.get(API)).json<{ places: Place[] }>().places.filter((one) => one.kind === kind)
const contactOf = async (on: string) =>
  (await service.get(`/api/v1/programmes/tsi@2023-24/catalogue/maths-hubs?urn=900001&on=${on}`)).json<{
    access: { local: { name: string; mapped: boolean } }
  }>().access.local

test('a hub serves its area from its first day; the next one ends it the day before, and history stays', async () => {
  assert.equal((await service.postJson(API, HUB)).status, 201)
  assert.equal((await contactOf('2023-08-31')).mapped, false)
  assert.equal((await contactOf('2023-09-01')).name, 'Wear Maths Hub')
  assert.equal((await service.postJson(API, { ...HUB, name: 'Tees Maths Hub', from: '2024-01-08' })).status, 201)
  assert.equal((await contactOf('2024-01-07')).name, 'Wear Maths Hub')
  assert.equal((await contactOf('2024-01-08')).name, 'Tees Maths Hub')
  const [now, before] = await placesOf('maths-hub')
  assert.deepEqual(
    [now?.name, now?.until, before?.name, before?.until],
    ['Tees Maths Hub', null, 'Wear Maths Hub', '2024-01-07'],
  )
  const early = await service.postJson(API, { ...HUB, from: '2024-01-08' })
  assert.equal(early.json<{ refusals: { code: string }[] }>().refusals[0]?.code, 'from.too-early')
})

test('the nearer mapping wins: a school before its authority before its region', async () => {
  const region = { ...HUB, kind: 'computing-hub', areaKind: 'region', area: 'North East', name: 'Region hub' }
  assert.equal((await service.postJson(API, region)).status, 201)
  const nameFor = async (urn: number) => {
    const answer = await service.get(`/api/v1/programmes/tsi@2023-24/catalogue/computing-hubs?urn=${urn}`)
    return answer.json<{ access: { local: { name: string } } }>().access.local.name
  }
  assert.equal(await nameFor(900001), 'Region hub')
  await service.postJson(API, { ...region, areaKind: 'authority', area: 'LA-NE', name: 'Authority hub' })
  assert.equal(await nameFor(900001), 'Authority hub')
  await service.postJson(API, { ...region, areaKind: 'school', area: '900001', name: 'School hub' })
  assert.deepEqual([await nameFor(900001), await nameFor(900005)], ['School hub', 'Authority hub'])
  assert.equal(await nameFor(900029), 'Find the local Computing Hub')
})

test('an area is marked and unmarked: travel to a course follows', async () => {
  const mark = { kind: 'west-of-england', areaKind: 'authority', area: 'LA-NW', name: '', link: '', from: '2024-01-01' }
  const most = async () =>
    (
      await service.get('/api/v1/programmes/tsi@2023-24/catalogue/science-subsidies/calculation?urn=900030&days=3')
    ).json<{ atMost: number }>().atMost
  assert.equal(await most(), 450)
  const entered = await service.postJson(API, mark)
  assert.equal(entered.status, 201, entered.body)
  assert.equal(await most(), 600)
  const [place] = await placesOf('west-of-england')
  assert.equal(place?.name, 'West of England')
  const form = await service.get(PAGE)
  assert.match(form.text, /West of England Ribblemoor \(authority\)/)
  assert.equal((await service.post(`${PAGE}/${place?.id}/end`, {})).status, 303)
  assert.equal((await placesOf('west-of-england'))[0]?.until, '2024-01-15')
  const again = await service.postJson(`${API}/${place?.id}/end`, {})
  assert.equal(again.json<{ refusals: { code: string }[] }>().refusals[0]?.code, 'place.ended')
  assert.equal((await service.postJson(`${API}/99999/end`, {})).status, 404)
})

test('what is wrong is told at its field, typed text stays, and nothing is saved', async () => {
  const wrong = {
    kind: 'drum-hub',
    areaKind: 'authority',
    area: 'LA-XX',
    name: '',
    link: 'http://example.org',
    from: '2024-02-31',
  }
  const before = (await service.get(API)).body
  const api = await service.postJson(API, wrong)
  const fields = api.json<{ refusals: { field: string }[] }>().refusals.map(({ field }) => field)
  assert.deepEqual(fields.toSorted(), ['area', 'from', 'kind', 'link', 'name'])
  const page = await service.post(PAGE, { ...wrong, 'from-day': '31', 'from-month': '2', 'from-year': '2024' })
  assert.equal(page.status, 422)
  assert.match(page.text, /There is a problem.*The register has no local authority "LA-XX"/)
  assert.match(page.body, /value="LA-XX"/)
  assert.equal((await service.get(API)).body, before)
})

test('the form enters a place once, and who may not administer only reads', async () => {
  const fields = {
    ...HUB,
    kind: 'music-hub',
    name: 'Wear Music Hub',
    submission: '7d3f0c1e',
    'from-day': '1',
    'from-month': '9',
    'from-year': '2023',
  }
  for (const _ of [1, 2]) assert.equal((await service.post(PAGE, fields)).status, 303)
  assert.equal((await placesOf('music-hub')).length, 1)
  const visitor = service.as('')
  const page = await visitor.get(PAGE)
  assert.match(page.text, /Wear Music Hub/)
  assert.doesNotMatch(page.text, /Enter a place/)
  assert.match((await visitor.post(PAGE, fields)).location, /^\/sign-in/)
  assert.ok([401, 403].includes((await visitor.postJson(API, HUB)).status))
})

test('the attendance material has four entries; the report has its link where daily data is shared', async () => {
  type Material = {
    resources: { id: string; kind: string; audience: string; link: string | null; status: string | null }[]
  }
  const material = async (query: string) =>
    (await service.get(`/api/v1/programmes/tsi@2023-24/resources?${query}`)).json<Material>().resources
  const attendance = await material('areas=attendance')
  assert.deepEqual(
    attendance.map(({ kind, link }) => [kind, link !== null]),
    [
      ['guidance', true],
      ['report', false],
      ['data', true],
      ['webinars', true],
    ],
  )
  assert.equal(attendance[0]?.status, 'Non-statutory, intended statutory')
  const reportLink = async (answer: string) => (await material(`areas=attendance&sharesDailyData=${answer}`))[1]?.link
  assert.match((await reportLink('yes')) ?? '', /^https:/)
  assert.equal(await reportLink('no'), null)
  const page = await service.get('/programmes/tsi@2023-24/resources?area=attendance&sharesDailyData=no')
  assert.match(page.text, /Its link shows when the question above is answered with yes/)
  assert.deepEqual(
    (await material('step=5')).map(({ link }) => link),
    ['/programmes/tsi@2023-24/catalogue'],
  )
})
