import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { openScenes, type Person, type SceneDesk } from '../../world/case-desk.ts'
import { BANK, formOfCase } from '../../world/deployment-form.ts'
import { readCaseFigures } from '../cases/index.ts'
import { runAsMachine } from '../platform/scope.ts'
import { verify } from '../platform/verify.ts'
import { moneyChecks, readCaseMoney } from './index.ts'

let scenes: SceneDesk
let people: Record<'rg' | 'rdp' | 'director' | 'head' | 'first' | 'next' | 'payments', Person>
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

const CASE = 'C-01'
const CLAIM = 'C-01-1'
const TODAY = '2024-01-22'
const NEXT_BANK = { fields: { 'account-name': 'Next account', 'sort-code': '654321', 'account-number': '76543210' } }

async function begin(): Promise<void> {
  await scenes.begin('tsi-running')
  people = {
    rg: await scenes.as('rg-ne'),
    rdp: await scenes.as('dp-ne'),
    director: await scenes.as('rd-ne'),
    head: await scenes.as('head-900001'),
    first: await scenes.as('L-01'),
    next: await scenes.as('L-03'),
    payments: await scenes.as('rg-pay'),
  }
}

async function done(asked: Promise<{ status: number; message: string }>, what: string): Promise<void> {
  const { status, message } = await asked
  assert.ok(status === 200 || status === 201, `${what}: ${status} ${message}`)
}

// biome-ignore lint/suspicious/noExplicitAny: what the API answers is what the tests are about
const read = async (by: Person, path: string) => (await by.get(`/api/v1/cases/${path}`)).json<any>()

const leave = (by = people.first) => by.act(CASE, 'leader-leaves', { date: TODAY, why: 'Taken ill for months' })

/** From the search for a new leader to the first visit of that leader. */
async function takeOver(): Promise<void> {
  const { rdp, head, director, next } = people
  const steps: readonly [Person, string, object][] = [
    [rdp, 'propose', { leader: 'L-03' }],
    [rdp, 'enquire', {}],
    [next, 'leader-answer', { outcome: 'accept', conflict: 'none' }],
    [rdp, 'match-confirmed', {}],
    [rdp, 'suggest', {}],
    [head, 'agree', { outcome: 'confirm' }],
    [rdp, 'inform', {}],
    [director, 'approve', { outcome: 'approved' }],
    [rdp, 'issue-leader', {}],
    [rdp, 'issue-school', {}],
    [next, 'first-contact', { date: TODAY, person: 'head' }],
    [next, 'arrange-meeting', { date: TODAY }],
    [next, 'first-visit', { date: TODAY, mode: 'face-to-face', place: 'At the school', attendees: 'Head' }],
    [next, 'scoping', {}],
  ]
  for (const [by, step, fields] of steps) await done(by.step(CASE, step, fields), step)
}

/** The former leader fills, signs and hands in; the school confirms; both reviews follow. */
async function claimToTheEnd(): Promise<void> {
  const { first, head, rdp, rg } = people
  const form = formOfCase(first, CLAIM)
  await done(form.save('bank', BANK), 'bank')
  await done(form.complete('claim', {}), 'claim')
  await done(form.sign('leader'), 'signature of the leader')
  await done(formOfCase(head, CLAIM).sign('school', { outcome: 'confirm' }), 'signature of the school')
  await done(form.submit(), 'handing in')
  await done(rdp.step(CLAIM, 'review-claim', { outcome: 'forward' }), 'review')
  await done(rg.step(CLAIM, 'decide-claim', { outcome: 'approved' }), 'approval')
}

const logOf = (days: number, state: string) => ({
  date: TODAY,
  days,
  state,
  step: 'development',
  kind: 'bespoke',
  mode: 'face-to-face',
})
const logDays = async (by: Person, days: number, state = 'validated') => {
  const answer = await by.postJson(`/api/v1/cases/${CASE}/log`, logOf(days, state))
  return { status: answer.status, message: answer.body }
}

type Line = { title: string; payee: string; amount: string; state: string; missing: string[] }
type Money = { lines: Line[]; books: Record<string, number>; entries: { of: string; pence: number; to: string }[] }
const moneyOf = async (by: Person, reference: string): Promise<Money> => read(by, `${reference}/money`)

async function pay(reference: string): Promise<void> {
  const prepared = await people.rg.postJson(`/api/v1/cases/${reference}/payments`, {})
  assert.equal(prepared.status, 201, prepared.body)
  const run = prepared.json<{ reference: string }>().reference
  const runs = `/api/v1/payment-runs/${run}`
  assert.equal((await people.payments.postJson(`${runs}/release`, {})).status, 200)
  const payees = await people.payments.post(`/money/runs/${run}/file`, {})
  assert.match(payees.body, /Maren Holloway,Trust account,123456,01234567,2400\.00/)
  const file = `Reference,Result,Date,Payment reference\n${run}-1,paid,${TODAY},BACS-81\n`
  assert.equal((await people.payments.postJson(`${runs}/response`, { file })).status, 200)
}

/** The list of leaders is not for a leader at all, whatever the case; everything else of another's case is not found. */
const refusalAt = (path: string) => (path.endsWith('/leaders') ? 403 : 404)

describe('A leader who can no longer go on', () => {
  it('TSI-081 leaves after 4 of 10 days: S04 with 6 days left for L-03, and L-01 claims at most £2,400 by sections 5 to 7', async () => {
    await begin()
    const { rg, rdp, first, next, head } = people
    await done(leave(), 'no longer able')
    for (const by of [rdp, rg]) {
      const { notices } = (await by.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>()
      assert.ok(notices.some(({ reference, words }) => reference === CASE && words === 'I can no longer do this'))
    }
    const left = await read(rdp, CASE)
    assert.deepEqual([left.stage, left.leader, left.daysLeft], ['S04', null, 6])
    assert.deepEqual(
      left.open.map((one: { step: string }) => one.step),
      ['propose'],
    )
    const leaving = left.done.find((one: { step: string }) => one.step === 'leader-leaves')
    assert.deepEqual(leaving.fields, { date: TODAY, why: 'Taken ill for months' })
    const kept = await read(rdp, `${CASE}/form`)
    const states = new Map(kept.sections.map((one: { id: string; state: string }) => [one.id, one.state]))
    assert.deepEqual(
      ['scope', 'mid', 'closure'].map((id) => states.get(id)),
      ['complete', 'empty', 'empty'],
    )
    const log = await read(rdp, `${CASE}/log`)
    assert.deepEqual([log.usedDays, log.validatedDays, log.items.length], [4, 4, 4])

    const form = formOfCase(first, CLAIM)
    const part = (await form.read()).json
    assert.deepEqual([part.claim.claimableDays, part.claim.amountPounds], [4, 2400])
    assert.deepEqual(
      part.sections.map((one: { number: number }) => one.number),
      [1, 5, 6, 7, 8],
    )
    const more = await form.save('claim', { fields: { days: '4.5' } })
    assert.deepEqual([more.status, more.codes[0]], [422, 'check.most'])
    assert.match(more.message, /maximum 4 \(£2,400\)/)

    await takeOver()
    // The successor and the school are told of the days that are left.
    const letters = (await rdp.get(`/api/v1/cases/${CASE}/messages`)).body
    assert.match(letters, /deployment[^"]*6 days of support/)
    const seven = await logDays(next, 6.5, 'planned')
    assert.deepEqual([seven.status, /6 left of 10 agreed/.test(seven.message)], [422, true], seven.message)
    await done(logDays(next, 6), 'six days')
    const own = formOfCase(next, CASE)
    assert.deepEqual((await own.read()).json.claim.claimableDays, 6)
    assert.match((await own.save('claim', { fields: { days: '6.5' } })).message, /maximum 6 \(£3,600\)/)

    const early = await formOfCase(head, CLAIM).sign('school', { outcome: 'confirm' })
    assert.notEqual(early.status, 200, 'the leader signs first')
    await claimToTheEnd()
    await pay(CLAIM)
    const paid = await moneyOf(first, CLAIM)
    assert.deepEqual(
      paid.lines.map(({ payee, amount, state }) => [payee, amount, state]),
      [['Maren Holloway', '£2,400', 'payment-processed']],
    )
    const all = await moneyOf(rg, CASE)
    assert.deepEqual(
      all.lines.map(({ payee, amount }) => [payee, amount]),
      [
        ['Ingrid Sallow', '£3,600'],
        ['Maren Holloway', '£2,400'],
      ],
    )
    assert.deepEqual([all.books['paid'], all.books['committed']], [2400, 3600])
    assert.deepEqual(
      (await verify(scenes.service.database, moneyChecks)).flatMap(({ faults }) => faults),
      [],
    )
  })

  it('keeps the own part at the address of the case and beside it, and nothing of what came after', async () => {
    await begin()
    const { first, next, rdp } = people
    await done(formOfCase(first, CASE).save('bank', BANK), 'bank details before leaving')
    await done(leave(), 'no longer able')
    await takeOver()
    await done(formOfCase(next, CASE).save('bank', NEXT_BANK), 'bank details of the next leader')
    await done(logDays(next, 2), 'two days')
    const note = { audience: 'shared', words: 'Nextword of the next leader' }
    assert.equal((await next.postJson(`/api/v1/cases/${CASE}/notes`, note)).status, 201)

    // What was entered before is there already, sealed for the claim.
    const bank = (await formOfCase(first, CLAIM).section('bank')).json
    assert.deepEqual([bank.state, bank.masked], ['complete', '•••••567'])
    for (const reference of [CASE, CLAIM]) {
      const seen = await read(first, reference)
      assert.deepEqual([seen.reference, seen.partialClaim.about, seen.partialClaim.claimableDays], [CLAIM, CASE, 4])
      assert.deepEqual(
        seen.partialClaim.days.map(({ on, days }: { on: string; days: number }) => [on, days]),
        ['2024-01-10', '2024-01-12', '2024-01-16', '2024-01-18'].map((on) => [on, 1]),
      )
      const page = await first.get(`/cases/${reference}`)
      assert.match(page.text, /Days of this claim 10 January 2024 1 day, validated: Start-up/)
    }
    const work = await first.get('/my-work')
    assert.match(work.text, /Claim for the days validated before leaving Larkbeck Primary School C-01-1/)
    assert.match((await first.get('/cases')).body, /href="\/cases\/C-01-1"/)
    assert.doesNotMatch((await rdp.get('/cases')).body, /C-01-1/)

    const found = { own: await walk(first, CASE), beside: await walk(first, CLAIM), successor: await walk(next, CASE) }
    for (const { path, body } of [...found.own, ...found.beside])
      assert.doesNotMatch(body, /Nextword|76543210|654321|Next account|•••••210/, path)
    for (const { path, body } of found.successor)
      assert.doesNotMatch(body, /01234567|123456|Trust account|•••••567/, path)
    const isWork = /\/(log|plan|planner|lists|visit-notes|notes|team|strategies|themes|signposts)\b/
    for (const { path, status } of found.own) if (isWork.test(path)) assert.equal(status, 404, path)
    assert.ok(found.own.some(({ path, status }) => path === '/cases/C-01/money' && status === 200))
    const closed = await walk(next, CLAIM)
    assert.ok(closed.length > 20)
    for (const { path, status } of closed) assert.equal(status, refusalAt(path), path)
  })

  it('acts in the own claim only', async () => {
    const { first, next, rdp } = people
    const before = await read(rdp, CASE)
    assert.equal((await logDays(first, 1)).status, 404)
    assert.equal((await first.postJson(`/api/v1/cases/${CASE}/notes`, { audience: 'shared', words: 'x' })).status, 404)
    for (const step of ['work', 'first-visit', 'propose'])
      assert.ok([403, 404].includes((await first.step(CASE, step, {})).status), step)
    for (const action of ['leader-leaves', 'report-delay', 'assess-options'])
      assert.equal((await first.act(CASE, action, {})).status, 404, action)
    assert.equal((await formOfCase(first, CASE).save('scope', {})).status, 404)
    assert.equal((await formOfCase(first, CASE).save('closure', {})).status, 404)
    // The next leader does not touch the days and the claim of the one before.
    const [day] = (await read(next, `${CASE}/log`)).items
    const back = await next.postJson(`/api/v1/cases/${CASE}/log/${day.id}/return`, { reason: 'Not mine' })
    assert.equal(back.status, 403, back.body)
    assert.equal((await formOfCase(next, CLAIM).sign('leader')).status, 404)
    assert.equal((await formOfCase(rdp, CLAIM).sign('leader')).status, 403)
    const after = await read(rdp, CASE)
    assert.deepEqual(
      [after.stage, after.leaders, after.open.length],
      [before.stage, before.leaders, before.open.length],
    )
    assert.deepEqual(
      after.leaders.map((one: { leader: string; used: number; claim: string | null }) => [
        one.leader,
        one.used,
        one.claim,
      ]),
      [
        ['Maren Holloway', 4, CLAIM],
        ['Ingrid Sallow', 2, null],
      ],
    )
    assert.match(
      (await rdp.get(`/cases/${CASE}`)).text,
      /Who did which days .*Maren Holloway 4 days, 4 validated 10 January 2024 to 18 January 2024; left on 22 January 2024 C-01-1/,
    )
  })

  it('is paid once: no second claim for the same days, and both claims together never more than what was agreed', async () => {
    const { next, rg, rdp } = people
    await claimToTheEnd()
    await pay(CLAIM)
    const again = await rg.postJson(`/api/v1/cases/${CLAIM}/payments`, {})
    assert.match(again.body, /paid in full: £2,400/)
    // No day of the successor lies before they were sent, and more than is left is no more to claim: the first leader's days come first.
    const more = { ...logOf(10, 'validated'), step: 'explore', kind: 'coaching' }
    const early = await next.postJson(`/api/v1/cases/${CASE}/log`, { ...more, date: '2024-01-08' })
    assert.match(early.body, /check\.early/)
    assert.equal((await next.postJson(`/api/v1/cases/${CASE}/log`, { ...more, date: TODAY })).status, 201)
    assert.equal((await formOfCase(next, CASE).read()).json.claim.claimableDays, 6)
    const money = await moneyOf(rg, CASE)
    assert.deepEqual([money.books['paid'], money.books['committed']], [2400, 3600])
    assert.deepEqual([...new Set(money.entries.map(({ of }) => of))].toSorted(), [
      'Days of support of an earlier leader, Maren Holloway',
      'Days of support, Ingrid Sallow',
      'Days of support, Maren Holloway',
    ])
    // Reports count both claims of the case, and take neither for a request.
    const { db } = scenes.service.database
    const figures = await runAsMachine(() => readCaseFigures(db, { today: TODAY, sees: sql`c.reference = ${CASE}` }))
    assert.deepEqual([figures[0]?.requests, figures[0]?.claims.length], [[], 1])
    const counted = await runAsMachine(() => readCaseMoney(db, figures))
    assert.equal(counted.get(figures[0]?.id ?? 0)?.claimedHalfDays, 8)
    // A day that is given back after it was paid leaves nothing more for the next leader.
    const [day] = (await read(rdp, `${CASE}/log`)).items.filter((one: { leader: string }) => /Maren/.test(one.leader))
    const back = await rdp.postJson(`/api/v1/cases/${CASE}/log/${day.id}/return`, {
      reason: 'The visit did not happen',
    })
    assert.equal(back.status, 200, back.body)
    await done(next.act(CASE, 'report-delay', { until: '2024-06-01', why: 'Snow' }), 'any step of the case')
    const after = await moneyOf(rg, CASE)
    assert.deepEqual([after.books['paid'], after.books['committed']], [2400, 3600])
    assert.deepEqual(
      (await verify(scenes.service.database, moneyChecks)).flatMap(({ faults }) => faults),
      [],
    )
  })

  it('leaves days that were not validated unpaid and used, takes planned ones off, and is told so', async () => {
    await begin()
    const { first, next, rdp } = people
    const path = `/api/v1/cases/${CASE}`
    const odd = { ...logOf(1, 'delivered'), date: '2024-01-19' }
    assert.equal((await first.postJson(`${path}/log`, odd)).status, 201)
    assert.equal((await first.postJson(`${path}/log`, { ...logOf(2, 'planned'), date: '2024-02-05' })).status, 201)
    const gone = { date: TODAY, why: 'Moves away' }
    const left = await first.postJson(`${path}/actions/leader-leaves`, gone)
    assert.match(left.body, /not validated cannot be claimed once you have left: 19 January 2024/)
    const log = await read(rdp, `${CASE}/log`)
    assert.deepEqual([log.usedDays, log.plannedDays, log.validatedDays], [5, 0, 4])
    const { partialClaim } = await read(first, CLAIM)
    assert.deepEqual([partialClaim.claimableDays, partialClaim.days.length], [4, 4])
    assert.deepEqual(partialClaim.notClaimable, [
      { on: '2024-01-19', days: 1, because: 'Not validated before the leader left' },
    ])
    await takeOver()
    await done(logDays(next, 6), 'six days')
    assert.equal((await formOfCase(next, CASE).read()).json.claim.claimableDays, 5)
    assert.deepEqual(await takenDays(), { 'L-01': 5, 'L-03': 5 })
    await done(next.step(CASE, 'work', {}), 'work')
    const ending = await next.step(CASE, 'wind-up', {})
    assert.equal(ending.status, 422)
    assert.ok(!ending.codes.includes('check.unvalidated'), 'nobody waits for a day that nobody can validate')
  })

  it('keeps its days in the database itself', async () => {
    const { pool } = scenes.service.database
    const change = (what: string) => pool.query(`update case_log_item set ${what} where claim_case_id is not null`)
    await assert.rejects(change('claim_case_id = null'), /stays in the claim/)
    await assert.rejects(change("counted = true, state = 'validated'"), /not validated any more/)
    const other = 'update case_log_item set claim_case_id = case_id where claim_case_id is null'
    await assert.rejects(pool.query(other), /stands beside the case of its days/)
  })

  it('may claim nothing, and the school may say that it was not so', async () => {
    await begin()
    const { first, head, rdp, rg } = people
    await done(leave(), 'no longer able')
    const form = formOfCase(first, CLAIM)
    assert.match(
      (await form.sign('leader')).message,
      /Section 6, Payment claim, is not complete|Bank details are missing/,
    )
    await done(form.save('bank', BANK), 'bank')
    await done(form.complete('claim', { fields: { days: '3', fewer: 'One was free' } }), 'claim')
    await done(form.sign('leader'), 'signature')
    const no = { outcome: 'not-confirm', reason: 'The third day was cut short' }
    await done(formOfCase(head, CLAIM).sign('school', no), 'not confirmed')
    assert.deepEqual(
      (await rdp.read(CLAIM)).open.map(({ step }) => step),
      ['sign-claim'],
    )
    const promised = await moneyOf(rg, CASE)
    assert.deepEqual(
      promised.lines.map(({ payee, amount, state }) => [payee, amount, state]),
      [['Maren Holloway', '£2,400', 'not-due']],
    )
    await done(first.act(CLAIM, 'claim-nothing'), 'nothing')
    const over = await moneyOf(rg, CASE)
    assert.deepEqual([over.books['committed'], over.books['paid']], [0, 0])
    const left = await read(rdp, CASE)
    assert.deepEqual([left.daysLeft, left.stage], [6, 'S04'])
  })
})

/** Days of the roster that the case holds or was promised, by leader. */
async function takenDays(): Promise<Record<string, number>> {
  const { rows } = await scenes.service.database.pool.query<{ leader: string; days: number }>(
    `select l.reference as leader, sum(e.half_days)::float8 / 2 as days from case_days d
      join leader_day_entry e on e.id = d.day_entry_id join leader l on l.id = d.leader_id
      join support_case c on c.id = d.case_id
    where c.reference = $1 and e.released_at is null group by 1 order by 1`,
    [CASE],
  )
  return Object.fromEntries(rows.map(({ leader, days }) => [leader, days]))
}

/** Every page and API address of a case that can be read, as somebody gets it. */
async function walk(by: Person, reference: string) {
  const values: Readonly<Record<string, readonly string[]>> = {
    step: ['work', 'sign-claim', 'leader-leaves', 'first-visit'],
    section: ['details', 'scope', 'closure', 'bank', 'claim', 'school', 'send'],
    signature: ['leader', 'school'],
    list: ['attendance-school'],
    id: ['1', '2', '5'],
  }
  const paths = scenes.service.routes
    .filter(({ method, path }) => method === 'GET' && /^(\/api\/v1)?\/cases\/:reference/.test(path))
    .flatMap(({ path }) => {
      const named = path.replace(':reference', reference)
      const parameter = /:(\w+)/.exec(named)?.[1] ?? ''
      return parameter ? (values[parameter] ?? ['1']).map((value) => named.replace(`:${parameter}`, value)) : [named]
    })
  const found: { path: string; status: number; body: string }[] = []
  for (const path of paths) {
    const { status, body } = await by.get(path)
    found.push({ path, status, body })
  }
  return found
}
