import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { PACKS_FOLDER } from '../app.ts'
import { loadPacks } from '../programmes/index.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { type LogView, openWorkingCase, type WorkingCase } from './test-work.ts'

let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-12-04')
})
after(() => desk.close())

const notices = async (person: Person) =>
  (await person.get('/api/v1/work')).json<{
    notices: { reference: string; words: string }[]
    open: { step: string; reference: string }[]
  }>()

type List = {
  id: string
  complete: boolean
  items: { id: string; action: string | null }[]
  warnings: string[]
  guidance: string[]
  resources: { id: string; title: string; status: string | null }[]
  yearly: { state: string; words: string } | null
}
type PlanView = {
  aim: { value: string; title: string; isDefault: boolean }
  planner?: { rows: { steps: string[]; days: number }[]; warnings: string[]; shared: boolean }
  steps: {
    id: string
    sections: { number: number; title: string; href: string }[]
    resources: { title: string }[]
    kinds: string[]
  }[]
  examples: { id: string; fits: boolean }[]
  strategies: { id: number; area: string; action: string }[]
  themes: { id: string; title: string; state: string; catalogue: boolean }[]
  warnings: string[]
}

const STEPS = [
  'start-up',
  'scoping',
  'explore',
  'use-of-evidence',
  'approved-support',
  'mid-review',
  'development',
  'strong-trusts',
  'sustained',
  'closure',
]
const rowsOf = (days: number, steps = STEPS) => steps.map((step) => ({ steps: [step], days }))

/** What loading says of the shipped pack with its plan of the work changed. */
async function loadChanged(from: string, to: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packs-'))
  await cp(join(PACKS_FOLDER, 'tsi'), join(folder, 'tsi'), { recursive: true })
  const file = join(folder, 'tsi', '2023-24', 'work.yaml')
  const text = await readFile(file, 'utf8')
  assert.ok(text.includes(from))
  await writeFile(file, text.replace(from, to))
  const loaded = await loadPacks(folder)
  await rm(folder, { recursive: true })
  return loaded.ok ? '' : JSON.stringify(loaded.refusals)
}

describe('The plan of a single school', () => {
  let work: WorkingCase
  before(async () => {
    work = await openWorkingCase(desk, { urn: 900016, leader: 'L-01', school: 'head-900016' })
  })
  const lists = async (by: Person = work.leader) =>
    new Map((await work.read<{ lists: List[] }>(by, '/lists')).lists.map((list) => [list.id, list]))
  const plan = (by: Person = work.leader) => work.read<PlanView>(by, '/plan')

  it('TSI-002 a school without a trust is tied to a strong one unless another aim is given with its reason', async () => {
    assert.deepEqual((await plan()).aim.value, 'link')
    const inTrust = await work.rg.start({ urn: 900002 })
    const other = (await work.rg.get(`/api/v1/cases/${inTrust}/plan`)).json<PlanView>()
    assert.equal(other.aim.value, 'strengthen')
    const bare = await work.rdp.act(work.reference, 'set-aim', { aim: 'other' })
    assert.equal(bare.status, 422)
    assert.match(bare.message, /why another aim/)
    assert.equal((await plan()).aim.value, 'link', 'nothing was saved')
    assert.equal(
      (await work.rdp.act(work.reference, 'set-aim', { aim: 'other', reason: 'A federation is planned' })).status,
      200,
    )
    assert.deepEqual((await plan()).aim.title, 'Another aim')
  })

  it('TSI-118 steps 1 and 10 stay in every plan, the others may be dropped, merged and put in another order', async () => {
    const without = await work.send(work.leader, '/plan', { rows: rowsOf(0.5, STEPS.slice(0, 9)) })
    assert.match(without.message, /Step 10 \(Closure\)/)
    const first = await work.send(work.leader, '/plan', { rows: rowsOf(0.5, STEPS.slice(1)) })
    assert.match(first.message, /Step 1 \(Start-up\)/)
    const order = [
      'start-up',
      'scoping',
      'explore',
      'use-of-evidence',
      'mid-review',
      'approved-support',
      'strong-trusts',
      'sustained',
      'closure',
    ]
    const saved = await work.send(work.leader, '/plan', { rows: rowsOf(0.5, order) })
    assert.equal(saved.status, 200, saved.message)
    assert.deepEqual(
      (await plan()).planner?.rows.map(({ steps }) => steps[0]),
      order,
    )
    const merged = [
      { steps: ['start-up', 'scoping'], days: 1 },
      { steps: ['closure'], days: 1 },
    ]
    assert.equal((await work.send(work.leader, '/plan', { rows: merged })).status, 200)
    await work.send(work.leader, '/strategies', { area: 'behaviour', action: 'a', owner: 'o', due: '2024-02-01' })
    assert.equal((await work.leader.step(work.reference, 'work')).stage, 'S10', 'dropping a step bars nothing')
    const end = await work.leader.step(work.reference, 'wind-up')
    assert.match(end.message, /Step 1 \(Start-up\) has no day in the log/)
    assert.match(end.message, /Step 10 \(Closure\) has no day in the log/)
  })

  it('TSI-119 ten steps of 0.8 days are no plan, of 8 days in halves they are one, and 8.5 of 8 days are refused', async () => {
    assert.equal((await work.rg.act(work.reference, 'fewer-days', { days: '8' })).status, 200)
    const eight = STEPS.map((step, at) => ({ steps: [step], days: at < 4 ? 0.5 : 1 }))
    assert.equal((await work.send(work.leader, '/plan', { rows: eight })).status, 200)
    const more = eight.map((row, at) => (at === 0 ? { ...row, days: 1 } : row))
    const refused = await work.send(work.leader, '/plan', { rows: more })
    assert.match(refused.message, /The plan has 8.5 days; 8 are agreed/)
    assert.equal((await work.send(work.leader, '/plan', { rows: rowsOf(0.8) })).codes[0], 'plan.halves')
  })

  it('is the leader’s own until it is shared', async () => {
    await work.send(work.leader, '/plan', { rows: rowsOf(0.5) })
    assert.equal((await plan(work.rdp)).planner, undefined)
    assert.equal((await plan(work.head)).planner, undefined)
    await work.send(work.leader, '/plan', { rows: rowsOf(0.5), shared: true })
    assert.equal((await plan(work.rdp)).planner?.rows.length, 10)
    assert.equal((await plan(work.head)).planner, undefined)
  })

  it('warns when no day is meant for steps 4 to 8', async () => {
    const early = [
      { steps: ['start-up'], days: 4 },
      { steps: ['scoping'], days: 2 },
      { steps: ['explore'], days: 1 },
      { steps: ['closure'], days: 0 },
    ]
    await work.send(work.leader, '/plan', { rows: early })
    assert.match((await plan()).planner?.warnings.join() ?? '', /No bespoke delivery/)
    await work.send(work.leader, '/plan', {
      rows: [
        ...early.slice(1),
        { steps: ['start-up', 'use-of-evidence'], days: 0 },
        { steps: ['strong-trusts'], days: 1 },
      ],
    })
    assert.deepEqual((await plan()).planner?.warnings, [])
  })

  it('TSI-129 steps link to sections and resources, and a pack that links to a section that is not there is refused', async () => {
    const { steps } = await plan()
    const titles = (id: string) => steps.find((step) => step.id === id)?.resources.map(({ title }) => title)
    assert.deepEqual(titles('development'), ['EEF Effective Professional Development'])
    assert.deepEqual(titles('strong-trusts'), ['Building Strong Academy Trusts'])
    const numbers = steps.flatMap(({ sections }) => sections.map(({ number }) => number))
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8])
    const [third] = steps.find(({ id }) => id === 'mid-review')?.sections ?? []
    const planner = await work.leader.get(`/cases/${work.reference}/planner`)
    assert.ok(planner.body.includes(`href="${third?.href}"`))
    assert.match((await work.leader.get(third?.href ?? '')).text, /Mid engagement/)
    const refused = await loadChanged('sections: [mid]', 'sections: [section-9]')
    assert.match(refused, /work\.yaml:\d+:\d+: .*links to the section section-9, which the form does not have/)
  })

  it('TSI-121 the worked example that fits comes first, and for another school it is another example', async () => {
    const { examples } = await plan()
    assert.deepEqual(examples[0], { ...examples[0], id: 'secondary-maintained', fits: true })
    const primary = await work.rg.start({ urn: 900009 })
    const other = (await work.rg.get(`/api/v1/cases/${primary}/plan`)).json<PlanView>()
    assert.deepEqual(
      other.examples.map(({ fits }) => fits),
      [false],
    )
    assert.match(
      (await work.leader.get(`/cases/${work.reference}/plan`)).text,
      /Worked examples .*A maintained secondary school, Requires improvement yes/,
    )
  })

  it('TSI-152 the school list has seven items, and what is not in place is offered as an improvement action', async () => {
    const school = (await lists()).get('attendance-school')
    assert.equal(school?.items.length, 7)
    assert.equal(
      (
        await work.send(work.leader, '/lists/attendance-school', {
          culture: 'absent',
          'note-culture': 'No champion yet',
        })
      ).status,
      200,
    )
    const item = (await lists()).get('attendance-school')?.items.find(({ id }) => id === 'culture')
    assert.equal(item?.action, 'offered')
    assert.equal((await work.send(work.leader, '/lists/attendance-school', { culture: 'nonsense' })).status, 422)
    const taken = {
      area: 'attendance',
      action: 'Name a champion',
      owner: 'Head',
      due: '2024-02-01',
      checklist: 'attendance-school',
      item: 'culture',
    }
    assert.equal((await work.send(work.leader, '/strategies', taken)).status, 201)
    assert.ok((await plan()).strategies.some(({ area }) => area === 'attendance'))
  })

  it('TSI-154 an adviser without a day of discussion is warned of', async () => {
    await work.send(work.leader, '/lists/attendance-exploration', {
      adviser: 'yes',
      gap: '4.5',
      'premium-used': 'no',
      'governance-supports': 'yes',
    })
    assert.match((await lists()).get('attendance-exploration')?.warnings.join() ?? '', /work may be done twice/)
    await work.send(work.leader, '/lists/attendance-exploration', { 'adviser-discussed': '2023-12-09' })
    assert.deepEqual((await lists()).get('attendance-exploration')?.warnings, [])
  })

  it('TSI-155 four resources stand beside attendance, the report only where daily data is shared, each with what it is', async () => {
    const count = async () => (await lists()).get('attendance-school')?.resources.length
    assert.equal(await count(), 4)
    const exploration = (await lists()).get('attendance-exploration')
    assert.equal(
      exploration?.resources.some(({ id }) => id === 'attendance-reports'),
      false,
    )
    await work.send(work.leader, '/lists/attendance-exploration', { 'shares-daily': 'yes' })
    assert.equal((await lists()).get('attendance-exploration')?.resources.length, 4)
    const page = (await work.leader.get(`/cases/${work.reference}/lists/attendance-school`)).text
    assert.match(page, /non-statutory, intended to become statutory/i)
    const address = 'link: "https://www.gov.uk/guidance/access-your-school-attendance-data", cites'
    assert.match(await loadChanged(address, 'link: nowhere, cites'), /is no web address/)
  })

  it('TSI-156 five steps appear with the area, and step 5 before step 4 is noticed and saved', async () => {
    assert.equal((await lists()).has('premium-steps'), false)
    await work.send(work.leader, '/strategies', { area: 'pupil-premium', action: 'a', owner: 'o', due: '2024-02-01' })
    assert.equal((await lists()).get('premium-steps')?.items.length, 5)
    const saved = await work.send(work.leader, '/lists/premium-steps', {
      evaluate: 'completed',
      implement: 'under-way',
    })
    assert.equal(saved.status, 200)
    const list = (await lists()).get('premium-steps')
    assert.match(list?.warnings.join() ?? '', /Step 5 is done while step 4 is open/)
    await work.send(work.leader, '/lists/premium-steps', { implement: 'completed' })
    assert.deepEqual((await lists()).get('premium-steps')?.warnings, [])
  })

  it('TSI-158 spending outside the menu needs a note and becomes an action of the plan', async () => {
    const bare = await work.send(work.leader, '/lists/premium-spending', { menu: 'outside-menu' })
    assert.deepEqual(bare.fields, ['note-menu'])
    const before = (await plan()).strategies.filter(({ area }) => area === 'pupil-premium').length
    await work.send(work.leader, '/lists/premium-spending', { menu: 'outside-menu', 'note-menu': 'Trips for all' })
    const after = (await plan()).strategies.filter(({ area }) => area === 'pupil-premium')
    assert.equal(after.length, before + 1)
    assert.match(after.map(({ action }) => action).join(), /Trips for all/)
    assert.match((await lists()).get('premium-spending')?.guidance.join() ?? '', /pupil premium numbers/)
  })

  it('says how the yearly statement stands', async () => {
    desk.setToday('2023-12-20')
    assert.equal((await lists()).get('premium-statement')?.yearly?.words, 'due 31 December 2023')
    desk.setToday('2024-01-02')
    assert.equal((await lists()).get('premium-statement')?.yearly?.state, 'overdue')
    await work.send(work.head, '/lists/premium-statement', {
      published: '2023-12-18',
      address: 'https://school.example.org/pp',
      template: 'no',
    })
    const list = (await lists()).get('premium-statement')
    assert.equal(list?.yearly?.state, 'met')
    assert.match(list?.warnings.join() ?? '', /not on the department/)
  })

  it('TSI-116 nine themes are covered, set aside with a reason, or open and told with what the catalogue has', async () => {
    const cover = {
      leadership: 1,
      'governance-trust': 1,
      finance: 1,
      'curriculum-teachers': 1,
      'wellbeing-safeguarding': 1,
    }
    for (const area of Object.keys(cover))
      await work.send(work.leader, '/strategies', { area, action: 'a', owner: 'o', due: '2024-02-01' })
    assert.equal((await work.send(work.leader, '/themes', { theme: 'pedagogy', reason: 'Strong already' })).status, 200)
    const { themes, warnings } = await plan()
    assert.equal(themes.length, 9)
    const open = themes.filter(({ state }) => state === 'open')
    assert.deepEqual(
      open.map(({ title }) => title),
      ['Workload'],
    )
    assert.equal(open[0]?.catalogue, true)
    assert.match(warnings.join(), /Open themes: workload/)
    const page = await work.leader.get(`/cases/${work.reference}/plan`)
    const href = page.body.match(/href="([^"]+)"[^>]*>Catalogue for workload/)?.[1] ?? ''
    assert.match((await work.leader.get(href)).text, /workload reduction toolkit/i)
  })
})

describe('Notes, contact and questions of a case', () => {
  let work: WorkingCase
  before(async () => {
    work = await openWorkingCase(desk, { urn: 900010, leader: 'L-02', school: 'head-900010', scoped: false })
  })

  it('TSI-056 leader and school see what is shared and nothing that is internal', async () => {
    const before = (await work.read<{ context: { words: string }[] }>(work.leader, '/notes')).context.map(
      ({ words }) => words,
    )
    assert.deepEqual(before, ['What both sides should know', 'We have a new head of maths'])
    assert.equal((await work.send(work.rg, '/notes', { audience: 'internal', words: 'Between ourselves' })).status, 201)
    assert.equal((await work.send(work.rg, '/notes', { audience: 'shared', words: 'For everybody' })).status, 201)
    assert.equal((await work.send(work.head, '/notes', { audience: 'internal', words: 'x' })).status, 403)
    for (const person of [work.leader, work.head]) {
      const { notes } = await work.read<{ notes: { words: string }[] }>(person, '/notes')
      assert.deepEqual(
        notes.map(({ words }) => words),
        ['For everybody'],
      )
      const page = await person.get(`/cases/${work.reference}/notes`)
      assert.match(page.text, /For everybody/)
      assert.doesNotMatch(page.text, /Between ourselves/)
    }
    assert.equal((await work.read<{ notes: unknown[] }>(work.rdp, '/notes')).notes.length, 2)
    assert.equal((await work.send(work.leader, '/lists/strengths-and-needs', { strengths: 'Music' })).status, 200)
    const list = (await work.read<{ lists: { id: string; items: { value: string }[] }[] }>(work.head, '/lists')).lists
    assert.equal(list.find(({ id }) => id === 'strengths-and-needs')?.items[0]?.value, 'Music')
  })

  it('TSI-079 after twenty working days without contact the case is listed until a contact is noted', async () => {
    const due = async () =>
      (await work.rdp.get('/api/v1/contact-due'))
        .json<{ cases: { reference: string }[] }>()
        .cases.map(({ reference }) => reference)
    desk.setToday('2024-01-08')
    const contact = { date: '2024-01-08', channel: 'phone', note: 'Going well' }
    assert.equal((await work.rdp.act(work.reference, 'keep-contact', contact)).status, 200)
    desk.setToday('2024-02-05')
    assert.equal((await due()).includes(work.reference), false)
    desk.setToday('2024-02-06')
    assert.equal((await due()).includes(work.reference), true)
    assert.equal((await work.leader.get('/api/v1/contact-due')).json<{ cases: unknown[] }>().cases.length, 0)
    assert.equal((await work.rdp.act(work.reference, 'keep-contact', { ...contact, date: '2024-02-06' })).status, 200)
    assert.equal((await due()).includes(work.reference), false)
  })

  it('TSI-194 a national leader works alone until a wider team is agreed, and only from that day on', async () => {
    const person = { person: 'head-900044@example.org', specialism: 'finance' }
    const alone = await work.send(work.leader, '/team', person)
    assert.deepEqual(alone.codes, ['check.alone'])
    assert.equal((await work.leader.act(work.reference, 'ask-team', { for: 'A colleague for phonics' })).status, 200)
    assert.equal(
      (await work.rg.step(work.reference, 'decide-team', { outcome: 'agreed', date: '2024-01-10', scope: 'Phonics' }))
        .status,
      422,
    )
    assert.equal((await work.rdp.step(work.reference, 'forward-team', { outcome: 'forward' })).status, 200)
    const agreed = await work.rg.step(work.reference, 'decide-team', {
      outcome: 'agreed',
      date: '2024-01-10',
      scope: 'Phonics',
    })
    assert.equal(agreed.status, 200, agreed.message)
    const { db } = desk.service.database
    const colleague = await addColleague(db)
    const member = await work.send(work.leader, '/team', { person: colleague, specialism: 'subject' })
    assert.equal(member.status, 201, member.message)
    const day = { days: 1, step: 'explore', performer: String(member.id) }
    assert.deepEqual((await work.log(work.leader, { ...day, date: '2024-01-09' })).codes, ['check.before-agreement'])
    assert.equal((await work.log(work.leader, { ...day, date: '2024-01-12' })).status, 201)
    const ofSchool = { person: 'bettina.ryhopewell@example.org', specialism: 'subject' }
    const second = await work.send(work.leader, '/team', ofSchool)
    assert.equal(second.status, 201, 'a member of the organisation of the leader’s own school')
  })

  it('days of steps 4 to 8 are not validated before visit and section 2', async () => {
    const day = await work.log(work.leader, { date: '2024-01-15', days: 1, step: 'approved-support' })
    const early = await work.send(work.leader, `/log/${day.id}/move`, { state: 'validated' })
    assert.match(early.message, /Section 2 incomplete/)
  })

  it('asks whether governance needs help from outside, and the delivery partner says what is to be done', async () => {
    const open = await work.leader.step(work.reference, 'scoping')
    assert.match(open.message, /governance question is not answered/)
    const answer = {
      external: 'effective',
      reason: 'The board is effective',
      chair: '2023-12-01',
      minutes: '2023-12-03',
    }
    assert.equal((await work.leader.act(work.reference, 'governance-question', answer)).status, 200)
    assert.doesNotMatch((await work.leader.step(work.reference, 'scoping')).message, /governance/)
    const help = { date: '2024-01-16', days: 1, step: 'explore', external: 'Review of governance' }
    assert.deepEqual((await work.log(work.leader, help)).codes, ['check.instructed'])
    await work.leader.act(work.reference, 'governance-question', { external: 'beneficial', reason: 'Papers are thin' })
    assert.equal((await work.leader.act(work.reference, 'governance-ask', { need: 'A review' })).status, 200)
    const waiting = (await notices(work.rdp)).open.filter(
      ({ step, reference }) => step === 'instruct-governance' && reference === work.reference,
    )
    assert.equal(waiting.length, 1)
    assert.equal(
      (
        await work.rdp.step(work.reference, 'instruct-governance', {
          instruction: 'Ask the board network',
          date: '2024-02-06',
        })
      ).status,
      200,
    )
    assert.ok(
      (await notices(work.leader)).notices.some(({ words }) =>
        words.startsWith('Instruction on support for governance'),
      ),
    )
    const saved = await work.log(work.leader, { ...help, state: 'validated' })
    assert.equal(saved.status, 201, saved.message)
    assert.equal((await work.read<LogView>(work.leader, '/log')).items.find(({ id }) => id === saved.id)?.claimable, 0)
  })

  it('a note of visit is written, sent, answered beside each judgement, and final', async () => {
    const note = await work.send(work.leader, '/visit-notes', {
      date: '2024-01-10',
      seen: 'Lessons in year 5',
      judgements: ['Behaviour is calm', 'Books vary'],
    })
    assert.equal(note.status, 201, note.message)
    const seen = async () =>
      (
        await work.read<{ notes: { id: number; state: string; judgements: { reply: string | null }[] }[] }>(
          work.head,
          '/visit-notes',
        )
      ).notes
    assert.equal((await seen()).length, 0, 'a draft is the leader’s alone')
    assert.equal((await work.send(work.leader, `/visit-notes/${note.id}/final`)).status, 422)
    assert.equal((await work.send(work.leader, `/visit-notes/${note.id}/send`)).status, 200)
    assert.equal(
      (await work.send(work.leader, `/visit-notes/${note.id}`, { date: '2024-01-10', seen: 'Changed' })).status,
      422,
    )
    assert.equal(
      (await work.send(work.head, `/visit-notes/${note.id}/answer`, { accurate: 'no' })).fields[0],
      'comment',
    )
    const answer = { accurate: 'no', comment: 'Year 6 was not seen', 'reply-2': 'Books of year 5 only' }
    assert.equal((await work.send(work.head, `/visit-notes/${note.id}/answer`, answer)).status, 200)
    assert.equal((await seen())[0]?.judgements[1]?.reply, 'Books of year 5 only')
    assert.equal((await work.send(work.leader, `/visit-notes/${note.id}/final`)).status, 200)
    assert.equal((await seen())[0]?.state, 'final')
  })
})

/** Somebody of the school of L-02, who has an account and a role there. */
async function addColleague(db: CaseDesk['service']['database']['db']): Promise<string> {
  const { placePerson } = await import('../accounts/index.ts')
  const email = 'phonics.lead@example.org'
  const grant = {
    programme: 'tsi',
    role: 'school-staff',
    scopeKind: 'establishment',
    scopeValues: ['900044'],
    from: '2020-09-01',
    to: null,
  } as const
  await db.transaction().execute((tx) =>
    placePerson(tx, {
      ids: ['phonics'],
      name: 'Una Brackenbury',
      email,
      organisation: null,
      approver: false,
      grants: [grant],
    }),
  )
  return email
}

describe('Level of support for a trust', () => {
  it('TSI-199 goes to a school only with the assessment discussed, found sound and agreed by the trust', async () => {
    const work = await openWorkingCase(desk, { trust: 'T-01', leader: 'L-03', school: 'ceo-01' })
    const level = async () => (await work.rg.get(`/api/v1/cases/${work.reference}`)).json<{ level: string }>().level
    assert.equal(await level(), 'trust')
    const bare = await work.leader.act(work.reference, 'to-school-level', { conclusion: 'not-sound' })
    assert.deepEqual(bare.codes, ['check.date', 'check.sound', 'check.agreed'])
    assert.equal((await work.head.act(work.reference, 'trust-agrees', {})).status, 200)
    const date = await work.leader.act(work.reference, 'to-school-level', { conclusion: 'sound' })
    assert.deepEqual(date.codes, ['check.date'])
    assert.equal(
      (await work.leader.act(work.reference, 'to-school-level', { date: '2023-12-06', conclusion: 'sound' })).status,
      200,
    )
    assert.equal(await level(), 'school')
    assert.ok(
      (await notices(work.rdp)).notices.some(
        ({ words, reference }) => reference === work.reference && words.startsWith('Support at school level'),
      ),
    )
    const { lists } = await work.read<{ lists: { id: string; items: unknown[] }[] }>(work.leader, '/lists')
    assert.equal(lists.find(({ id }) => id === 'attendance-trust')?.items.length, 4)
    assert.equal(
      lists.some(({ id }) => id === 'attendance-school'),
      false,
    )
  })
})
