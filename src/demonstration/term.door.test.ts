import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

type Row = { stages: string[]; cases: number; held: number; closed: number; late: number; regions: number }

const STAGES = Array.from({ length: 15 }, (_, place) => `S${String(place + 1).padStart(2, '0')}`)

describe('The scene of a whole term', () => {
  let service: TestService
  before(async () => {
    service = await startTestService({ movingDay: true, signedOut: true })
  })
  after(() => service.close())

  async function begin(scene: string) {
    const begun = await service.postJson('/demo/reset', { scene })
    assert.equal(begun.status, 200, begun.text)
    return begun.json<{ today: string; notLoaded: string[] }>()
  }

  it('says on the page before it begins that it takes a while', async () => {
    assert.match((await service.get('/demonstration/scenes/tsi-term')).text, /Beginning it takes half a minute/)
    assert.doesNotMatch((await service.get('/demonstration/scenes/tsi-s01')).text, /Beginning it takes/)
  })

  it('holds sixty cases and more in all regions, every stage at least once, held, ended and late ones', async () => {
    const begun = await begin('tsi-term')
    assert.deepEqual([begun.today, begun.notLoaded], ['2024-03-18', []])
    const { rows } = await service.database.pool.query<Row>(
      `select array_agg(distinct stage order by stage) as stages, count(*)::int as cases,
         (count(*) filter (where status = 'held'))::int as held, (count(*) filter (where status = 'closed'))::int as closed,
         (count(*) filter (where status = 'open' and next_due < '2024-03-18'))::int as late, count(distinct region)::int as regions
       from support_case where parent_id is null`,
    )
    const [found] = rows
    assert.ok(found)
    // The call at the end is due while the form is on its way (S14).
    assert.deepEqual(found.stages.concat('S14').toSorted(), STAGES)
    const open = await service.database.pool.query<{ beside: number; calls: number }>(
      `select (count(*) filter (where c.parent_id is not null))::int as beside,
         (count(*) filter (where s.step = 'follow-up-call'))::int as calls
       from case_step s join support_case c on c.id = s.case_id where s.state = 'open'`,
    )
    assert.ok(open.rows[0] && open.rows[0].beside >= 3 && open.rows[0].calls >= 1, JSON.stringify(open.rows))
    assert.equal(found.cases, 62)
    assert.equal(found.regions, 9)
    assert.ok(found.held >= 1 && found.closed >= 4 && found.late >= 5, JSON.stringify(found))
    const beside = await service.database.pool.query<{ flow: string; many: number }>(
      'select flow, count(*)::int as many from support_case where parent_id is not null group by flow order by flow',
    )
    assert.deepEqual(
      beside.rows.map(({ flow }) => flow),
      ['extra-days', 'partnership'],
    )
    const wrong = await service.database.pool.query(
      `select from support_case c where next_due is distinct from (
         select min(due_on) from case_step s where s.case_id = c.id and s.state = 'open')`,
    )
    assert.equal(wrong.rowCount, 0, 'each case knows the nearest due day of what is open in it')
    const paid = await service.database.pool.query<{ pounds: number }>(
      `select sum(pence)::int / 100 as pounds from money_balance where account = 'paid'`,
    )
    assert.equal(paid.rows[0]?.pounds, 29_400)
  })

  it('is the same each time, and another scene afterwards has nothing of it', async () => {
    const mark = `select md5(string_agg(concat_ws('|', c.reference, c.stage, c.status, c.next_due, l.reference, s.step, s.state, s.done_on,
        s.done_by), ',' order by c.reference, s.seq)) as mark
      from support_case c left join leader l on l.id = c.leader_id join case_step s on s.case_id = c.id`
    const markOf = async () => (await service.database.pool.query<{ mark: string }>(mark)).rows[0]?.mark
    const first = await markOf()
    await begin('tsi-term')
    assert.equal(await markOf(), first)
    await begin('tsi-s01')
    const { rows } = await service.database.pool.query<{ schools: number; leaders: number }>(
      `select (select count(*)::int from establishment where urn >= 900000) as schools,
         (select count(*)::int from leader where not exercise) as leaders`,
    )
    assert.deepEqual(rows, [{ schools: 110, leaders: 8 }])
  })
})
