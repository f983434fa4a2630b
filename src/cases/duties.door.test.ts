import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { everyDay, PACKS_FOLDER } from '../app.ts'
import { runAsMachine } from '../platform/scope.ts'
import { loadPacks, type Pack } from '../programmes/index.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

let desk: CaseDesk
let packs: readonly Pack[]
let senior: Person
let adviser: Person
before(async () => {
  desk = await openCaseDesk('2026-09-01')
  const loaded = await loadPacks(PACKS_FOLDER)
  assert.ok(loaded.ok)
  packs = loaded.value
  await day('2026-09-01')
  senior = await desk.as('so-1')
  // of 900207, 900208 and 900209
  adviser = await desk.as('lama-3')
})
after(() => desk.close())

/** A day begins: what the night does, it does. */
async function day(on: string): Promise<void> {
  desk.setToday(on)
  const { database, clock } = desk.service.cases
  for (const job of everyDay({ database, clock, packs })) await runAsMachine(() => job.run(database.db, on))
}

type Line = { reference: string; status: string; due: string | null }

/** The duties of a school of a kind, oldest first. */
async function dutiesOf(urn: number, title: string): Promise<(Line & { text: string })[]> {
  const { cases: rows } = (await senior.get(`/api/v1/cases?duties=yes&q=${urn}&sort=reference`)).json<{
    cases: Line[]
  }>()
  const pages = await Promise.all(
    rows.map(async (row) => ({ ...row, text: (await senior.get(`/cases/${row.reference}`)).text })),
  )
  return pages.filter(({ text }) => text.includes(title))
}

const REVIEW = 'Review of an Intensive school'
const MEETING = 'TAG meeting'
const PAPER = { strengths: 'Reading', 'areas-for-improvement': 'Writing', barriers: 'None', risks: 'Staff' }

describe('What falls due at a level', () => {
  it('GTG-033 an Intensive school has a review each term on its template, moved or waived by a senior officer with a reason, else overdue', async () => {
    const [autumn] = await dutiesOf(900208, REVIEW)
    assert.ok(autumn)
    const held = { 'held-on': '2026-11-26', present: ['adviser', 'school-head'] }
    await day('2026-11-26')
    const empty = await adviser.step(autumn.reference, 'termly-review', held)
    assert.match(empty.message, /strengths.*areas for improvement.*barriers.*risks/)
    assert.equal((await adviser.step(autumn.reference, 'termly-review', { ...held, ...PAPER })).status, 200)

    await day('2027-01-04')
    const [, spring] = await dutiesOf(900208, REVIEW)
    assert.ok(spring)
    assert.equal((await adviser.act(spring.reference, 'waive', { why: 'HMI visit that week' })).status, 403)
    assert.equal((await senior.act(spring.reference, 'waive', {})).status, 422)
    assert.equal((await adviser.act(spring.reference, 'move', { until: '2027-03-30', why: 'Trip' })).status, 403)
    assert.equal((await senior.act(spring.reference, 'move', { until: '2027-03-30' })).status, 422)
    assert.equal((await senior.act(spring.reference, 'move', { until: '2027-03-30', why: 'Trip' })).status, 200)
    assert.match((await senior.get(`/cases/${spring.reference}`)).text, /now expected 30 March 2027/)
    assert.equal((await senior.act(spring.reference, 'waive', { why: 'HMI visit that week' })).status, 200)
    assert.match((await senior.get(`/cases/${spring.reference}`)).text, /Waived.*HMI visit that week/)

    await day('2027-04-12')
    await day('2027-07-24')
    const all = await dutiesOf(900208, REVIEW)
    assert.equal(all.length, 3)
    assert.deepEqual(
      all.map(({ status, text }) => status === 'closed' && /Waived/.test(text)),
      [false, true, false],
    )
    assert.deepEqual(
      (await Promise.all(all.map(({ reference }) => senior.read(reference)))).map(({ open }) =>
        open.some(({ overdue }) => overdue),
      ),
      [false, false, true],
    )
    assert.match((await senior.get('/my-work')).text, /Overdue: Review of an Intensive school, due 23 July 2027/)
    assert.match((await adviser.get('/my-work')).text, /Review of an Intensive school: Summer term/)
  })

  it('is opened for every level that asks for it, once a term, and again when its day has passed undone', async () => {
    // Enhanced by a rule: a meeting, and no review.
    const meetings = await dutiesOf(900207, MEETING)
    assert.equal(meetings.length, 3)
    assert.deepEqual(await dutiesOf(900207, REVIEW), [])
    assert.deepEqual(await dutiesOf(900210, MEETING), [])
    await day('2027-07-25')
    assert.equal((await dutiesOf(900207, MEETING)).length, 3)
  })

  it('keeps out of the list of cases', async () => {
    const flowsOf = async (query: string) => {
      const { cases } = (await senior.get(`/api/v1/cases${query}`)).json<{ cases: { flow: string }[] }>()
      return new Set(cases.map(({ flow }) => flow))
    }
    assert.deepEqual([...(await flowsOf(''))], ['single-plan'])
    assert.deepEqual([...(await flowsOf('?duties=yes'))].sort(), ['duty.tag-meeting', 'duty.termly-review'])
    assert.match((await senior.get('/cases')).text, /Duties, such as a meeting each term, instead of cases/)
  })
})
