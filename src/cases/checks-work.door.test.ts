import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { closureOf, formOfCase, scopeOf } from '../../world/deployment-form.ts'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'
import type { LogView } from './test-work.ts'

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

const C = (reference: string) => `/api/v1/cases/${reference}`
const log = async (by: Person, reference: string) => (await by.get(`${C(reference)}/log`)).json<LogView>()
const notices = async (by: Person) =>
  (await by.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
type List = {
  id: string
  complete: boolean
  warnings: string[]
  items: { id: string }[]
  yearly: { state: string; words: string } | null
}
const lists = async (by: Person, reference: string) =>
  (await by.get(`${C(reference)}/lists`)).json<{ lists: List[] }>().lists
const stateOf = async (by: Person, reference: string, number: number) =>
  (await formOfCase(by, reference).read()).json.sections.find((one: { number: number }) => one.number === number)?.state
const effective = { external: 'effective', reason: 'The board asks well' }
const behaviour = scopeOf({ behaviour: ['coaching'] })

describe('First visits and scoping', () => {
  before(() => scenes.begin('tsi-s09-start'))

  it('TSI-063 scoping is not complete while the governance question is open; ticks with dates are shown and not needed', async () => {
    const leader = await scenes.as('L-01')
    const form = formOfCase(leader, 'C-16')
    assert.equal((await form.complete('scope', behaviour)).status, 200)
    const open = await leader.step('C-16', 'scoping')
    assert.deepEqual(open.codes, ['check.governance'])
    assert.match(open.message, /governance question is not answered/)
    assert.deepEqual((await leader.act('C-16', 'governance-question', { external: 'effective' })).codes, [
      'field.missing',
    ])
    const ticks = { external: 'effective', reason: 'Board effective', chair: '2023-12-01', minutes: '2023-12-03' }
    assert.equal((await leader.act('C-16', 'governance-question', ticks)).status, 200)
    assert.equal((await leader.step('C-16', 'scoping')).status, 200)
    const page = (await leader.get('/cases/C-16')).text
    for (const words of [/Board effective/, /1 December 2023/, /3 December 2023/]) assert.match(page, words)
    const other = await scenes.as('L-06')
    assert.equal((await formOfCase(other, 'C-24').complete('scope', behaviour)).status, 200)
    assert.equal(
      (await other.act('C-24', 'governance-question', { external: 'undecided', reason: 'Not met' })).status,
      200,
    )
    assert.equal((await other.step('C-24', 'scoping')).status, 200)
  })

  it('TSI-022 a case leaves S09 only with a strategy in its plan, and what is built with a trust has its place', async () => {
    const leader = await scenes.as('L-01')
    const visit = { date: '2023-12-04', mode: 'remote', 'reason-mode': 'x', attendees: 'Head' }
    assert.equal((await leader.step('C-16', 'first-visit', visit)).status, 200)
    const blocked = await leader.step('C-16', 'work')
    assert.deepEqual(blocked.codes, ['check.strategy'])
    assert.match(blocked.message, /no improvement strategy yet/)
    assert.equal((await leader.read('C-16')).stage, 'S09')
    const bare = await sendTo(leader, `${C('C-16')}/strategies`, { area: 'behaviour' })
    assert.deepEqual(bare.fields, ['action', 'owner', 'due'])
    const strategy = { area: 'behaviour', action: 'Agree a policy', owner: 'Head', due: '2024-03-01' }
    assert.equal((await sendTo(leader, `${C('C-16')}/strategies`, strategy)).status, 201)
    const met = { 'trust-met': '2023-12-04', 'trust-name': 'Harbour Lamp', 'trust-links': 'Heads visited each other' }
    assert.equal((await sendTo(leader, `${C('C-16')}/lists/trust-relationship`, met)).status, 200)
    assert.equal((await leader.step('C-16', 'work')).stage, 'S10')
  })

  it('TSI-151 a flagged case needs the attendance exploration for section 2, an unflagged one does not', async () => {
    const leader = await scenes.as('L-03')
    const form = formOfCase(leader, 'C-12')
    const incomplete = await form.complete('scope', behaviour)
    assert.deepEqual([incomplete.status, incomplete.codes], [422, ['complete.attendance']])
    assert.match(incomplete.message, /Attendance exploration is missing/)
    assert.equal(await stateOf(leader, 'C-12', 2), 'draft')
    const explored = { explored: '2023-12-04', 'plans-seen': 'yes', findings: 'Calls home are late' }
    assert.equal((await sendTo(leader, `${C('C-12')}/lists/attendance-exploration`, explored)).status, 200)
    assert.equal((await form.complete('scope', behaviour)).status, 200)
    assert.equal(await stateOf(leader, 'C-12', 2), 'complete')
    const other = await scenes.as('L-04')
    const unflagged = scopeOf({ behaviour: ['coaching'] }, { why: 'inadequate' })
    assert.equal((await formOfCase(other, 'C-14').complete('scope', unflagged)).status, 200)
    assert.equal(await stateOf(other, 'C-14', 2), 'complete')
  })

  it('TSI-153 a trust has its four items of attendance, a school in a trust the seven and the four, a single school the seven', async () => {
    const rg = await scenes.as('rg-ne')
    const counts = async (reference: string) => {
      const all = await lists(rg, reference)
      const of = (id: string) => all.find((one) => one.id === id)?.items.length ?? 0
      return [of('attendance-school'), of('attendance-trust')]
    }
    assert.deepEqual(await counts('C-02'), [7, 4])
    assert.deepEqual(await counts('C-16'), [7, 0])
    assert.deepEqual(await counts('C-T1'), [0, 4])
    const page = (await (await scenes.as('L-03')).get('/cases/C-T1/lists/attendance-trust')).text
    for (const words of [
      /ethos and policies/,
      /expectations and duties/,
      /challenged across schools/,
      /Training for staff/,
    ])
      assert.match(page, words)
  })

  it('TSI-098 days of steps 4 to 8 are validated only after visit and section 2, both due on the same day', async () => {
    await scenes.begin('tsi-s09-start', '2023-12-11')
    const leader = await scenes.as('L-04')
    const due = async (reference: string) => {
      const { open } = await leader.read(reference)
      const of = (name: string) => open.find(({ step }) => step === name)?.dueOn
      return [of('first-visit'), of('scoping')]
    }
    const [visitDue, sectionDue] = await due('C-14')
    assert.equal(visitDue, sectionDue)
    const [day] = (await log(leader, 'C-05')).items
    const validate = () => sendTo(leader, `${C('C-05')}/log/${day?.id}/move`, { state: 'validated' })
    const refused = await validate()
    assert.deepEqual(refused.codes, ['check.scoped'])
    assert.match(refused.message, /Section 2 incomplete/)
    const early = { date: '2023-12-11', days: 1, step: 'approved-support', state: 'validated' }
    assert.deepEqual((await sendTo(leader, `${C('C-14')}/log`, early)).codes, ['check.visited', 'check.scoped'])
    await leader.act('C-05', 'governance-question', effective)
    const saved = await formOfCase(leader, 'C-05').complete('scope', behaviour)
    assert.equal(saved.json.state, 'complete', saved.message)
    assert.equal((await validate()).status, 200)
  })
})

it('TSI-159 the yearly statement is due, overdue with an alert, or met; it bars nothing and may be a source', async () => {
  await scenes.begin('tsi-s09-start', '2023-12-20')
  const statement = async () => {
    const found = (await lists(await scenes.as('L-01'), 'C-16')).find(({ id }) => id === 'premium-statement')
    return [found?.yearly?.state, found?.yearly?.words]
  }
  assert.deepEqual(await statement(), ['due', 'due 31 December 2023'])
  await scenes.moveTo('2023-12-31')
  assert.equal((await statement())[0], 'due')
  await scenes.moveTo('2024-01-02')
  assert.deepEqual(await statement(), ['overdue', 'overdue since 31 December 2023'])
  const [leader, head] = [await scenes.as('L-01'), await scenes.as('head-900016')]
  for (const person of [leader, head])
    assert.equal(
      (await notices(person)).filter(
        ({ reference, words }) =>
          reference === 'C-16' && words === 'Overdue since 31 December 2023: Pupil premium statement',
      ).length,
      1,
    )
  assert.equal((await leader.act('C-16', 'governance-question', effective)).status, 200, 'the work goes on')
  const path = `${C('C-16')}/lists/premium-statement`
  const published = { published: '2023-12-18', address: 'https://school.example.org/premium' }
  assert.equal((await sendTo(head, path, { ...published, template: 'yes' })).status, 200)
  assert.deepEqual(await statement(), ['met', 'met: published 18 December 2023'])
  assert.equal((await sendTo(head, path, { template: 'no' })).status, 200)
  const list = (await lists(leader, 'C-16')).find(({ id }) => id === 'premium-statement')
  assert.deepEqual(list?.warnings, ["The statement is not on the department's template"])
  const scope = scopeOf({ behaviour: ['coaching'] })
  const rows = {
    areas: {
      ...scope.rows.areas,
      behaviour: { focus: 'yes', mechanisms: ['coaching'], sources: ['premium-statement'] },
    },
  }
  assert.equal((await formOfCase(leader, 'C-16').complete('scope', { ...scope, rows })).status, 200)
})

describe('Support under way', () => {
  before(() => scenes.begin('tsi-running', '2024-01-24'))

  it('TSI-122 step 1 counts as done with the day of the call and a timeline, and is the leader’s own', async () => {
    const leader = await scenes.as('L-01')
    const list = async () => (await lists(leader, 'C-01')).find(({ id }) => id === 'start-up-list')
    const ticks = { objectives: 'yes', structures: 'yes', 'safe-working': 'yes', 'checklist-done': 'yes' }
    const path = `${C('C-01')}/lists/start-up-list`
    assert.equal((await sendTo(leader, path, { ...ticks, timeline: 'Until Easter' })).status, 200)
    assert.equal((await list())?.complete, false)
    assert.equal((await sendTo(leader, path, { call: '2024-01-10' })).status, 200)
    assert.equal((await list())?.complete, true)
    const other = { date: '2024-01-19', days: 0.5, step: 'start-up', performer: 'zelda.crastermoss@example.org' }
    const refused = await sendTo(leader, `${C('C-01')}/log`, other)
    assert.deepEqual(refused.codes, ['check.personal-step'])
  })

  it('TSI-061 a day of the team is planned, done and validated by those who may, claimed only then, and bars the end before', async () => {
    const [leader, member] = [await scenes.as('L-01'), await scenes.as('P-2')]
    const planned = { date: '2024-01-30', days: 0.5, step: 'development', state: 'planned' }
    assert.equal((await sendTo(member, `${C('C-01')}/log`, planned)).status, 403)
    const day = await sendTo(member, `${C('C-01')}/log`, {
      date: '2024-01-23',
      days: 1,
      step: 'development',
      kind: 'bespoke',
    })
    assert.equal(day.status, 201, day.message)
    const item = async () => (await log(leader, 'C-01')).items.find(({ id }) => id === day.id)
    assert.deepEqual([(await item())?.claimable, (await item())?.amount], [0, 0])
    const move = `${C('C-01')}/log/${day.id}/move`
    assert.equal((await sendTo(member, move, { state: 'validated' })).status, 403)
    const note = { date: '2024-01-23', note: 'Sat in on the session' }
    assert.equal((await sendTo(leader, `${C('C-01')}/log/${day.id}/notes`, note)).status, 200)
    assert.equal((await leader.step('C-01', 'work')).stage, 'S10')
    const barred = await leader.step('C-01', 'wind-up')
    assert.ok(barred.codes.includes('check.unvalidated'))
    assert.match(barred.message, /not validated: 23 January 2024/)
    assert.equal((await sendTo(leader, move, { state: 'validated' })).status, 200)
    const done = await item()
    assert.deepEqual([done?.claimable, done?.amount, done?.monitoring[0]?.words], [1, 600, 'Sat in on the session'])
    const last = done?.history.at(-1)
    assert.deepEqual([last?.state, last?.by, last?.on], ['validated', 'Maren Holloway', '2024-01-24'])
    assert.ok(!(await leader.step('C-01', 'wind-up')).codes.includes('check.unvalidated'))
  })

  it('TSI-196 one leader answers: what the team did is returned to the leader, and without a leader the case is in S04', async () => {
    const [leader, member, head] = [await scenes.as('L-01'), await scenes.as('P-2'), await scenes.as('head-900001')]
    assert.equal((await head.read('C-01')).leader?.reference, 'L-01')
    const day = await sendTo(member, `${C('C-01')}/log`, { date: '2024-01-24', days: 0.5, step: 'development' })
    const poor = { reason: 'Poor: nobody was prepared' }
    assert.equal((await sendTo(head, `${C('C-01')}/log/${day.id}/return`, poor)).status, 200)
    assert.ok(
      (await notices(leader)).some(({ reference, words }) => reference === 'C-01' && words.includes(poor.reason)),
    )
    assert.ok(!(await notices(member)).some(({ words }) => words.includes(poor.reason)))
    const gone = { date: '2024-01-24', why: 'Illness' }
    assert.equal((await leader.act('C-01', 'leader-leaves', gone)).status, 200)
    const left = await (await scenes.as('rg-ne')).read('C-01')
    assert.deepEqual([left.stage, left.leader], ['S04', null])
  })
})

describe('Days used', () => {
  before(() => scenes.begin('tsi-closing'))

  it('TSI-024 section 4 waits for the conversation about lasting improvement, with its date and people, or why there was none', async () => {
    const leader = await scenes.as('L-01')
    const form = formOfCase(leader, 'C-01')
    const body = closureOf(
      ['behaviour', 'leadership'].flatMap((area) => [`${area}-coaching`, `${area}-training`]),
      { conversation: '', 'conversation-date': '', 'conversation-with': '' },
    )
    const save = (more: object) => form.complete('closure', { ...body, fields: { ...body.fields, ...more } })
    const none = await save({})
    assert.equal(none.status, 422)
    assert.match(none.message, /conversation about lasting improvement/i)
    assert.equal(await stateOf(leader, 'C-01', 4), 'draft')
    assert.match((await save({ conversation: 'not-held' })).message, /why it was not held/i)
    const alone = await save({ conversation: 'held', 'conversation-date': '2024-03-01' })
    assert.match(alone.message, /who took part/i)
    const held = { conversation: 'held', 'conversation-date': '2024-03-01', 'conversation-with': 'Head and chair' }
    assert.equal((await save(held)).status, 200)
    assert.equal(await stateOf(leader, 'C-01', 4), 'complete')
  })

  it('TSI-128 the close needs both evaluations, next steps, exit plan and an answer on a partnership, by the leader in person', async () => {
    const leader = await scenes.as('L-01')
    const refused = await leader.step('C-01', 'wind-up')
    assert.deepEqual(refused.codes, ['check.evaluation-school'])
    assert.match(refused.message, /School evaluation missing/)
    const list = `${C('C-01')}/lists/closure-with-school`
    const without = { 'next-steps': '', 'exit-plan': '', 'future-partnership': '' }
    assert.equal((await sendTo(leader, list, without)).status, 200)
    assert.deepEqual((await leader.step('C-01', 'wind-up')).codes, [
      'check.evaluation-school',
      'check.next-steps',
      'check.exit-plan',
      'check.partnership',
    ])
    assert.equal((await sendTo(leader, list, { 'school-evaluation': 'By the leader' })).status, 403)
    const again = { 'next-steps': 'Keep the review', 'exit-plan': 'The deputy', 'future-partnership': 'none' }
    assert.equal((await sendTo(leader, list, again)).status, 200)
    const head = await scenes.as('head-900001')
    assert.equal((await sendTo(head, list, { 'school-evaluation': 'It helped' })).status, 200)
    await sendTo(leader, `${C('C-01')}/team`, { person: 'zelda.crastermoss@example.org', specialism: 'timetabling' })
    const other = { date: '2024-03-08', days: 0.5, step: 'closure', performer: 'zelda.crastermoss@example.org' }
    assert.deepEqual((await sendTo(leader, `${C('C-01')}/log`, other)).codes, ['check.personal-step'])
    assert.equal((await leader.step('C-01', 'wind-up')).stage, 'S12')
  })

  it('TSI-103 the completion waits for section 4; after it no day is added unless the delivery partner takes it up again', async () => {
    await scenes.begin('tsi-closing')
    const [leader, head] = [await scenes.as('L-01'), await scenes.as('head-900001')]
    await sendTo(head, `${C('C-01')}/lists/closure-with-school`, { 'school-evaluation': 'It helped' })
    assert.equal((await leader.step('C-01', 'wind-up')).stage, 'S12')
    const refused = await leader.step('C-01', 'completion')
    assert.ok(refused.codes.includes('check.closure'))
    assert.match(refused.message, /Section 4 is not complete.*is a good strategy for improvement in place/)
    const activities = ['behaviour', 'leadership'].flatMap((area) => [`${area}-coaching`, `${area}-training`])
    assert.equal((await formOfCase(leader, 'C-01').complete('closure', closureOf(activities))).json.state, 'complete')
    assert.equal((await leader.step('C-01', 'completion')).stage, 'S13')
    await scenes.moveTo('2024-03-12')
    const [later, partner] = [await scenes.as('L-01'), await scenes.as('dp-ne')]
    const day = { date: '2024-03-12', days: 1, step: 'development' }
    assert.deepEqual((await sendTo(later, `${C('C-01')}/log`, day)).codes, ['log.not-now'])
    assert.equal((await later.act('C-01', 'reopen', { why: 'One visit is missing' })).status, 403)
    assert.deepEqual((await partner.act('C-01', 'reopen', {})).codes, ['field.missing'])
    assert.equal((await partner.act('C-01', 'reopen', { why: 'One visit is missing' })).stage, 'S12')
    const added = await sendTo(later, `${C('C-01')}/log`, day)
    assert.equal(added.status, 201, added.message)
  })
})
