import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openScenes, type Person, type SceneDesk } from '../../world/case-desk.ts'
import { BANK, formOfCase } from '../../world/deployment-form.ts'
import { verify } from '../platform/verify.ts'
import { moneyChecks } from './index.ts'

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
  const file = `Reference,Result,Date,Payment reference\n${run}-1,paid,${TODAY},BACS-81\n`
  assert.equal((await people.payments.postJson(`${runs}/response`, { file })).status, 200)
}

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
    assert.equal(kept.sections.find((one: { id: string }) => one.id === 'scope').state, 'complete')
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
})
