import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { EXERCISE_LABEL } from './answer-file.ts'
import { INVENTED, openTestDesk, type Refused, type TestDesk } from './test-desk.ts'

let desk: TestDesk
before(async () => {
  desk = await openTestDesk()
})
after(() => desk.close())

describe('A scenario in the invented England', () => {
  it('is solved when it is made, proven, with every total explained', async () => {
    const id = await desk.newScenario()
    const bench = await desk.benchOf(id)
    assert.equal(bench.kind, 'invented')
    assert.equal(bench.answer?.status, 'optimal')
    assert.equal(bench.answer?.rows.length, 3)
    const sum = bench.answer?.rows.reduce((total, row) => total + Math.round(Number(row.score) * 100), 0)
    assert.equal(sum, Math.round((bench.answer?.totals.score ?? 0) * 100))
    const page = await desk.get(`/matching/${id}`)
    assert.equal(page.status, 200)
    assert.match(page.text, /Proven: no other allocation/)
    assert.match(page.text, /Larkbeck Primary School/)
    assert.doesNotMatch(page.text, /Exercise over real schools/)
    assert.doesNotMatch(page.text, / style="/)
  })

  it('lock, forbid and undo say what changed and why, and undo brings the earlier answer back', async () => {
    const id = await desk.newScenario()
    const before = await desk.benchOf(id)
    const first = before.answer?.rows[0]
    assert.ok(first)
    const other = (
      await desk.api<{ page: { rivals: { leader: string }[] } }>(`/api/v1/matching/${id}/schools/${first.need}`)
    ).json
    const rival = other.page.rivals[0]?.leader ?? ''

    const locked = await desk.post(`/matching/${id}/decide`, { do: `lock:${first.need}:${rival}` })
    assert.equal(locked.location, `/matching/${id}`)
    const after = await desk.benchOf(id)
    assert.equal(after.answer?.rows.find(({ need }) => need === first.need)?.leader, rival)
    assert.match(after.change?.words ?? '', /^Locking .* moves from .* to .*total −\d/)
    const page = (await desk.get(`/matching/${id}`)).text
    assert.ok(page.includes(`Locking`) && page.includes('Unlock'))

    await desk.post(`/matching/${id}/decide`, { do: `forbid:${first.need}:${rival}` })
    assert.notEqual((await desk.benchOf(id)).answer?.rows.find(({ need }) => need === first.need)?.leader, rival)

    await desk.post(`/matching/${id}/undo`)
    await desk.post(`/matching/${id}/undo`)
    const back = await desk.benchOf(id)
    assert.deepEqual(back.answer?.rows, before.answer?.rows)
    assert.match(back.change?.words ?? '', /^Undoing “locking/)
    const nothing = await desk.api<Refused>(`/api/v1/matching/${id}/undo`, {})
    assert.equal(nothing.status, 422)
    assert.equal(nothing.json.refusals[0]?.code, 'matching.nothing-to-undo')
  })

  it('refuses a lock of a pair that may not be made, with the fact behind it, at page and API alike', async () => {
    const id = await desk.newScenario({ urns: '900045' })
    const need = await desk.needOf(900045)
    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/decisions`, { kind: 'lock', need, leader: 'L-01' })
    assert.equal(refused.json.refusals[0]?.code, 'matching.excluded')
    assert.match(refused.json.refusals[0]?.message ?? '', /cannot be locked to Harbour Lamp Primary Academy/)
    const page = await desk.post(`/matching/${id}/decide`, { do: `lock:${need}:L-01` })
    assert.equal(page.status, 422)
    assert.match(page.text, /There is a problem/)
  })

  it('weights and limits can be changed and undone; wrong ones are refused by field', async () => {
    const id = await desk.newScenario()
    const wrong = await desk.api<Refused>(`/api/v1/matching/${id}/decisions`, { kind: 'weights', distance: 'far' })
    assert.deepEqual(
      wrong.json.refusals.map(({ field }) => field),
      ['distance'],
    )
    await desk.post(`/matching/${id}/weights`, { distance: '80' })
    assert.equal((await desk.benchOf(id)).weights.find(({ part }) => part === 'distance')?.value, 80)
    await desk.post(`/matching/${id}/limits`, { travelMiles: '5', switches: ['phaseRequired'] })
    const near = await desk.benchOf(id)
    assert.equal(near.limits.travelMiles, 5)
    assert.equal(near.limits.phaseRequired, true)
    assert.ok(near.answer?.rows.every(({ miles }) => Number(miles) <= 5))
    await desk.post(`/matching/${id}/undo`)
    assert.equal((await desk.benchOf(id)).limits.travelMiles, 60)
  })

  it('names what would serve an unmatched school', async () => {
    const id = await desk.newScenario({ urns: '900001 900002 900005 900009 900010', days: '15' })
    const bench = await desk.benchOf(id)
    assert.ok((bench.answer?.unmet.length ?? 0) > 0)
    assert.ok(bench.answer?.unmet.every(({ unlocks }) => unlocks.length > 0))
    assert.match((await desk.get(`/matching/${id}`)).text, /without a leader/)
  })

  it('a copy keeps the decisions, and two scenarios compare in numbers and words', async () => {
    const id = await desk.newScenario()
    const [row] = (await desk.benchOf(id)).answer?.rows ?? []
    await desk.post(`/matching/${id}/decide`, { do: `forbid:${row?.need}:${row?.leader}` })
    const copied = await desk.post(`/matching/${id}/copy`, { name: 'Second try' })
    const copy = Number(copied.location.split('/').at(-1))
    assert.deepEqual((await desk.benchOf(copy)).answer?.rows, (await desk.benchOf(id)).answer?.rows)
    await desk.post(`/matching/${copy}/undo`)
    const compared = await desk.get(`/matching/${copy}/compare?with=${id}`)
    assert.match(compared.text, /Days of the busiest leader/)
    assert.match(compared.text, /1 school served otherwise|moves from/)
    assert.equal((await desk.get(`/matching/${copy}/compare?with=99999`)).status, 404)
  })

  it('exports the answer as CSV and ODS', async () => {
    const id = await desk.newScenario()
    const csv = await desk.get(`/matching/${id}/answer.csv`)
    assert.match(csv.text, /Priority,URN,School/)
    assert.match(csv.text, /900001/)
    assert.equal((await desk.get(`/matching/${id}/answer.ods`)).status, 200)
  })
})

describe('An exercise over real schools', () => {
  const REAL = [100001, 100002, 100003]
  let id: number
  before(async () => {
    await sql`insert into establishment (urn, name, authority_code, phase, status, easting, northing, region, latest_grade, as_at, data_file_id)
      select urn, 'Real School ' || urn, (select min(code) from authority where region = 'North East'), 'Primary', 'Open',
        427500 + (urn - 100000) * 900, 545200, 'North East', 3, '2023-11-16', (select min(id) from data_file)
      from unnest(${REAL}::integer[]) as r(urn)`.execute(desk.database.db)
    id = await desk.newScenario({ urns: REAL.join(' '), days: '2' })
  })

  it('uses invented leaders only, no areas of need, and carries its label on page, comparison and file', async () => {
    const bench = await desk.benchOf(id)
    assert.equal(bench.kind, 'exercise')
    assert.ok(
      bench.answer?.rows.every(({ label }) => /^Leader \d{3}$/.test(label)),
      JSON.stringify(bench.answer?.rows),
    )
    assert.ok((bench.answer?.rows.length ?? 0) > 0)
    const page = (await desk.get(`/matching/${id}`)).text
    assert.match(page, /<strong>Exercise over real schools\.<\/strong>/)
    const need = await desk.needOf(REAL[0] ?? 0)
    const school = (await desk.get(`/matching/${id}/schools/${need}`)).text
    assert.match(school, /Exercise over real schools/)
    assert.match(school, /Not used in an exercise/)
    assert.doesNotMatch(school, /name="areas"/)
    const csv = (await desk.get(`/matching/${id}/answer.csv`)).text
    for (const line of csv.trim().split('\n').slice(1)) assert.ok(line.includes(EXERCISE_LABEL), line)
  })

  it('is never confirmed and never proposes, with the same reason at page and API, nor past them', async () => {
    const need = await desk.needOf(REAL[0] ?? 0)
    const confirm = await desk.api<Refused>(`/api/v1/matching/${id}/confirm`, {})
    assert.equal(confirm.status, 422)
    assert.equal(confirm.json.refusals[0]?.code, 'matching.exercise')
    const page = await desk.post(`/matching/${id}/confirm`)
    assert.equal(page.status, 422)
    assert.ok(page.text.includes(confirm.json.refusals[0]?.message ?? 'none'))
    const proposed = await desk.api<Refused>(`/api/v1/matching/${id}/proposals`, {
      need,
      leader: 'Leader 001',
      reason: 'x',
      typeReason: 'x',
    })
    assert.equal(proposed.json.refusals[0]?.code, 'matching.exercise')
    await assert.rejects(
      sql`insert into proposal (scenario_id, establishment_id, leader_id, half_days, score, parts, factors, made_by, door)
        select ${id}, ${Number(need)}, min(leader_id), 2, 1, '[]', '{"capacity":1,"experience":1,"expertise":1,"priorities":1}', 'x', 'x'
        from scenario_leader where scenario_id = ${id}`.execute(desk.database.db),
      /exercise/,
    )
  })

  it('takes no areas of need for a real school', async () => {
    const need = await desk.needOf(REAL[0] ?? 0)
    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/decisions`, {
      kind: 'need',
      need,
      days: 2,
      priority: 1,
      areas: ['behaviour'],
    })
    assert.equal(refused.json.refusals[0]?.code, 'matching.exercise')
  })

  it('is not mixed with the invented England', async () => {
    const mixed = await desk.api<Refused>('/api/v1/matching', { ...INVENTED, urns: '900001 100001' })
    assert.equal(mixed.json.refusals[0]?.code, 'urns.mixed')
  })
})

describe('The pages around', () => {
  it('list, form and what is not there', async () => {
    assert.match((await desk.get('/matching')).text, /New scenario/)
    const form = await desk.get('/matching/new')
    assert.equal(form.status, 200)
    assert.match(form.text, /Priority by the latest judgement held/)
    const empty = await desk.post('/matching', { source: 'named', programme: 'tsi@2023-24' })
    assert.equal(empty.status, 422)
    assert.match(empty.text, /Enter a name/)
    assert.match(empty.text, /Choose a term/)
    assert.equal((await desk.get('/matching/99999')).status, 404)
    assert.equal((await desk.api('/api/v1/matching/99999/solve', {})).status, 404)
  })

  it('who qualifies in the invented England makes a scenario', async () => {
    const made = await desk.post('/matching', { ...INVENTED, source: 'invented', on: '2024-01-15', days: '10' })
    const id = Number(made.location.split('/')[2])
    const bench = await desk.benchOf(id)
    assert.ok((bench.answer?.totals.needs ?? 0) > 10, made.text.slice(0, 2000))
    assert.match(bench.source, /invented England/)
  })
})
