import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { holdDays } from '../leaders/index.ts'
import { machineActor } from '../platform/actor.ts'
import { openTestDesk, type Refused, SPRING, type TestDesk } from './test-desk.ts'

let desk: TestDesk
before(async () => {
  desk = await openTestDesk()
})
after(() => desk.close())

describe('Candidates and proposals', () => {
  it('TSI-069 the candidate view shows free days, experience, expertise and regional priorities; without capacity a proposal needs a reason', async () => {
    await desk.setDays('L-01', 0)
    const id = await desk.newScenario({ urns: '900001' })
    const need = await desk.needOf(900001)
    await desk.post(`/matching/${id}/schools/${need}`, { days: '8', priority: '2', areas: ['behaviour', 'attendance'] })
    await desk.post(`/matching/${id}/priorities`, { priority: ['North East:attendance'] })

    const page = (await desk.get(`/matching/${id}/schools/${need}`)).text
    const rowOf = (name: string) => page.match(new RegExp(`<th scope="row"[^>]*>${name}[\\s\\S]*?</tr>`))?.[0] ?? ''
    assert.match(rowOf('Maren Holloway'), /No capacity/)
    assert.match(rowOf('Maren Holloway'), /0 of 0 days free/)
    assert.match(rowOf('Maren Holloway'), /primary, secondary.*no earlier deployments are held yet/)
    assert.match(rowOf('Maren Holloway'), /2 of 2 areas of need: Behaviour, Absence \/ Attendance/)
    assert.match(rowOf('Maren Holloway'), /1 of 1 priority: Absence \/ Attendance/)
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
    await desk.setDays('L-01', 16)
  })

  it('a leader takes two deployments of ten days out of twenty; a third shows no capacity and needs a reason, and a change of days touches new proposals only', async () => {
    await sql`update leader_day_entry set released_at = now(), released_by = 'Tester' where released_at is null
      and leader_id = (select id from leader where reference = 'L-01')`.execute(desk.database.db)
    await desk.setDays('L-01', 40)
    const id = await desk.newScenario({ urns: '900001 900005 900010', days: '10' })
    const needs = [await desk.needOf(900001), await desk.needOf(900005), await desk.needOf(900010)]
    const propose = (need: string | undefined, reason = '') =>
      desk.api<Refused>(`/api/v1/matching/${id}/proposals`, { need, leader: 'L-01', reason })
    assert.equal((await propose(needs[0])).status, 201)
    assert.equal((await propose(needs[1])).status, 201)

    const page = (await desk.get(`/matching/${id}/schools/${needs[2]}`)).text
    assert.match(page, /Maren Holloway[\s\S]{0,200}No capacity[\s\S]{0,40}0 of 20 days free, 10 needed/)
    const third = await propose(needs[2])
    assert.equal(third.status, 422)
    assert.match(third.json.refusals[0]?.message ?? '', /no capacity \(0 of 20 days free/)

    const changed =
      await sql`update leader_term set available_half_days = 10, over_reason = 'Illness' where term = ${SPRING}
      and leader_id = (select id from leader where reference = 'L-01')`.execute(desk.database.db)
    assert.equal(Number(changed.numAffectedRows), 1)
    assert.equal((await desk.benchOf(id)).proposals.length, 2, 'what was proposed stands')
    assert.equal((await propose(needs[2], 'the governors agreed to ten more days')).status, 201)
  })

  it('a leader of the second type is proposed only with the reason why none of the first is available, and ranks after them', async () => {
    const id = await desk.newScenario({ urns: '900001' })
    const need = await desk.needOf(900001)
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

  it('a declared interest refuses the proposal until it is cleared with a reason, which is kept', async () => {
    const id = await desk.newScenario({ urns: '900001' })
    const need = await desk.needOf(900001)
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
    const id = await desk.newScenario({ urns: '900041', days: '3' })
    const need = await desk.needOf(900041)
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
    assert.equal((await desk.benchOf(id)).answer?.totals.needs, 0)
    await desk.post(`/matching/${id}/schools/${need}/withdraw`)
    assert.equal(await heldOf(), before)
    assert.equal((await desk.benchOf(id)).answer?.totals.needs, 1)
    const again = await desk.api<Refused>(`/api/v1/matching/${id}/proposals/withdraw`, { need })
    assert.equal(again.json.refusals[0]?.code, 'matching.no-proposal')
  })

  it('confirming turns every pair into a proposal with its days held, once', async () => {
    const id = await desk.newScenario({ urns: '900005 900002', days: '2', poolRegions: ['North East'] })
    const before = await desk.benchOf(id)
    const typeReason = 'nobody else near'
    const confirmed = await desk.post(`/matching/${id}/confirm`, { typeReason })
    assert.equal(confirmed.location, `/matching/${id}`, confirmed.text)
    const bench = await desk.benchOf(id)
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
    const id = await desk.newScenario({ urns: '900024', days: '20', poolRegions: ['London'] })
    const start = await desk.benchOf(id)
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
      by: machineActor('Tester', 'system'),
    })
    assert.ok(taken.ok)
    const refused = await desk.api<Refused>(`/api/v1/matching/${id}/confirm`, {})
    assert.equal(refused.status, 422)
    assert.match(refused.json.refusals[0]?.message ?? '', /Odile Penhallow/)
    assert.equal(await countProposals(id), 0)
    const bench = await desk.benchOf(id)
    assert.equal(bench.confirmed, false)
    assert.equal(bench.answer?.stale, true, 'the page says that the facts moved on')
  })

  it('two confirmations at once for the last days of a leader: one wins, the other names the leader', async () => {
    await desk.setDays('L-06', 20)
    const fields = { urns: '900006', days: '10', poolRegions: ['East Midlands'] }
    const ids = [await desk.newScenario(fields), await desk.newScenario({ ...fields, urns: '900020' })]
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
