import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { type CaseDesk, openCaseDesk, type Person } from '../../world/case-desk.ts'
import { teamOf } from '../../world/deployment-form.ts'
import { handedIn } from './test-money.ts'

const CASES = [900001, 900002, 900005, 900009, 900010, 900012, 900014, 900015, 900016, 900049].map(
  (urn, at) => [`H-${at + 1}`, urn] as const,
)
const LEADERS = ['L-01', 'L-02', 'L-03']
/** Fifty people at work at the same moment, some of them in several browsers. */
const PEOPLE = { 'dp-ne': 13, 'dp-ne-2': 13, 'rg-ne': 12, 'L-01': 4, 'L-02': 4, 'L-03': 4 }
const ROUNDS = 4

const PEOPLE_COUNT = Object.values(PEOPLE).reduce((sum, count) => sum + count, 0)

type Deed = { reference: string; step: string; fields: object }

async function atOnce<T>(people: readonly Person[], work: (one: Person, at: number) => Promise<T>): Promise<T[]> {
  return Promise.all(people.map((one, at) => work(one, at)))
}

describe('Fifty people on ten cases and three leaders', () => {
  let desk: CaseDesk
  const people: { name: string; person: Person }[] = []
  before(async () => {
    desk = await openCaseDesk('2023-11-20')
    const days = { begun: '2023-11-20', S04: '2023-11-20' }
    for (const [reference, urn] of CASES) await desk.drive(reference, urn, { to: 'S04', leader: 'L-01', days })
    for (const [name, count] of Object.entries(PEOPLE))
      for (let nth = 0; nth < count; nth++) people.push({ name, person: await desk.as(name) })
  })
  after(() => desk.close())

  const rowsOf = async <T>(text: string) => (await sql.raw<T>(text).execute(desk.service.database.db)).rows
  const versions = async () =>
    new Map(
      (await rowsOf<{ r: string; v: number }>('select reference as r, version as v from support_case')).map(
        ({ r, v }) => [r, v],
      ),
    )

  /** What somebody does next: leaders answer, the others propose and enquire, with or without a reason for what exceeds the days. */
  function deedOf(name: string, [caseAt, leaderAt, dice]: readonly [number, number, number]): Deed {
    const reference = CASES[caseAt]?.[0] ?? ''
    const leader = LEADERS[leaderAt] ?? ''
    if (name.startsWith('L-'))
      return {
        reference,
        step: 'leader-answer',
        fields: { key: name, outcome: dice % 4 ? 'accept' : 'decline', conflict: 'none', reason: 'No time' },
      }
    if (dice % 2)
      return {
        reference,
        step: 'enquire',
        fields: { key: leader, ...(dice % 3 === 0 && { reason: 'Agreed with them' }) },
      }
    const reasons = {
      'reason-nle': 'Nobody else is near',
      ...(dice % 3 === 0 && { 'reason-capacity': 'Agreed with them' }),
    }
    return { reference, step: 'propose', fields: { leader, note: 'Near', ...reasons } }
  }

  it('nothing is lost and no day is held twice, whoever is first', async () => {
    const seeds = fc.sample(fc.tuple(fc.nat(9), fc.nat(2), fc.nat(23)), {
      numRuns: PEOPLE_COUNT * ROUNDS,
      seed: 20_231_120,
    })
    const before = await versions()
    const accepted = new Map<string, number>()
    const statuses = new Map<number, number>()
    for (let round = 0; round < ROUNDS; round++)
      await atOnce(
        people.map(({ person }) => person),
        async (person, at) => {
          const { reference, step, fields } = deedOf(
            people[at]?.name ?? '',
            seeds[round * PEOPLE_COUNT + at] ?? [0, 0, 0],
          )
          const { status } = await person.step(reference, step, fields)
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          if (status === 200) accepted.set(reference, (accepted.get(reference) ?? 0) + 1)
        },
      )
    assert.deepEqual(
      [...statuses.keys()].filter((status) => ![200, 403, 404, 409, 422].includes(status)),
      [],
    )
    const deeds = [...accepted.values()].reduce((sum, one) => sum + one, 0)
    assert.ok(deeds > CASES.length, 'much was done')
    const now = await versions()
    for (const [reference] of CASES)
      assert.equal((now.get(reference) ?? 0) - (before.get(reference) ?? 0), accepted.get(reference) ?? 0, reference)
    const twice = 'group by case_id, step, key having count(*) > 1'
    assert.deepEqual(await rowsOf(`select case_id from case_step where state = 'open' ${twice}`), [])
    assert.deepEqual(
      await rowsOf(
        `select case_id, step, key from case_step where state = 'done' and not superseded and step in ('propose') ${twice}`,
      ),
      [],
    )
    const open = `from case_days d join leader_day_entry e on e.id = d.day_entry_id where e.released_at is null`
    const held = await rowsOf<{ halves: number }>(
      `select sum(e.half_days)::int as halves ${open} group by d.case_id, d.leader_id`,
    )
    assert.ok(held.length > 0)
    assert.deepEqual(
      held.filter(({ halves }) => halves !== 20),
      [],
      'ten days for each case that asked, once',
    )
    const wrong = await rowsOf(`select t.leader_id, t.term from leader_term t left join lateral (
        select coalesce(sum(half_days) filter (where kind = 'hold'), 0) as held, coalesce(sum(half_days) filter (where kind = 'promise'), 0) as promised,
          bool_or(over_reason is not null) as over
        from leader_day_entry e where e.leader_id = t.leader_id and e.term = t.term and e.released_at is null) e on true
      where t.held_half_days <> e.held or t.promised_half_days <> e.promised
        or (e.held + e.promised > t.available_half_days and e.over is not true)`)
    assert.deepEqual(wrong, [], 'the balance is the sum of its entries, and over only with a reason')
    const audited = await rowsOf<{
      n: number
    }>(`select count(*)::int as n from audit_entry where record = 'case' and record_key like 'H-%'
      and action in ('Proposal of a leader', 'Enquiry to the leader', 'Answer of the leader') and person_id is not null`)
    assert.equal(audited[0]?.n, deeds, 'each deed stands in the audit once')
  })
})

describe('One claim that everybody pays at once', () => {
  let desk: CaseDesk
  before(async () => {
    desk = await openCaseDesk('2023-11-20')
    const team = await teamOf(desk)
    await handedIn(desk, team, 'C-0751', { completed: '2024-03-08', handedIn: '2024-03-18' })
    await team.rdp.step('C-0751', 'review-form', { outcome: 'forward' })
  })
  after(() => desk.close())
  const many = (name: string, count: number) => Promise.all(Array.from({ length: count }, () => desk.as(name)))
  const sumOf = async (account: string) =>
    (
      await sql<{ pence: number }>`select coalesce(sum(case to_account when ${account} then pence else 0 end)
        - sum(case from_account when ${account} then pence else 0 end), 0)::bigint as pence from money_entry`.execute(
        desk.service.database.db,
      )
    ).rows[0]?.pence

  it('is approved once, prepared once, released once and paid once', async () => {
    const once = (statuses: readonly number[], good: number, words: string) => {
      assert.equal(statuses.filter((status) => status === good).length, 1, `${words}: ${statuses.join()}`)
      assert.ok(statuses.every((status) => status < 500))
    }
    const officers = await many('rg-ne', 10)
    const approved = await atOnce(officers, (one) => one.step('C-0751', 'process-claim', { outcome: 'approved' }))
    once(
      approved.map(({ status }) => status),
      200,
      'approved',
    )
    assert.equal(await sumOf('due'), 600_000)
    const prepared = await atOnce(officers, (one, at) =>
      one.postJson(at % 2 ? '/api/v1/payment-runs' : '/api/v1/cases/C-0751/payments', {}),
    )
    once(
      prepared.map(({ status }) => status),
      201,
      'prepared',
    )
    assert.deepEqual([await sumOf('due'), await sumOf('with-payer')], [0, 600_000])
    const run = prepared.find(({ status }) => status === 201)?.json<{ reference?: string; run?: string }>()
    const reference = run?.reference ?? ''
    const payers = await many('rg-pay', 10)
    const released = await atOnce(payers, (one) => one.postJson(`/api/v1/payment-runs/${reference}/release`, {}))
    once(
      released.map(({ status }) => status),
      200,
      'released',
    )
    const file = `Reference,Result,Date,Payment reference\n${reference}-1,paid,${desk.today()},P-1\n`
    const answered = await atOnce(payers, (one) => one.postJson(`/api/v1/payment-runs/${reference}/response`, { file }))
    assert.ok(answered.every(({ status }) => status < 500))
    assert.equal(answered.filter((one) => one.json<{ paid?: number }>().paid === 1).length, 1, 'taken in once')
    const names = ['committed', 'claimed', 'due', 'with-payer', 'paid']
    assert.deepEqual(await Promise.all(names.map(sumOf)), [0, 0, 0, 0, 600_000])
  })
})
