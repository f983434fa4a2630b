import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'
import type { LogView } from './test-work.ts'

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

const C = (reference: string) => `/api/v1/cases/${reference}`
type Open = { reference: string; step: string; dueOn: string | null; overdue: boolean }
const work = async (by: Person) =>
  (await by.get('/api/v1/work')).json<{ open: Open[]; notices: { reference: string; words: string }[] }>()
const openIn = async (by: Person, reference: string) =>
  (await work(by)).open.filter((one) => one.reference === reference)

describe('Whom a school belongs to', () => {
  it('TSI-019 the authority of every school and the diocese where one is recorded; without a contact the case says so', async () => {
    await scenes.begin('tsi-s01')
    const rg = await scenes.as('rg-ne')
    const aided = await rg.get('/cases/C-09')
    assert.match(aided.text, /Local authority/)
    assert.match(aided.text, /Diocese/)
    assert.deepEqual(
      (await rg.read('C-09')).open
        .filter(({ step }) => step === 'contact-body')
        .map(({ key }) => key)
        .toSorted(),
      ['authority', 'diocese'],
    )
    const community = await rg.get('/cases/C-01')
    assert.match(community.text, /Local authority/)
    assert.match(aided.text, /Contact at the local authority Rafe Wearmouth-Key/)
    assert.match(aided.text, /Contact at the diocese Barnabas Stanhope-Lee/)
    assert.doesNotMatch(aided.text, /No contact at/)
    const { db } = scenes.service.database
    const gone = sql`role in ('authority-contact', 'diocese-contact')`
    await sql`update role_grant set to_date = '2023-11-21' where ${gone}`.execute(db)
    const warned = (await rg.get('/cases/C-09')).text
    assert.match(warned, /No contact at the local authority is recorded/)
    assert.match(warned, /No contact at the diocese is recorded/)
    assert.doesNotMatch(community.text, /Diocese of|Contact at the diocese|No contact/)
  })
})

describe('Enquiries', () => {
  it('TSI-071 an enquiry to a leader of another region goes to the partner of that region, who sees it and not the case', async () => {
    await scenes.begin('tsi-s04')
    const [london, midlands, north] = [await scenes.as('dp-lnse'), await scenes.as('dp-em'), await scenes.as('dp-ne')]
    assert.equal((await london.step('C-24', 'propose', { leader: 'L-06', note: 'Has worked with us' })).status, 200)
    const asked = async (by: Person, reference: string) =>
      (await openIn(by, reference)).filter(({ step }) => step === 'enquire').length
    assert.deepEqual([await asked(midlands, 'C-24'), await asked(london, 'C-24')], [1, 0])
    const seen = await midlands.read('C-24')
    assert.deepEqual([seen.status, seen.open, seen.basis], [200, undefined, undefined])
    assert.match((await midlands.get('/cases/C-24/steps/enquire')).text, /Enquiry to the leader/)
    assert.equal((await midlands.get('/cases/C-24/log')).status, 404)
    assert.match(
      (await london.get('/cases/C-24')).text,
      /Region London[\s\S]*Regional delivery partner lead Ulric Barrow-Tay/,
    )
    assert.match((await london.get('/cases/C-24')).text, /Waiting for: regional delivery partner, East Midlands/)
    assert.match(
      (await london.step('C-24', 'enquire', {})).message,
      /Responsible: regional delivery partner, East Midlands/,
    )
    assert.equal((await north.step('C-16', 'propose', { leader: 'L-01', note: 'Near' })).status, 200)
    assert.deepEqual([await asked(north, 'C-16'), await asked(midlands, 'C-16')], [1, 0])
  })
})

describe('More support', () => {
  it('TSI-101 an assessment before the second term says when that begins and asks for a reason', async () => {
    await scenes.begin('tsi-extension', '2023-12-15')
    const path = `${C('C-16')}/actions/assess-options`
    const body = { option: 'extra-days', beneficial: 'The plan needs time' }
    const early = await sendTo(await scenes.as('L-01'), path, body)
    assert.deepEqual([early.status, early.codes], [422, ['reason.second-term']])
    assert.match(early.message, /Normally in the second term, which begins on 8 January 2024/)
    assert.equal(
      (await sendTo(await scenes.as('L-01'), path, { ...body, 'reason-second-term': 'The head leaves' })).status,
      200,
    )
    await scenes.moveTo('2024-01-22')
    assert.equal((await sendTo(await scenes.as('L-01'), path, body)).status, 200)
    await scenes.begin('tsi-s13')
    const late = await sendTo(await scenes.as('L-01'), `${C('C-01')}/actions/assess-options`, body)
    assert.equal(late.status, 422)
    assert.match(late.message, /from S09 \(.*\) to S12 .* only; the case is in S13/)
  })

  it('TSI-113 an extra day belongs to steps 4 to 8; elsewhere it needs a reason, which the delivery partner reads', async () => {
    await scenes.begin('tsi-extension')
    const leader = await scenes.as('L-06')
    const day = { date: '2024-01-15', days: 0.5, kind: 'bespoke', extension: 'yes' }
    const refused = await sendTo(leader, `${C('C-24')}/log`, { ...day, step: 'scoping' })
    assert.deepEqual([refused.status, refused.codes], [422, ['reason.extra-step']])
    assert.match(refused.message, /steps 4 to 8/)
    const why = 'A new head needs a second look'
    const kept = await sendTo(leader, `${C('C-24')}/log`, { ...day, step: 'scoping', 'reason-extra-step': why })
    assert.equal(kept.status, 201, kept.message)
    assert.equal((await sendTo(leader, `${C('C-24')}/log`, { ...day, step: 'mid-review' })).status, 201)
    const rdp = await scenes.as('dp-lnse')
    assert.match((await rdp.get(`${C('C-24')}/log`)).body, new RegExp(why))
    const form = (await (await scenes.as('L-01')).get('/cases/C-16/actions/request-extra-days')).text
    assert.match(form, /Bespoke support Implementing the improvement plan/)
  })

  it('TSI-054 the work is not complete while a request for days is undecided; a decline or the end of the days lets it go on', async () => {
    await scenes.begin('tsi-extension')
    const leader = await scenes.as('L-01')
    const path = `${C('C-12')}/steps/completion`
    const refused = await sendTo(leader, path)
    assert.equal(refused.status, 422)
    assert.ok(refused.codes.includes('check.undecided'))
    assert.match(refused.message, /The request for extra days is not decided yet/)
    const declined = { outcome: 'declined', rationale: 'The school has a place at a hub already' }
    const decided = await (await scenes.as('rg-ne')).step('C-12-1', 'decide-request', declined)
    assert.equal(decided.status, 200, decided.message)
    assert.doesNotMatch((await sendTo(leader, path)).message, /not decided/)
    const other = await scenes.as('L-06')
    assert.equal((await other.step('C-24-1', 'deliver-days')).status, 200)
    const ended = (await other.get(C('C-24-1'))).json<{ status: string; closedOn: string; flags: object }>()
    assert.deepEqual([ended.status, ended.closedOn], ['closed', '2024-01-15'])
    assert.doesNotMatch((await sendTo(other, `${C('C-24')}/steps/completion`)).message, /not decided/)
  })

  it('TSI-029 an extension that ends without an impact is noticed, with one it is not', async () => {
    await scenes.begin('tsi-extension')
    const end = async (fields: object) => {
      await scenes.begin('tsi-extension')
      const leader = await scenes.as('L-06')
      const answer = await leader.postJson(`${C('C-24-1')}/steps/deliver-days`, fields)
      assert.equal(answer.status, 200, answer.body)
      return answer.json<{ warnings: string[] }>().warnings
    }
    assert.deepEqual(await end({}), ['No impact is entered for the extra days'])
    assert.deepEqual(await end({ impact: '2024-01-15: reading ages, up by four months' }), [])
  })

  it('TSI-203 claim and application are two tasks of ten working days; one can be decided and paid without the other', async () => {
    await scenes.begin('tsi-submitted')
    await scenes.moveTo('2024-03-20')
    assert.equal((await (await scenes.as('dp-ne')).step('C-01', 'review-form', { outcome: 'forward' })).status, 200)
    const rg = await scenes.as('rg-ne')
    const tasks = async () =>
      [...(await openIn(rg, 'C-01')), ...(await openIn(rg, 'C-01-1'))].map(({ step, dueOn }) => [step, dueOn])
    assert.deepEqual(await tasks(), [
      ['process-claim', '2024-04-05'],
      ['decide-application', '2024-04-05'],
    ])
    const approved = await rg.step('C-01', 'process-claim', { outcome: 'approved' })
    assert.equal(approved.status, 200, approved.message)
    const paid = await sendTo(await scenes.as('rg-pay'), `${C('C-01')}/payments`, {})
    assert.equal(paid.status, 201, paid.message)
    await scenes.moveTo('2024-04-08')
    const later = await scenes.as('rg-ne')
    const late = (await later.read('C-01-1')).open.find(({ step }) => step === 'decide-application')
    assert.equal(late?.overdue, true)
    assert.ok((await work(later)).notices.some(({ words }) => /^Overdue: Decision on the partnership/.test(words)))
    const open = (await later.read('C-01')).open.map(({ step }) => step)
    const closed = await later.step('C-01', 'close-case')
    assert.equal(closed.status, 422)
    assert.match(closed.message, /The application for the partnership is not decided/, open.join())
  })
})

describe('Kinds of work', () => {
  it('TSI-124 what happens in step 3 has its kind, date, persons and area, and stands in the history of that area', async () => {
    await scenes.begin('tsi-running')
    const leader = await scenes.as('L-01')
    type Plan = { steps: { id: string; kinds: string[]; resources: { title: string }[] }[] }
    const third = (await leader.get(`${C('C-01')}/plan`)).json<Plan>().steps.find(({ id }) => id === 'explore')
    const kinds = ['assurance-network', 'shadowing', 'improvement-team', 'coaching', 'evaluation-modelling']
    assert.deepEqual([third?.kinds, third?.resources[0]?.title], [kinds, 'MAT Assurance Framework'])
    for (const kind of kinds) {
      const day = {
        date: '2024-01-18',
        days: 0.5,
        step: 'explore',
        kind,
        area: 'leadership',
        persons: `Deputy: ${kind}`,
      }
      const logged = await sendTo(leader, `${C('C-01')}/log`, { ...day, state: 'planned' })
      assert.equal(logged.status, 201, logged.message)
    }
    const page = (await leader.get('/cases/C-01/log')).text
    assert.match(page, /18 January 2024 0\.5 3\. Explore, Leadership & Management/)
    assert.match(page, /Work by focus area .*Leadership & Management 2\.5 .*18 January 2024: shadowing/)
    const { items } = (await leader.get(`${C('C-01')}/log`)).json<{ items: { id: number; fields: object }[] }>()
    const shadowing = items.find(({ fields }) => JSON.stringify(fields).includes('Deputy: shadowing'))
    assert.match((await leader.get(`/cases/C-01/log/${shadowing?.id}`)).text, /Who took part Deputy: shadowing/)
  })

  it('TSI-125 delivery steps list their resources, and a day of the team waits for the leader', async () => {
    await scenes.begin('tsi-running')
    const leader = await scenes.as('L-01')
    type Plan = { steps: { id: string; resources: { title: string }[] }[] }
    const { steps } = (await leader.get(`${C('C-01')}/plan`)).json<Plan>()
    const titles = Object.fromEntries(steps.map(({ id, resources }) => [id, resources.map(({ title }) => title)]))
    const DELIVERY = ['use-of-evidence', 'approved-support', 'mid-review', 'development', 'strong-trusts']
    assert.deepEqual(
      DELIVERY.map((step) => titles[step]),
      [
        ['A guide to implementation'],
        ['Approved programmes'],
        ['Mid-engagement checklist'],
        ['EEF Effective Professional Development'],
        ['Building Strong Academy Trusts'],
      ],
    )
    const day = { date: '2024-01-22', days: 1, step: 'development', kind: 'bespoke', area: 'behaviour' }
    const used = { resource: 'Effective Professional Development' }
    const logged = await sendTo(await scenes.as('P-2'), `${C('C-01')}/log`, { ...day, ...used })
    assert.equal(logged.status, 201, logged.message)
    const log = async () => (await leader.get(`${C('C-01')}/log`)).json<LogView & { items: object[] }>()
    const before = await log()
    assert.deepEqual(before.waitingForValidation, ['2024-01-22'])
    assert.match(JSON.stringify(before.items), /Zelda Craster-Moss/)
    assert.match(JSON.stringify(before.items), /Effective Professional Development/)
    assert.equal((await sendTo(leader, `${C('C-01')}/log/${logged.id}/move`, { state: 'validated' })).status, 200)
    assert.equal((await log()).claimableDays, before.claimableDays + 1)
  })
})

describe('Partnerships', () => {
  it('TSI-040 the guidance and the model agreement stand on its pages, and an agreement says whether the model was used', async () => {
    await scenes.begin('tsi-partnership')
    const rg = await scenes.as('rg-ne')
    for (const path of ['/cases/C-01-1', '/cases/C-01-1/steps/signed-offer'])
      assert.match((await rg.get(path)).text, /Guidance on the offer ?,? Model service level agreement/, path)
    const signed = await rg.step('C-01-1', 'signed-offer', { date: '2024-04-11', signatory: 'Chief executive' })
    assert.equal(signed.status, 200, signed.message)
    const agreement = { date: '2024-04-10', school: 'yes', trust: 'yes' }
    const silent = await sendTo(rg, `${C('C-01-1')}/steps/service-agreement`, agreement)
    assert.deepEqual([silent.status, silent.fields], [422, ['model']])
    assert.ok((await rg.read('C-01-1')).open.some(({ step }) => step === 'service-agreement'))
    const said = await sendTo(rg, `${C('C-01-1')}/steps/service-agreement`, { ...agreement, model: 'adapted' })
    assert.equal(said.status, 200, said.message)
    assert.match((await rg.get('/cases/C-01-1')).text, /Was the model agreement used\? Adapted/)

    const other = (await rg.get('/cases/C-16-1')).text
    assert.match(other, /Service level agreement confirmed/)
    await scenes.moveTo('2024-04-19')
    const money = (await (await scenes.as('rg-ne')).get(`${C('C-16-1')}/money`)).json<{ books: { paid: number } }>()
    assert.equal(money.books.paid, 5000, 'as the scene tells')
  })
})
