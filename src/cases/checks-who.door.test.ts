import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Person } from './test-cases.ts'
import { openScenes, type Refusals, type SceneDesk, sendTo } from './test-scene.ts'

const REF = 'tsi@2023-24'
const API = `/api/v1/eligibility/${REF}`

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

type Line = { reference: string; region: string; byException: boolean; urn: number | null; kind: string }
const casesOf = async (by: Person) => (await by.get('/api/v1/cases')).json<{ cases: Line[] }>().cases
const start = async (by: Person, body: object) => {
  const answer = await by.postJson('/api/v1/cases', { programme: REF, ...body })
  const { reference = '', refusals = [] } = answer.json<Refusals & { reference?: string }>()
  return { status: answer.status, reference, codes: refusals.map(({ code }) => code), refusals }
}

describe('Who may have a case', () => {
  before(() => scenes.begin('empty', '2023-12-04'))

  it('TSI-011 a trust has one case through its school, which is named; one without is refused and offered an exception', async () => {
    const rg = await scenes.as('rg-ne')
    const begun = await start(rg, { trust: 'T-01' })
    assert.equal(begun.status, 201)
    const view = await rg.read(begun.reference)
    assert.deepEqual([view.subject.kind, view.basis.judgements[0]?.urn], ['trust', 900002])
    assert.match((await rg.get(`/cases/${begun.reference}`)).text, /900002/)
    const again = await start(rg, { trust: 'T-01' })
    assert.deepEqual([again.status, again.codes], [409, ['case.open-already']])
    assert.equal((await casesOf(rg)).filter(({ kind }) => kind === 'trust').length, 1)

    const all = await scenes.as('rg-all')
    const refused = await start(all, { trust: 'T-02' })
    assert.equal(refused.status, 422)
    assert.equal(refused.codes.at(-1), 'eligibility.ask')
    assert.match(refused.refusals.at(-1)?.message ?? '', /by exception|may be asked for/i)
    const director = await scenes.as('rd-em')
    const judged = { row: 'director-view', uid: 'T-02', rationale: 'In immediate need of support' }
    assert.equal((await sendTo(director, `${API}/judgements`, judged)).status, 201)
    assert.equal((await start(all, { trust: 'T-02' })).status, 201)
  })

  it('TSI-013 the department asks for an exception, the Regional Director approves it and the case opens; a partner may not', async () => {
    const rg = await scenes.as('rg-all')
    const asked = { row: 'exception', urn: '900007', origin: 'department-judgement', reason: 'Results fell at once' }
    assert.equal((await sendTo(await scenes.as('dp-wm'), `${API}/requests`, asked)).status, 403)
    assert.equal((await sendTo(rg, `${API}/requests`, { ...asked, reason: '' })).status, 422)
    const made = await rg.postJson(`${API}/requests`, asked)
    assert.equal(made.status, 201, made.body)
    const { id } = made.json<{ id: number }>()
    const state = async () => (await rg.get(`/api/v1/eligibility-requests/${id}`)).json<{ status: string }>().status
    const decide = `/api/v1/eligibility-requests/${id}/decide`
    const yes = { outcome: 'approved', rationale: 'Agreed' }
    for (const person of ['dp-wm', 'L-01']) {
      const refused = await sendTo(await scenes.as(person), decide, yes)
      assert.deepEqual([refused.status, refused.codes], [403, ['not-allowed']], person)
      assert.equal(await state(), 'exception requested')
    }
    const { rows } = await scenes.service.database.pool.query<{ name: string }>(
      `select name from audit_entry where record = 'eligibility' and action like 'Tried to decide%' order by id`,
    )
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['Silas Copperton', 'Maren Holloway'],
    )
    assert.equal((await start(rg, { urn: 900007 })).codes[0], 'eligibility.none')
    assert.equal((await sendTo(await scenes.as('rd-wm'), decide, yes)).status, 200)
    const begun = await start(rg, { urn: 900007 })
    assert.equal(begun.status, 201)
    const kept = (await rg.get(`/api/v1/cases/${begun.reference}`)).json<{
      basis: { origin: string; decidedBy: string }
    }>()
    assert.deepEqual([kept.basis.origin, kept.basis.decidedBy], ['department-judgement', 'Kit Anvilson'])
    assert.match((await rg.get('/cases')).text, /Hammerwell School.*by exception/)
  })
})

describe('Whose cases somebody sees', () => {
  it('TSI-065 a delivery partner has the cases and leaders of its regions; an enquiry from elsewhere shows that enquiry only', async () => {
    await scenes.begin('tsi-s09-start')
    const partner = await scenes.as('dp-ne')
    assert.equal((await partner.read('C-24')).status, 404)
    const page = await partner.get('/cases/C-24')
    assert.equal(page.status, 404)
    assert.doesNotMatch(page.text, /Thamesholt/)
    const regions = new Set((await casesOf(partner)).map(({ region }) => region))
    assert.deepEqual([...regions], ['North East'])
    assert.ok((await casesOf(await scenes.as('dp-lnse'))).some(({ reference }) => reference === 'C-24'))
    const leaders = (await partner.get('/leaders')).text
    assert.match(leaders, /Maren Holloway/)
    assert.doesNotMatch(leaders, /Odile Penhallow/)

    await scenes.begin('tsi-s04')
    const [london, midlands] = [await scenes.as('dp-lnse'), await scenes.as('dp-em')]
    assert.equal((await midlands.read('C-24')).status, 404)
    assert.equal((await london.step('C-24', 'propose', { leader: 'L-06', note: 'Has worked with us' })).status, 200)
    const seen = await midlands.read('C-24')
    assert.equal(seen.status, 200)
    assert.deepEqual(
      [seen.open, seen.done, seen.basis, seen.subject.name],
      [undefined, undefined, undefined, 'Thamesholt Primary School'],
    )
    assert.match((await midlands.get('/cases/C-24/steps/enquire')).text, /Enquiry to the leader/)
    const wayIn = async (person: Person, step: string) => {
      const case24 = await person.get('/cases/C-24')
      assert.doesNotMatch(case24.text, /another region/)
      assert.match(case24.text, /Only that is shown to you/)
      const steps = [...case24.body.matchAll(/href="\/cases\/C-24\/steps\/([a-z-]+)[^"]*"/g)].map(([, found]) => found)
      assert.deepEqual(steps, [step])
      const { yours } = (await person.get('/api/v1/cases/C-24')).json<{ yours: { step: string }[] }>()
      assert.deepEqual(
        yours.map((one) => one.step),
        [step],
      )
    }
    await wayIn(midlands, 'enquire')
    assert.deepEqual(await casesOf(midlands), [])
    assert.equal((await midlands.get('/api/v1/cases/C-24/notes')).status, 404)

    // A leader who is asked is not the leader of the case yet.
    assert.equal((await midlands.step('C-24', 'enquire')).status, 200)
    await wayIn(await scenes.as('L-06'), 'leader-answer')
  })

  it('TSI-073 a concern raised while the answer is waited for ends that wait; once the match is kept three working days begin anew', async () => {
    await scenes.begin('tsi-s05-s06')
    const [head, rdp, rg] = [await scenes.as('ceo-01'), await scenes.as('dp-ne'), await scenes.as('rg-ne')]
    const agreeBy = async () => (await rdp.read('C-02')).open.find(({ step }) => step === 'agree')?.dueOn
    assert.equal(await agreeBy(), '2023-11-16')
    assert.equal((await head.act('C-02', 'raise-concern', { concern: 'Our phase is not hers' })).message, '')
    assert.equal(await agreeBy(), undefined)
    assert.equal((await rdp.step('C-02', 'inform')).status, 422, 'the match waits')
    const { notices } = (await rg.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>()
    assert.ok(notices.some(({ reference, words }) => reference === 'C-02' && /Concern/.test(words)))
    const silent = await rdp.step('C-02', 'settle-concern', { outcome: 'keep', date: '2023-11-14' })
    assert.match(silent.message, /rationale/i)
    const rationale = 'She led a primary for ten years'
    assert.equal(
      (await rdp.step('C-02', 'settle-concern', { outcome: 'keep', date: '2023-11-14', rationale })).message,
      '',
    )
    assert.equal(await agreeBy(), '2023-11-17')
    assert.match((await head.get('/cases/C-02/steps/agree')).text, /She led a primary for ten years/)
  })

  it('the name of the leader leads to the roster only for whoever may open it there', async () => {
    await scenes.begin('tsi-s09-start')
    for (const [name, opens] of Object.entries({
      'L-01': false,
      'head-900016': false,
      'dp-ne': true,
      'rg-all': true,
    })) {
      const person = await scenes.as(name)
      const { text, body } = await person.get('/cases/C-16')
      assert.match(text, /Maren Holloway/, name)
      assert.equal(body.includes('href="/leaders/L-01"'), opens, name)
      assert.equal((await person.get('/leaders/L-01')).status, opens ? 200 : 403, name)
    }
  })
})

describe('More days', () => {
  it('TSI-047 days, purpose and context are all needed; before half of the days are used it is noticed and sent all the same', async () => {
    await scenes.begin('tsi-extension')
    const leader = await scenes.as('L-01')
    const asked = { days: '5', purpose: 'plan', vulnerability: 'Two leaders left' }
    const path = '/api/v1/cases/C-16/actions/request-extra-days'
    const without = await sendTo(leader, path, asked)
    assert.deepEqual([without.status, without.fields], [422, ['context']])
    const whole = { ...asked, context: 'The plan is half done' }
    assert.deepEqual((await sendTo(leader, path, { ...whole, days: '' })).fields, ['days'])
    assert.deepEqual((await sendTo(leader, path, { ...whole, purpose: '' })).fields, ['purpose'])
    const sent = await leader.postJson(path, whole)
    assert.equal(sent.status, 200, sent.body)
    assert.deepEqual(sent.json<{ warnings: string[] }>().warnings, [])
    const child = await leader.read('C-16-1')
    assert.deepEqual([child.stage, child.open[0]?.party], ['E1', 'rdp'])
    assert.equal((await sendTo(await scenes.as('rg-ne'), path, whole)).status, 403)

    const early = await scenes.as('L-03')
    const path14 = '/api/v1/cases/C-14/actions/request-extra-days'
    assert.match((await early.get('/cases/C-14/actions/request-extra-days')).text, /Normally towards the end: 2/)
    const noticed = await early.postJson(path14, whole)
    assert.equal(noticed.status, 200, noticed.body)
    assert.match(noticed.json<{ warnings: string[] }>().warnings.join(), /Normally towards the end: 2(\.0)? of 10/)
  })
})
