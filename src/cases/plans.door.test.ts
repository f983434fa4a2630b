import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { everyDay, PACKS_FOLDER } from '../app.ts'
import { runAsMachine } from '../platform/scope.ts'
import { loadPacks, type Pack } from '../programmes/index.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

const PLAN = {
  'outcomes-for-the-end-of-the-year': 'Reading at 60 %',
  'actions-with-owner-and-dates': 'Phonics, Mrs Ely, May',
}

let desk: CaseDesk
let packs: readonly Pack[]
let people: Record<'head' | 'chair' | 'adviser' | 'senior', Person>
let reference: string
before(async () => {
  desk = await openCaseDesk('2026-11-02')
  const loaded = await loadPacks(PACKS_FOLDER)
  assert.ok(loaded.ok)
  packs = loaded.value
  people = {
    head: await desk.as('head-900207'),
    chair: await desk.as('chair-900207'),
    adviser: await desk.as('lama-3'),
    senior: await desk.as('so-1'),
  }
})
after(() => desk.close())

async function day(on: string): Promise<void> {
  desk.setToday(on)
  const { database, clock } = desk.service.cases
  for (const job of everyDay({ database, clock, packs })) await runAsMachine(() => job.run(database.db, on))
}

async function setIntensive(): Promise<void> {
  const { adviser, senior } = people
  const level = await adviser.start({ programme: 'gtg@2023', urn: 900207 })
  const indicators = {
    outcomes: 'Below',
    ambition: 'Shown',
    'leadership-management-and-governance': 'New head',
    'overall-effectiveness': 'Grade 3 twice',
  }
  await adviser.step(level, 'judge-indicators', indicators)
  await adviser.step(level, 'propose-level', { level: 'intensive-a', grounds: 'High risk of the same again' })
  const present = ['school-head', 'adviser', 'governors', 'seniors']
  await adviser.step(level, 'discuss-level', { 'held-on': '2026-11-02', present })
  const set = await senior.step(level, 'finalise-level', { outcome: 'confirmed', why: 'As discussed' })
  assert.equal(set.status, 200, set.message)
}

/** Who still has to sign. */
async function waiting(): Promise<string[]> {
  const { open } = await people.senior.read(reference)
  return open.filter(({ step }) => step === 'agree-plan').map(({ key }) => key)
}

function sign(person: Person, outcome = 'agreed', more: object = {}) {
  return person.step(reference, 'agree-plan', { outcome, ...more })
}

describe('The plan of an Intensive school', () => {
  it('GTG-034 is opened for head and adviser with the level; late, adviser and senior officer are told; what each writes is in the history', async () => {
    await setIntensive()
    const listed = (await people.senior.get('/api/v1/cases?q=900207')).json<{
      cases: { reference: string; flow: string; due: string }[]
    }>()
    const plan = listed.cases.find(({ flow }) => flow === 'single-plan')
    assert.ok(plan)
    reference = plan.reference
    assert.match((await people.head.get('/my-work')).text, /Draft of the plan/)
    assert.match((await people.adviser.get('/my-work')).text, /Draft of the plan/)
    await day('2026-12-01')
    for (const person of [people.adviser, people.senior])
      assert.match((await person.get('/my-work')).text, /Overdue: Draft of the plan, due 30 November 2026/)
    const { head, adviser } = people
    const empty = await head.step(reference, 'draft-plan', { 'outcomes-for-the-end-of-the-year': 'Reading' })
    assert.match(empty.message, /actions with owner and dates/)
    assert.equal(
      (await head.step(reference, 'draft-plan', { ...PLAN, 'actions-with-owner-and-dates': 'None yet' })).status,
      200,
    )
    assert.equal((await head.step(reference, 'name-senior-lead', { name: 'Ishbel Tillerman' })).status, 200)
    assert.equal((await adviser.act(reference, 'change-plan')).status, 200)
    assert.equal((await adviser.step(reference, 'draft-plan', PLAN)).status, 200)
    const history = await people.senior.get(`/cases/${reference}/history`)
    assert.match(history.text, /Draft of the plan.*Kester Bargeman-Ley|Kester Bargeman-Ley.*Draft of the plan/)
    assert.match(history.text, /Draft of the plan.*Gawain Bargate|Gawain Bargate.*Draft of the plan/)
  })

  it('is agreed only when all four have signed the same version; a change asks everybody again', async () => {
    const { head, chair, adviser, senior } = people
    assert.deepEqual((await waiting()).sort(), ['adviser', 'governors', 'school-head', 'seniors'])
    for (const person of [senior, head, adviser]) assert.equal((await sign(person)).status, 200)
    assert.deepEqual(await waiting(), ['governors'])
    const page = await senior.get(`/cases/${reference}`)
    assert.match(page.text, /Waiting for: chair of Governors/i)
    assert.match(page.text, /Agreement to the plan: Headteacher, version 2/)
    assert.equal((await sign(head)).status, 403)
    assert.equal((await senior.read(reference)).stage, 'P2')
    const asked = await chair.get(`/cases/${reference}/steps/agree-plan`)
    assert.match(asked.text, /Phonics, Mrs Ely, May/)
    assert.equal((await sign(chair)).status, 200)
    assert.equal((await senior.read(reference)).stage, 'P3')

    assert.equal((await adviser.act(reference, 'change-plan')).status, 200)
    assert.equal(
      (await adviser.step(reference, 'draft-plan', { ...PLAN, 'actions-with-owner-and-dates': 'June' })).status,
      200,
    )
    assert.deepEqual((await waiting()).length, 4)
    assert.match((await senior.get(`/cases/${reference}`)).text, /Agreement to the plan: Senior officer, version 3/)
  })

  it('goes back to the draft where one does not agree, with a reason', async () => {
    const { head, chair, adviser } = people
    assert.equal((await sign(head)).status, 200)
    const bare = await sign(chair, 'refused')
    assert.deepEqual(bare.codes, ['reason.missing'])
    assert.equal((await sign(chair, 'refused', { reason: 'The governors want dates' })).status, 200)
    assert.deepEqual(await waiting(), [])
    const { open } = await adviser.read(reference)
    assert.deepEqual(
      open.map(({ step }) => step),
      ['draft-plan'],
    )
  })
})
