import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type CaseDesk, openCaseDesk, type Person } from '../../world/case-desk.ts'
import { type CaseTeam, teamOf } from '../../world/deployment-form.ts'
import { handedIn } from './test-money.ts'

let desk: CaseDesk
let team: CaseTeam
let payments: Person
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
  payments = await desk.as('rg-pay')
  await handedIn(desk, team, 'C-0751', { completed: '2024-03-08', handedIn: '2024-03-18' })
  await team.rdp.step('C-0751', 'review-form', { outcome: 'forward' })
  await team.rg.step('C-0751', 'process-claim', { outcome: 'approved' })
})
after(() => desk.close())

type Taken = {
  reference?: string
  paid?: number
  failed?: number
  open?: number
  status?: string
  faults?: { line: number; field: string; message: string }[]
  refusals?: { code: string; message: string }[]
}
const send = async (person: Person, path: string, body: object = {}) => {
  const answer = await person.postJson(`/api/v1/payment-runs${path}`, body)
  const said = answer.json<Taken>()
  return { ...said, http: answer.status, code: said.refusals?.[0]?.code ?? '' }
}
const accountsOf = async (): Promise<Record<string, number>> =>
  (await team.leader.get('/api/v1/cases/C-0751/money')).json<{ books: Record<string, number> }>().books

describe('A payment run', () => {
  let run = ''

  it('is prepared by one person and released by another, whole bank details stand in the file and nowhere else', async () => {
    const prepared = await send(payments, '')
    assert.equal(prepared.http, 201)
    run = prepared.reference ?? ''
    assert.equal((await accountsOf())['with-payer'], 6000)
    const alone = await send(payments, `/${run}/release`)
    assert.deepEqual([alone.http, alone.code], [422, 'run.same-person'])
    assert.match(alone.refusals?.[0]?.message ?? '', /somebody else releases it, as Payments officer$/)
    const notPaying = await send(team.rg, `/${run}/release`)
    assert.equal(notPaying.http, 403)
    assert.match(notPaying.refusals?.[0]?.message ?? '', /It is for: Payments officer\./)
    const mine = (await payments.get(`/money/runs/${run}`)).text
    assert.match(mine, /You prepared this run\. Somebody else checks the payments and releases it: Payments officer\./)
    const early = await payments.post(`/money/runs/${run}/file`, {})
    assert.match(early.text, /only a released run is paid/)
    assert.equal((await send(payments, `/${run}/cancel`)).status, 'cancelled')
    assert.equal((await accountsOf()).due, 6000)

    const again = await send(team.rg, '')
    run = again.reference ?? ''
    assert.equal((await send(payments, `/${run}/release`)).status, 'released')
    assert.equal((await send(payments, `/${run}/release`)).http, 409)
    assert.doesNotMatch((await team.rg.get(`/money/runs/${run}`)).body, /01234567/)
    assert.equal((await team.rg.post(`/money/runs/${run}/file`, {})).status, 403)
    const file = await payments.post(`/money/runs/${run}/file`, {})
    assert.match(
      file.body,
      new RegExp(`${run}-1,Maren Holloway,Trust account,123456,01234567,6000.00,C-0751 Days of support`),
    )
    const { rows } =
      await sql`select from audit_entry where action = 'Bank details seen in full' and record_key = 'C-0751'`.execute(
        desk.service.database.db,
      )
    assert.equal(rows.length, 1)
  })

  it('takes the response in row by row: what is wrong in a row is named, and what failed is due again', async () => {
    const head = 'Reference,Result,Date,Payment reference,Reason,Amount'
    const wrong = [
      head,
      `R-9999-1,paid,2024-03-18,B-1,,`,
      `${run}-1,sent,2024-03-18,B-1,,`,
      `${run}-1,paid,18/03/2024,B-1,,`,
      `${run}-1,paid,2024-03-19,B-1,,`,
      `${run}-1,paid,2024-03-18,,,`,
      `${run}-1,paid,2024-03-18,B-1,,5999.99`,
      `${run}-1,failed,2024-03-18,,,`,
    ].join('\n')
    const refused = await send(payments, `/${run}/response`, { file: wrong })
    assert.deepEqual(
      refused.faults?.map(({ line, field }) => [line, field]),
      [
        [2, 'Reference'],
        [3, 'Result'],
        [4, 'Date'],
        [5, 'Date'],
        [6, 'Payment reference'],
        [7, 'Amount'],
        [8, 'Reason'],
      ],
    )
    assert.equal(refused.open, 1)
    const absent = await send(payments, `/${run}/response`, { file: 'Reference,Result\n' })
    assert.equal(absent.code, 'file.columns')
    const failed = await send(payments, `/${run}/response`, {
      file: `${head}\n${run}-1,failed,2024-03-18,,Account closed,\n${run}-1,paid,2024-03-18,B-1,,\n`,
    })
    assert.deepEqual([failed.failed, failed.paid, failed.faults?.length, failed.open], [1, 0, 1, 0])
    assert.equal((await accountsOf()).due, 6000)
    assert.match((await team.leader.get('/cases/C-0751/money')).text, /failed: Account closed. It is due again/)
  })

  it('never pays the person who prepares or releases it', async () => {
    const { db } = desk.service.database
    await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
      select id, 'tsi', 'payments', 'national', '{}', '2023-09-01', 'Test' from person
      where 'L-01' = any (demonstration_ids)`.execute(db)
    const leader = await desk.as('L-01')
    assert.equal((await send(leader, '')).code, 'payment.own')
    run = (await send(team.rg, '')).reference ?? ''
    assert.equal((await send(leader, `/${run}/release`)).code, 'payment.own')
  })

  it('is not released once a claim in it went back, and says so', async () => {
    const { db } = desk.service.database
    await sql`update case_step set outcome = 'return' where step = 'review-form'
      and case_id = (select id from support_case where reference = 'C-0751')`.execute(db)
    const stopped = await send(payments, `/${run}/release`)
    assert.equal(stopped.code, 'payment.not-due')
    assert.match(stopped.refusals?.[0]?.message ?? '', /review of the delivery partner/)
    assert.equal((await team.rg.get('/money/runs')).status, 200)
    const elsewhere = await desk.as('rg-ln')
    assert.equal((await elsewhere.get(`/money/runs/${run}`)).status, 404)
    assert.equal((await elsewhere.get(`/api/v1/payment-runs/${run}`)).status, 404)
    assert.equal((await send(elsewhere, `/${run}/cancel`)).http, 404)
  })
})
