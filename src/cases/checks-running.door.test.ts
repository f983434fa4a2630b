import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { formOfCase, MID } from '../../world/deployment-form.ts'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'
import type { LogView } from './test-work.ts'

const REF = 'tsi@2023-24'
const API = `/api/v1/eligibility/${REF}`
const C = (reference: string) => `/api/v1/cases/${reference}`

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

type Line = { step: string; reference: string; openWorkingDays: number }
const work = async (by: Person) =>
  (await by.get('/api/v1/work')).json<{ open: Line[]; notices: { reference: string; words: string }[] }>()
const log = async (by: Person, reference: string) => (await by.get(`${C(reference)}/log`)).json<LogView>()

describe('Who may have a case', () => {
  it('TSI-009 every criterion that is met is kept with the case; without any the three reasons are named and nothing is saved', async () => {
    await scenes.begin('empty', '2023-12-04')
    const [rg, director] = [await scenes.as('rg-ne'), await scenes.as('rd-ne')]
    const judged = { row: 'director-view', urn: '900005', rationale: 'In immediate need of support' }
    assert.equal((await sendTo(director, `${API}/judgements`, judged)).status, 201)
    const reference = await rg.start({ urn: 900005 })
    assert.deepEqual(
      (await rg.read(reference)).basis.rows.map(({ id }) => id),
      ['consecutive-ri', 'director-view'],
    )
    const all = await scenes.as('rg-all')
    const refused = await all.tryStart({ urn: 900006 })
    assert.equal(refused.status, 422)
    const reasons = (refused.refusals ?? []).filter(({ code }) => code === 'eligibility.row')
    assert.equal(reasons.length, 3, JSON.stringify(refused.refusals))
    const { cases } = (await all.get('/api/v1/cases')).json<{ cases: { urn: number }[] }>()
    assert.deepEqual(
      cases.map(({ urn }) => urn),
      [900005],
    )
  })

  it('TSI-012 a school asks for an exception with a reason; approved, its case bears the mark in every list', async () => {
    await scenes.begin('empty', '2023-12-04')
    const [head, partner, rg] = [await scenes.as('head-900006'), await scenes.as('dp-em'), await scenes.as('rg-all')]
    const asked = { row: 'exception', urn: '900006', origin: 'self-identified', reason: 'sharp fall in KS2 results' }
    const silent = await sendTo(head, `${API}/requests`, { ...asked, reason: '' })
    assert.deepEqual([silent.status, silent.fields], [422, ['reason']])
    const made = await head.postJson(`${API}/requests`, asked)
    assert.equal(made.status, 201, made.body)
    const { id, status } = made.json<{ id: number; status: string }>()
    assert.equal(status, 'exception requested')
    assert.equal(
      (await partner.get(`/api/v1/eligibility-requests/${id}`)).status,
      200,
      'the partner of the region sees it',
    )
    const decided = await sendTo(rg, `/api/v1/eligibility-requests/${id}/decide`, {
      outcome: 'approved',
      rationale: 'Agreed',
    })
    assert.equal(decided.status, 200, decided.message)
    const reference = await rg.start({ urn: 900006 })
    const { cases } = (await rg.get('/api/v1/cases')).json<{ cases: { reference: string; byException: boolean }[] }>()
    assert.deepEqual(
      cases,
      cases.filter(({ byException }) => byException),
    )
    assert.match((await rg.get('/cases')).text, /Trentley Fields Primary School.*by exception/)
    assert.match((await rg.get(`/cases/${reference}`)).text, /By exception/)
    assert.match((await rg.get('/reports/cases')).text, /Trentley Fields Primary School East Midlands · by exception/)
    assert.match((await rg.get('/reports/cases.csv')).body, /,By exception,(.*\n)+.*Trentley Fields.*,by exception,/)
  })
})

describe('Support under way', () => {
  const told = { programme: 'english-hubs', area: 'curriculum-teachers', date: '2024-01-15', told: 'Head teacher' }
  type Named = { programme: string; title: string; toldOn: string; access: string; area: string; madeBy: string }
  const named = async (by: Person, reference = 'C-01') =>
    (await by.get(`${C(reference)}/signposts`)).json<{ signposts: Named[] }>().signposts

  it('TSI-023 a programme of the catalogue is attached and seen by the school; one that is not there, or not for it, is not', async () => {
    await scenes.begin('tsi-running')
    const leader = await scenes.as('L-01')
    const path = `${C('C-01')}/signposts`
    const made = await sendTo(leader, path, told)
    assert.equal(made.status, 201, made.message)
    const unknown = await sendTo(leader, path, { ...told, programme: 'XYZ' })
    assert.deepEqual([unknown.status, unknown.codes], [422, ['entry.unknown']])
    for (const person of ['head-900001', 'dp-ne']) {
      const by = await scenes.as(person)
      const seen = await named(by)
      assert.deepEqual(
        seen.map(({ title, area, toldOn }) => [title, area, toldOn]),
        [['English Hubs Programme', 'curriculum-teachers', '2024-01-15']],
      )
      assert.match(seen[0]?.access ?? '', /local English Hub/)
      assert.match((await by.get('/cases/C-01/plan')).text, /English Hubs Programme .*Contact the local English Hub/)
      assert.equal((await sendTo(by, path, told)).status, 403, person)
    }
    const other = await scenes.as('L-04')
    const notFor = await sendTo(other, `${C('C-12')}/signposts`, told)
    assert.deepEqual([notFor.status, notFor.codes], [422, ['entry.not-for']], notFor.message)
    assert.equal((await named(await scenes.as('L-01'))).length, 1)
  })

  it('TSI-165 each suggestion is signposted, in use or not relevant with a reason; what is undecided is told and bars nothing', async () => {
    await scenes.begin('tsi-catalogue')
    const leader = await scenes.as('L-01')
    const path = `${C('C-01')}/signposts`
    type Told = { suggested: { programme: string; decided: string | null }[]; undecided: string[] }
    const now = async () => (await leader.get(path)).json<Told>()
    const before = await now()
    assert.ok(before.suggested.length > 2 && before.undecided.length > 1)
    const [first, second] = before.suggested.filter(({ programme }) => /hub/.test(programme))
    const decision = { area: 'behaviour', date: '2024-02-12' }
    const silent = await sendTo(leader, path, { ...decision, programme: first?.programme, kind: 'not-relevant' })
    assert.deepEqual([silent.status, silent.codes], [422, ['reason.missing']])
    const why = { ...decision, programme: first?.programme, kind: 'not-relevant', reason: 'Done last year' }
    assert.equal((await sendTo(leader, path, why)).status, 201)
    assert.equal(
      (await sendTo(leader, path, { ...decision, programme: second?.programme, kind: 'in-use' })).status,
      201,
    )
    const after = await now()
    assert.equal(after.suggested.find(({ programme }) => programme === first?.programme)?.decided, 'not-relevant')
    assert.equal(after.undecided.length, before.undecided.length - 2)
    assert.match((await leader.get('/cases/C-01/plan')).text, /Suggested and not decided on yet:/)
  })

  it('TSI-176 whom tutoring is for first is guidance; personalised support is asked for from the case, dated, at the mailbox of the programme', async () => {
    await scenes.begin('tsi-catalogue')
    const leader = await scenes.as('L-01')
    const entry = await leader.get('/programmes/tsi@2023-24/catalogue/tutoring?school=900001')
    assert.match(entry.text, /First: disadvantaged pupils.*First: pupils below the test or grade boundary/)
    const page = await leader.get('/cases/C-01/signposts/note')
    assert.match(page.text, /Personalised support asked for/)
    const sent = await leader.post('/cases/C-01/signposts/note', {
      about: 'tutoring/personalised-support',
      words: 'For other pupils too',
      'date-day': '12',
      'date-month': '2',
      'date-year': '2024',
    })
    assert.equal(sent.status, 303, sent.text)
    const [kept] = await named(leader)
    assert.deepEqual([kept?.programme, kept?.toldOn], ['tutoring', '2024-02-12'])
    assert.match(
      (await leader.get('/cases/C-01/plan')).text,
      /12 February 2024 Support request · to NTP\.Engagement@education\.gov\.uk · For other pupils too/,
    )
    const other = { programme: 'tutoring', kind: 'note', note: 'personalised-support', date: '2024-02-12' }
    assert.equal((await sendTo(leader, `${C('C-01')}/signposts`, other)).status, 201)
  })

  it('TSI-205 use of the sport premium is noted for schools with primary pupils alone; outside its conditions needs a note', async () => {
    await scenes.begin('tsi-catalogue')
    const leader = await scenes.as('L-01')
    const entry = '/programmes/tsi@2023-24/catalogue/pe-premium'
    const conditions = /Additional: .*Sustainable.*develops or adds to the offer.*benefits pupils who join later/
    assert.match((await leader.get(`${entry}?school=900001`)).text, conditions)
    const path = `${C('C-01')}/signposts`
    const noted = { about: 'pe-premium/use-discussed', date: '2024-02-12' }
    const silent = await sendTo(leader, path, { ...noted, answer: 'no' })
    assert.deepEqual([silent.status, silent.codes, silent.fields], [422, ['words.missing'], ['words']])
    assert.equal((await named(leader)).length, 0)
    for (const more of [{ answer: 'no', words: 'Pays for the usual coach' }, { answer: 'yes' }, { answer: 'unknown' }])
      assert.equal((await sendTo(leader, path, { ...noted, ...more })).status, 201, more.answer)
    assert.match((await leader.get('/cases/C-01/plan')).text, /within the conditions\? · No · Pays for the usual coach/)
    const nothing = await leader.post('/cases/C-01/signposts/note', { about: '' })
    assert.match(nothing.text, /There is a problem Choose what you note/)

    const secondary = await scenes.as('L-03')
    assert.doesNotMatch((await secondary.get('/cases/C-12/signposts/note')).text, /sport premium/)
    assert.doesNotMatch((await secondary.get(`${entry}?school=900012`)).text, conditions)
    assert.deepEqual((await sendTo(secondary, `${C('C-12')}/signposts`, { ...noted, answer: 'yes' })).codes, [
      'entry.not-for',
    ])
  })

  it('TSI-192 supervision and counselling are named as any programme, and nothing is kept of who uses them', async () => {
    await scenes.begin('tsi-catalogue')
    const leader = await scenes.as('L-03')
    const path = `${C('C-12')}/signposts`
    type Told = { suggested: { programme: string }[]; signposts: object[] }
    const told = async () => (await leader.get(path)).json<Told>()
    const ids = (await told()).suggested.map(({ programme }) => programme)
    for (const programme of ['leaders-supervision', 'wellbeing-charter'])
      assert.ok(ids.includes(programme), `${programme} is suggested for workload`)
    const body = {
      programme: 'leaders-supervision',
      area: 'workload-staffing',
      date: '2024-02-12',
      told: 'Head teacher',
    }
    const made = await sendTo(leader, path, body)
    assert.equal(made.status, 201, made.message)
    const [kept] = (await told()).signposts
    assert.deepEqual(Object.keys(kept ?? {}).toSorted(), [
      'access',
      'area',
      'details',
      'id',
      'kind',
      'kindInWords',
      'madeBy',
      'programme',
      'reason',
      'title',
      'toldOn',
      'toldWhom',
    ])
    assert.doesNotMatch(JSON.stringify(kept), /health|illness|uses/i)
    assert.match(JSON.stringify(kept), /2024-02-12/)
  })

  it('a leader who leaves: the case in S04 with six days for the successor, and the days done stay claimable', async () => {
    await scenes.begin('tsi-running')
    const leader = await scenes.as('L-01')
    const gone = { date: '2024-01-22', why: 'Illness' }
    assert.equal((await leader.act('C-01', 'leader-leaves', gone)).status, 200)
    const [rdp, rg] = [await scenes.as('dp-ne'), await scenes.as('rg-ne')]
    for (const by of [rdp, rg])
      assert.ok(
        (await work(by)).notices.some(({ reference, words }) => reference === 'C-01' && /no longer/i.test(words)),
      )
    const left = await rdp.read('C-01')
    assert.deepEqual([left.stage, left.leader, left.open.map(({ step }) => step)], ['S04', null, ['propose']])
    const days = await log(rdp, 'C-01')
    assert.deepEqual([days.agreedDays, days.usedDays, days.claimableDays], [10, 4, 4])
    const claim = await rdp.get('/api/v1/cases/C-01-1')
    assert.deepEqual([claim.status, claim.json<{ asked: object | null }>().asked], [200, null], 'nobody asked for it')
  })

  it('TSI-126 half of the days used, the mid review is asked for, its return reaches the delivery partner, and no form goes without it', async () => {
    await scenes.begin('tsi-running', '2024-01-24')
    const [leader, rdp] = [await scenes.as('L-01'), await scenes.as('dp-ne')]
    const isAsked = async () =>
      (await work(leader)).open.some(({ step, reference }) => step === 'mid-review' && reference === 'C-01')
    assert.equal(await isAsked(), false)
    const fifth = { date: '2024-01-24', days: 1, step: 'development', state: 'validated', kind: 'bespoke' }
    assert.equal((await sendTo(leader, `${C('C-01')}/log`, fifth)).status, 201)
    assert.equal(await isAsked(), true)
    assert.match((await rdp.get('/my-work')).text, /Waiting on others.*Mid review Larkbeck Primary School C-01/)
    const saved = await formOfCase(leader, 'C-01').complete('mid', MID)
    assert.equal(saved.status, 200, saved.message)
    assert.equal(await isAsked(), false)
    const returned = (await work(rdp)).notices.find(
      ({ reference, words }) => reference === 'C-01' && /^Mid review/.test(words),
    )
    assert.ok(returned, 'the return is told')
    const done = (await rdp.read('C-01')).done.find(({ step }) => step === 'mid-review')
    assert.equal(done?.doneOn, '2024-01-24')

    await scenes.begin('tsi-s13', '2024-03-14')
    const other = await scenes.as('L-04')
    const form = formOfCase(other, 'C-16')
    assert.equal((await form.save('mid', { fields: { progress: 'on-track' } })).status, 200, 'a draft again')
    const refused = await form.submit()
    assert.equal(refused.status, 422)
    assert.match(refused.message, /Signature of the leader missing[^|]* \| Section 3 is not complete/)
    assert.doesNotMatch(refused.message, /meeting/, 'only what leads to it is named')
    assert.deepEqual((await form.sign('leader')).codes, ['check.mid'])
    assert.equal((await form.complete('mid', MID)).status, 200)
    assert.doesNotMatch((await form.submit()).message, /Section 3/)
    assert.equal((await form.sign('leader')).status, 200)
  })
})

describe('First visits', () => {
  it('TSI-064 help with governance comes from the leader’s own organisation, or as the delivery partner instructs', async () => {
    await scenes.begin('tsi-s09-start')
    const [leader, rdp] = [await scenes.as('L-01'), await scenes.as('dp-ne')]
    const helps = { external: 'beneficial', reason: 'Papers are thin' }
    assert.equal((await leader.act('C-16', 'governance-question', helps)).status, 200)
    const own = await leader.postJson(`${C('C-16')}/actions/governance-own`, {})
    assert.match(own.body, /No strategy of the plan is about Governance \/ Trust yet/)
    assert.equal((await leader.act('C-16', 'governance-ask', { need: 'A review' })).status, 200)
    const asked = async (by: Person) =>
      (await work(by)).open.filter(({ reference, step }) => reference === 'C-16' && step === 'instruct-governance')
    assert.deepEqual(
      (await asked(rdp)).map(({ openWorkingDays }) => openWorkingDays),
      [0],
    )
    await scenes.moveTo('2023-12-06')
    const partner = await scenes.as('dp-ne')
    assert.equal((await asked(partner))[0]?.openWorkingDays, 2)
    const words = { instruction: 'Ask the board network', date: '2023-12-06' }
    assert.equal((await partner.step('C-16', 'instruct-governance', words)).status, 200)
    assert.deepEqual(await asked(partner), [])
    const back = await scenes.as('L-01')
    assert.ok((await work(back)).notices.some((one) => one.reference === 'C-16' && /governance/.test(one.words)))
    assert.match((await back.get('/cases/C-16')).text, /Ask the board network/)
    const alone = await (await scenes.as('L-02')).act('C-10', 'governance-question', helps)
    assert.equal(alone.status, 200, alone.message)
    const nle = await (await scenes.as('L-02')).act('C-10', 'governance-own')
    assert.deepEqual(nle.codes, ['check.alone'])
  })
})
