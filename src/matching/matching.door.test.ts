import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { startTestService, type TestAnswer, type TestService } from '../../world/test-service.ts'
import { holdDays } from '../leaders/index.ts'
import { EXERCISE_LABEL } from './answer-file.ts'
import type { Workbench } from './present-workbench.ts'

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

/** Pages as their markup, forms, and the API; a call with a body is a POST. */
const desk = {
  get database() {
    return service.database
  },
  get: async (url: string) => markupOf(await service.get(url)),
  post: async (url: string, fields: Record<string, string | readonly string[]> = {}) =>
    markupOf(await service.post(url, fields)),
  async api<T>(url: string, body?: object): Promise<{ status: number; json: T }> {
    const answer = await (body ? service.postJson(url, body) : service.get(url))
    return { status: answer.status, json: answer.json<T>() }
  },
}

function markupOf({ status, body, location }: TestAnswer) {
  return { status, text: body, location }
}

const SPRING = '2023-24-spring'
type Refused = { refusals: { code: string; message: string; field?: string }[] }

const INVENTED = {
  name: 'North East, spring',
  programme: 'tsi@2023-24',
  source: 'named',
  urns: '900001 900002 900005',
  term: SPRING,
  days: '8',
}

async function newScenario(fields: Record<string, unknown> = {}): Promise<number> {
  const made = await desk.api<{ id: number } & Refused>('/api/v1/matching', { ...INVENTED, ...fields })
  assert.equal(made.status, 201, JSON.stringify(made.json))
  return made.json.id
}

async function benchOf(id: number): Promise<Workbench> {
  return (await desk.api<Workbench>(`/api/v1/matching/${id}`)).json
}

async function needOf(urn: number): Promise<string> {
  const { rows } = await sql<{ id: number }>`select id from establishment where urn = ${urn}`.execute(desk.database.db)
  return String(rows[0]?.id)
}

async function setDays(leader: string, halfDays: number): Promise<void> {
  await sql`update leader_term set available_half_days = ${halfDays}
    where term = ${SPRING} and leader_id = (select id from leader where reference = ${leader})`.execute(
    desk.database.db,
  )
}

describe('A scenario in the invented England', () => {
  it('is solved when it is made, proven, with every total explained', async () => {
    const id = await newScenario()
    const bench = await benchOf(id)
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
    const id = await newScenario()
    const before = await benchOf(id)
    const first = before.answer?.rows[0]
    assert.ok(first)
    const other = (
      await desk.api<{ page: { rivals: { leader: string }[] } }>(`/api/v1/matching/${id}/schools/${first.need}`)
    ).json
    const rival = other.page.rivals[0]?.leader ?? ''

    const locked = await desk.post(`/matching/${id}/decide`, { do: `lock:${first.need}:${rival}` })
    assert.equal(locked.location, `/matching/${id}`)
    const after = await benchOf(id)
    assert.equal(after.answer?.rows.find(({ need }) => need === first.need)?.leader, rival)
    assert.match(after.change?.words ?? '', /^Locking .* moves from .* to .*total −\d/)
    const page = (await desk.get(`/matching/${id}`)).text
    assert.ok(page.includes(`Locking`) && page.includes('Unlock'))

    await desk.post(`/matching/${id}/decide`, { do: `forbid:${first.need}:${rival}` })
    assert.notEqual((await benchOf(id)).answer?.rows.find(({ need }) => need === first.need)?.leader, rival)

    await desk.post(`/matching/${id}/undo`)
    await desk.post(`/matching/${id}/undo`)
    const back = await benchOf(id)
    assert.deepEqual(back.answer?.rows, before.answer?.rows)
    assert.match(back.change?.words ?? '', /^Undoing “locking/)
    const nothing = await desk.api<Refused>(`/api/v1/matching/${id}/undo`, {})
    assert.equal(nothing.status, 422)
    assert.equal(nothing.json.refusals[0]?.code, 'matching.nothing-to-undo')
  })

  it('refuses a lock of a pair that may not be made, with the fact behind it, at page and API alike', async () => {
    const id = await newScenario({ urns: '900045' })
    const need = await needOf(900045)
    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/decisions`, { kind: 'lock', need, leader: 'L-01' })
    assert.equal(refused.json.refusals[0]?.code, 'matching.excluded')
    assert.match(refused.json.refusals[0]?.message ?? '', /cannot be locked to Harbour Lamp Primary Academy/)
    const page = await desk.post(`/matching/${id}/decide`, { do: `lock:${need}:L-01` })
    assert.equal(page.status, 422)
    assert.match(page.text, /There is a problem/)
  })

  it('weights and limits can be changed and undone; wrong ones are refused by field', async () => {
    const id = await newScenario()
    const wrong = await desk.api<Refused>(`/api/v1/matching/${id}/decisions`, { kind: 'weights', distance: 'far' })
    assert.deepEqual(
      wrong.json.refusals.map(({ field }) => field),
      ['distance'],
    )
    await desk.post(`/matching/${id}/weights`, { distance: '80' })
    assert.equal((await benchOf(id)).weights.find(({ part }) => part === 'distance')?.value, 80)
    await desk.post(`/matching/${id}/limits`, { travelMiles: '5', switches: ['phaseRequired'] })
    const near = await benchOf(id)
    assert.equal(near.limits.travelMiles, 5)
    assert.equal(near.limits.phaseRequired, true)
    assert.ok(near.answer?.rows.every(({ miles }) => Number(miles) <= 5))
    await desk.post(`/matching/${id}/undo`)
    assert.equal((await benchOf(id)).limits.travelMiles, 60)
  })

  it('names what would serve an unmatched school', async () => {
    const id = await newScenario({ urns: '900001 900002 900005 900009 900010', days: '15' })
    const bench = await benchOf(id)
    assert.ok((bench.answer?.unmet.length ?? 0) > 0)
    assert.ok(bench.answer?.unmet.every(({ unlocks }) => unlocks.length > 0))
    assert.match((await desk.get(`/matching/${id}`)).text, /without a leader/)
  })

  it('a copy keeps the decisions, and two scenarios compare in numbers and words', async () => {
    const id = await newScenario()
    const [row] = (await benchOf(id)).answer?.rows ?? []
    await desk.post(`/matching/${id}/decide`, { do: `forbid:${row?.need}:${row?.leader}` })
    const copied = await desk.post(`/matching/${id}/copy`, { name: 'Second try' })
    const copy = Number(copied.location.split('/').at(-1))
    assert.deepEqual((await benchOf(copy)).answer?.rows, (await benchOf(id)).answer?.rows)
    await desk.post(`/matching/${copy}/undo`)
    const compared = await desk.get(`/matching/${copy}/compare?with=${id}`)
    assert.match(compared.text, /Days of the busiest leader/)
    assert.match(compared.text, /1 school served otherwise|moves from/)
    assert.equal((await desk.get(`/matching/${copy}/compare?with=99999`)).status, 404)
  })

  it('exports the answer as CSV and ODS', async () => {
    const id = await newScenario()
    const csv = await desk.get(`/matching/${id}/answer.csv`)
    assert.match(csv.text, /Priority,URN,School/)
    assert.match(csv.text, /900001/)
    assert.equal((await desk.get(`/matching/${id}/answer.ods`)).status, 200)
  })
})

describe('Candidates and proposals', () => {
  it('TSI-069 the candidate view shows free days, experience, expertise and regional priorities; without capacity a proposal needs a reason', async () => {
    await setDays('L-01', 0)
    const id = await newScenario({ urns: '900001' })
    const need = await needOf(900001)
    await desk.post(`/matching/${id}/schools/${need}`, { days: '8', priority: '2', areas: ['behaviour', 'attendance'] })
    await desk.post(`/matching/${id}/priorities`, { priority: ['North East:attendance'] })

    const page = (await desk.get(`/matching/${id}/schools/${need}`)).text
    const rowOf = (name: string) => page.match(new RegExp(`<th scope="row"[^>]*>${name}[\\s\\S]*?</tr>`))?.[0] ?? ''
    assert.match(rowOf('Maren Holloway'), /No capacity/)
    assert.match(rowOf('Maren Holloway'), /0 of 0 days free/)
    assert.match(rowOf('Maren Holloway'), /primary, secondary.*no earlier deployments are held yet/)
    assert.match(rowOf('Maren Holloway'), /2 of 2 areas of need: Behaviour, Absence \/ Attendance/)
    assert.match(rowOf('Maren Holloway'), /1 of 1 priorities: Absence \/ Attendance/)
    assert.match(rowOf('Ingrid Sallow'), /20 of 20 days free/)
    assert.match(page, /North East puts first: Absence \/ Attendance/)

    const refused = await desk.post(`/matching/${id}/schools/${need}/propose`, { leader: 'L-01' })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /no capacity .*Give a reason to go on/)
    const byApi = await desk.api<Refused>(`/api/v1/matching/${id}/proposals`, { need, leader: 'L-01' })
    assert.deepEqual(
      byApi.json.refusals.map(({ code }) => code),
      ['matching.override-needed'],
    )
    assert.equal(await countProposals(id), 0)

    const reason = 'days will be free after half term'
    const saved = await desk.post(`/matching/${id}/schools/${need}/propose`, { leader: 'L-01', reason })
    assert.equal(saved.location, `/matching/${id}/schools/${need}`)
    const { rows } = await sql<{
      override_reason: string
      factors: Record<string, { note: string; points: number | null }>
      held: number
    }>`
      select p.override_reason, p.factors, e.half_days as held from proposal p join leader_day_entry e on e.id = p.day_entry_id
      where p.scenario_id = ${id}`.execute(desk.database.db)
    assert.equal(rows[0]?.override_reason, reason)
    assert.equal(rows[0]?.held, 16)
    for (const factor of ['capacity', 'experience', 'expertise', 'priorities'])
      assert.ok(rows[0]?.factors[factor]?.note, factor)
    assert.match((await desk.get(`/matching/${id}/schools/${need}`)).text, /Proposed: Maren Holloway/)
    await setDays('L-01', 16)
  })

  it('TSI-021 a leader of the second type is proposed only with the reason why none of the first is available, and ranks after them', async () => {
    const id = await newScenario({ urns: '900001' })
    const need = await needOf(900001)
    const { page } = (
      await desk.api<{ page: { candidates: { leader: string; type: string }[] } }>(
        `/api/v1/matching/${id}/schools/${need}`,
      )
    ).json
    const types = page.candidates.map(({ type }) => type)
    assert.ok(types.includes('NLE'))
    assert.ok(types.lastIndexOf('MAT CEO') < types.indexOf('NLE'), types.join(', '))

    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/proposals`, { need, leader: 'L-02' })
    assert.equal(refused.status, 422)
    assert.match(refused.json.refusals[0]?.message ?? '', /Why is no suitable MAT CEO available\?/)
    assert.equal(await countProposals(id), 0)
    const typeReason = 'no CEO with capacity in region until March'
    const saved = await desk.api(`/api/v1/matching/${id}/proposals`, { need, leader: 'L-02', typeReason })
    assert.equal(saved.status, 201)
    const { rows } = await sql<{ type_reason: string; matched_as: string }>`
      select type_reason, matched_as from proposal where scenario_id = ${id}`.execute(desk.database.db)
    assert.deepEqual(rows, [{ type_reason: typeReason, matched_as: 'nle' }])
  })

  it('TSI-090 a declared interest refuses the proposal until it is cleared with a reason, which is kept', async () => {
    const id = await newScenario({ urns: '900001' })
    const need = await needOf(900001)
    const asked = { need, leader: 'L-22', reason: 'whatever' }
    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/proposals`, asked)
    assert.match(refused.json.refusals[0]?.message ?? '', /conflict declared/)
    const silent = await desk.api<Refused>(`/api/v1/matching/${id}/decisions`, { kind: 'clear', need, leader: 'L-22' })
    assert.equal(silent.json.refusals[0]?.code, 'matching.reason-needed')
    const reason = 'the interest ended in 2019'
    await desk.post(`/matching/${id}/decide`, { do: `clear:${need}:L-22`, reason, back: need })
    assert.equal((await desk.api(`/api/v1/matching/${id}/proposals`, { ...asked, reason: '' })).status, 201)
    assert.match((await desk.get(`/matching/${id}`)).text, new RegExp(reason))
  })

  it('a withdrawn proposal gives its days back and its school returns to the problem', async () => {
    const id = await newScenario({ urns: '900041', days: '3' })
    const need = await needOf(900041)
    const heldOf = async () => {
      const { rows } = await sql<{ held: number }>`select held_half_days as held from leader_term
        where term = ${SPRING} and leader_id = (select id from leader where reference = 'L-03')`.execute(
        desk.database.db,
      )
      return rows[0]?.held ?? 0
    }
    const before = await heldOf()
    await desk.post(`/matching/${id}/schools/${need}/propose`, { leader: 'L-03' })
    assert.equal(await heldOf(), before + 6)
    assert.equal((await benchOf(id)).answer?.totals.needs, 0)
    await desk.post(`/matching/${id}/schools/${need}/withdraw`)
    assert.equal(await heldOf(), before)
    assert.equal((await benchOf(id)).answer?.totals.needs, 1)
    const again = await desk.api<Refused>(`/api/v1/matching/${id}/proposals/withdraw`, { need })
    assert.equal(again.json.refusals[0]?.code, 'matching.no-proposal')
  })

  it('confirming turns every pair into a proposal with its days held, once', async () => {
    const id = await newScenario({ urns: '900005 900002', days: '2', poolRegions: ['North East'] })
    const before = await benchOf(id)
    const typeReason = 'nobody else near'
    const confirmed = await desk.post(`/matching/${id}/confirm`, { typeReason })
    assert.equal(confirmed.location, `/matching/${id}`, confirmed.text)
    const bench = await benchOf(id)
    assert.equal(bench.confirmed, true)
    assert.equal(bench.proposals.length, before.answer?.rows.length)
    assert.deepEqual(
      bench.answer?.rows.map(({ leader }) => leader),
      before.answer?.rows.map(({ leader }) => leader),
    )
    assert.equal(bench.answer?.stale, false)
    const again = await desk.api<Refused>(`/api/v1/matching/${id}/confirm`, { typeReason })
    assert.equal(again.json.refusals[0]?.code, 'matching.confirmed')
  })

  it('is refused, naming the leader and changing nothing, when days were taken meanwhile', async () => {
    const id = await newScenario({ urns: '900024', days: '20', poolRegions: ['London'] })
    const start = await benchOf(id)
    assert.equal(start.answer?.rows[0]?.leader, 'L-05', JSON.stringify(start.answer?.unmet))
    const taken = await holdDays(desk.database, {
      leader: 'L-05',
      term: SPRING,
      halfDays: 10,
      takenFor: 'Something else',
      vocabulary: {
        leaderTypes: [],
        focusAreas: [],
        terms: [{ id: SPRING, title: 'Spring', from: '2024-01-08', to: '2024-03-28' }],
      },
      by: { who: 'Tester', door: 'page' },
    })
    assert.ok(taken.ok)
    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/confirm`, {})
    assert.equal(refused.status, 422)
    assert.match(refused.json.refusals[0]?.message ?? '', /Odile Penhallow/)
    assert.equal(await countProposals(id), 0)
    const bench = await benchOf(id)
    assert.equal(bench.confirmed, false)
    assert.equal(bench.answer?.stale, true, 'the page says that the facts moved on')
  })

  it('two confirmations at once for the last days of a leader: one wins, the other names the leader', async () => {
    await setDays('L-06', 20)
    const fields = { urns: '900006', days: '10', poolRegions: ['East Midlands'] }
    const ids = [await newScenario(fields), await newScenario({ ...fields, urns: '900020' })]
    const answers = await Promise.all(ids.map((id) => desk.api<Refused>(`/api/v1/matching/${id}/confirm`, {})))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422])
    const lost = answers.find(({ status }) => status === 422)
    assert.match(lost?.json.refusals[0]?.message ?? '', /Rufus Dunmore-Hale/)
    const { rows } = await sql<{ held: number }>`select held_half_days as held from leader_term
      where term = ${SPRING} and leader_id = (select id from leader where reference = 'L-06')`.execute(desk.database.db)
    assert.equal(rows[0]?.held, 20)
  })

  async function countProposals(id: number): Promise<number> {
    const { rows } = await sql<{
      n: number
    }>`select count(*)::integer as n from proposal where scenario_id = ${id}`.execute(desk.database.db)
    return rows[0]?.n ?? 0
  }
})

describe('An exercise over real schools', () => {
  const REAL = [100001, 100002, 100003]
  let id: number
  before(async () => {
    await sql`insert into establishment (urn, name, authority_code, phase, status, easting, northing, region, latest_grade, as_at, data_file_id)
      select urn, 'Real School ' || urn, (select min(code) from authority where region = 'North East'), 'Primary', 'Open',
        427500 + (urn - 100000) * 900, 545200, 'North East', 3, '2023-11-16', (select min(id) from data_file)
      from unnest(${REAL}::integer[]) as r(urn)`.execute(desk.database.db)
    id = await newScenario({ urns: REAL.join(' '), days: '2' })
  })

  it('uses invented leaders only, no areas of need, and carries its label on page, comparison and file', async () => {
    const bench = await benchOf(id)
    assert.equal(bench.kind, 'exercise')
    assert.ok(
      bench.answer?.rows.every(({ label }) => /^Leader \d{3}$/.test(label)),
      JSON.stringify(bench.answer?.rows),
    )
    assert.ok((bench.answer?.rows.length ?? 0) > 0)
    const page = (await desk.get(`/matching/${id}`)).text
    assert.match(page, /<strong>Exercise over real schools\.<\/strong>/)
    const need = await needOf(REAL[0] ?? 0)
    const school = (await desk.get(`/matching/${id}/schools/${need}`)).text
    assert.match(school, /Exercise over real schools/)
    assert.match(school, /Not used in an exercise/)
    assert.doesNotMatch(school, /name="areas"/)
    const csv = (await desk.get(`/matching/${id}/answer.csv`)).text
    for (const line of csv.trim().split('\n').slice(1)) assert.ok(line.includes(EXERCISE_LABEL), line)
  })

  it('is never confirmed and never proposes, with the same reason at page and API, nor past them', async () => {
    const need = await needOf(REAL[0] ?? 0)
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
    const need = await needOf(REAL[0] ?? 0)
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
    const bench = await benchOf(id)
    assert.ok((bench.answer?.totals.needs ?? 0) > 10, made.text.slice(0, 2000))
    assert.match(bench.source, /invented England/)
  })
})
