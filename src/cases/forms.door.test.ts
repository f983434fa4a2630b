import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import {
  ACTIVITIES,
  BANK,
  type CaseTeam,
  CHOSEN,
  closureOf,
  deployed,
  FOUR_DAYS,
  formOfCase,
  headOf,
  logDays,
  MID,
  SIX_DAYS,
  scopeOf,
  teamOf,
  windUp,
} from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'

let desk: CaseDesk
let team: CaseTeam
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
})
after(() => desk.close())

const stateOf = (read: { json: { sections: { id: string; state: string }[] } }) =>
  Object.fromEntries(read.json.sections.map(({ id, state }) => [id, state]))

describe('Sections of the form', () => {
  let school: string
  let trust: string
  before(async () => {
    desk.setToday('2023-11-20')
    school = await deployed(desk, 'C-0901', 900005)
    trust = await deployed(desk, 'C-0902', 900002)
  })

  it('TSI-130 one form of eight sections goes with a deployment, kept over days, and goes on with a new leader', async () => {
    const first = await team.leader.get(`/api/v1/cases/${school}/form`)
    const sections = first.json<{ sections: { number: number; title: string }[] }>().sections
    assert.deepEqual(
      sections.map(({ number, title }) => `${number} ${title}`),
      [
        '1 School or trust details',
        '2 Scope and diagnostics',
        '3 Mid engagement',
        '4 Closure and next steps',
        '5 Bank details',
        '6 Payment claim',
        '7 Supported school or trust',
        '8 Where to send',
      ],
    )
    const form = formOfCase(team.leader, school)
    const draft = await form.save('scope', { fields: { approach: 'weak' } })
    assert.equal(draft.json.state, 'draft')
    assert.equal(stateOf(await form.read())['scope'], 'draft')
    const saved = await form.complete('scope', scopeOf(CHOSEN))
    assert.equal(saved.json.state, 'complete', saved.message)
    desk.setToday('2023-11-23')
    const read = await form.section('scope')
    assert.deepEqual(read.json.answers.rows.areas.behaviour.mechanisms, CHOSEN.behaviour)
    const { scope, mid, closure, bank, claim, school: seven } = stateOf(await form.read())
    assert.deepEqual([scope, mid, closure, bank, claim, seven], ['complete', ...Array(5).fill('empty')])
    const second = await formOfCase(team.rg, school).open()
    assert.deepEqual([second.status, ...second.codes], [409, 'form.exists'])

    await form.save('bank', BANK)
    await form.complete('claim', {})
    await desk.doStep(school, 'leader-leaves', '2023-11-23', { date: '2023-11-23', why: 'Moves away' })
    const again = ['propose', 'enquire', 'leader-answer', 'match-confirmed', 'suggest', 'agree', 'inform', 'approve']
    const fields: Record<string, object> = {
      propose: { leader: 'L-03', reason: 'Has the days' },
      'leader-answer': { outcome: 'accept', conflict: 'none' },
      agree: { outcome: 'confirm' },
      approve: { outcome: 'approved' },
    }
    for (const step of [...again, 'issue-leader', 'issue-school'])
      await desk.doStep(school, step, '2023-11-23', { ...fields[step] })
    const next = formOfCase(await desk.as('L-03'), school)
    const after = stateOf(await next.read())
    assert.deepEqual(
      [after['scope'], after['bank'], after['claim'], after['school']],
      ['complete', 'empty', 'empty', 'empty'],
    )
    assert.match(JSON.stringify((await next.section('details')).json.copied), /L-03/)
    assert.equal((await form.read()).status, 404)
  })

  it('TSI-131 selects take their own values only, and notes have a limit with a counter', async () => {
    const form = formOfCase(team.leader, trust)
    const long = await form.save('scope', { fields: { 'why-note': 'x'.repeat(501) } })
    assert.match(long.message, /More about why: at most 500/)
    assert.equal((await form.save('scope', { fields: { 'why-note': 'x'.repeat(500) } })).status, 200)
    const wrong = await form.save('scope', { fields: { approach: 'Sport' } })
    assert.match(wrong.message, /improvement\?: choose one of Strong, Adequate, Weak/)
    const page = await team.leader.get(`/cases/${trust}/form/sections/scope`)
    assert.match(page.body, /data-maxlength="500"/)
    const pack = desk.service.packs[0]?.forms?.['deployment']
    const fields = pack?.sections.flatMap((one) => [
      ...Object.values(one.fields ?? {}),
      ...Object.values(one.groups ?? {}).flatMap((group) => Object.values(group.fields)),
    ])
    const typed = fields?.filter(({ type }) => type === 'text').map(({ title }) => title)
    assert.deepEqual(typed, ['Name on the account', 'Sort code', 'Account number'])
  })

  it('TSI-132 section 1 is copied from the register and the roster as the deployment began', async () => {
    const form = formOfCase(team.leader, trust)
    const { json } = await form.section('details')
    const copied = Object.fromEntries(
      json.copied.map((one: { title: string; value: string }) => [one.title, one.value]),
    )
    assert.equal(copied['Name'], 'Kestrel Bridge Primary Academy')
    assert.equal(copied['URN'], '900002')
    assert.match(copied['Trust'], /T-01/)
    assert.equal(copied['Phase'], 'Primary')
    assert.equal(copied['Region'], 'North East')
    assert.ok(copied['Type'] && copied['Local authority'])
    assert.equal(copied['Head teacher or chief executive'], 'Maud Bridgewell')
    assert.match(copied['Leader'], /Maren Holloway \(L-01\)/)
    assert.ok(copied['Type of leader'] && copied['Organisation of the leader'])
    await sql`update establishment set name = 'Renamed Academy' where urn = 900002`.execute(desk.service.database.db)
    assert.match(JSON.stringify((await form.section('details')).json.copied), /Kestrel Bridge Primary Academy/)
    await sql`update establishment set name = 'Kestrel Bridge Primary Academy' where urn = 900002`.execute(
      desk.service.database.db,
    )
    assert.equal((await form.save('details', { fields: { name: 'Other' } })).status, 403)
    const unknown = await team.rg.tryStart({ urn: 999999 })
    assert.equal(unknown.status, 422)
    assert.match(unknown.refusals?.[0]?.message ?? '', /[Nn]ot in the register/)
  })

  it('TSI-133 why the school qualifies comes from the case and cannot contradict it', async () => {
    const inadequate = formOfCase(team.leader, await deployed(desk, 'C-0903', 900014))
    assert.equal((await inadequate.section('scope')).json.answers.fields.why, 'inadequate')
    const wrong = await inadequate.save('scope', { fields: { why: 'self-identified' } })
    assert.equal(wrong.status, 422)
    assert.match(wrong.message, /began for another reason/)
    const noted = await inadequate.save('scope', { fields: { why: 'inadequate', 'why-note': 'In October' } })
    assert.equal(noted.status, 200)
    const pack = desk.service.packs[0]?.forms?.['deployment']?.sections[1]
    assert.equal(pack?.fields?.['why']?.options?.length, 5)
  })

  it('TSI-134 twelve areas in order, each answered, at least one chosen, Other explained', async () => {
    const form = formOfCase(team.leader, trust)
    const { json } = await form.section('scope')
    assert.deepEqual(
      json.rowsOf.areas.map((row: { title: string }) => row.title),
      [
        'Teaching & Learning',
        'Governance / Trust',
        'Behaviour',
        'Absence / Attendance',
        'Curriculum and teacher development',
        'Leadership & Management',
        'Financial management',
        'Pupil wellbeing, mental health and safeguarding',
        'Pupil premium',
        'Teacher workload / recruitment & retention',
        'Structure & Culture',
        'Other',
      ],
    )
    const { other, ...eleven } = scopeOf(CHOSEN).rows.areas
    assert.ok(other)
    const short = await form.complete('scope', { ...scopeOf(CHOSEN), rows: { areas: eleven } })
    assert.equal(short.status, 422)
    assert.match(short.message, /^Other: /)
    assert.equal(stateOf(await form.read())['scope'], 'draft')
    const none = await form.complete('scope', scopeOf({}))
    assert.match(none.message, /Choose at least one area/)
    const unsaid = await form.complete('scope', scopeOf({ other: ['coaching'] }))
    assert.match(unsaid.message, /Other: Enter: which area/)
    const said = scopeOf({ other: ['coaching'] })
    Object.assign(said.rows.areas['other'] ?? {}, { what: 'Music' })
    assert.equal((await form.complete('scope', said)).status, 200)
  })

  it('TSI-135 a chosen area needs a way of support from the list of the pack', async () => {
    const form = formOfCase(team.leader, trust)
    const none = await form.complete('scope', scopeOf({ behaviour: [] }))
    assert.equal(none.status, 422)
    assert.match(none.message, /^Behaviour: Choose: ways of support/)
    const saved = await form.complete('scope', scopeOf({ behaviour: ['shadowing', 'programme'] }))
    assert.equal(saved.status, 200, saved.message)
    const rows = (await form.section('scope')).json.answers.rows
    assert.deepEqual(rows.areas.behaviour.mechanisms, ['shadowing', 'programme'])
    const unknown = await form.save('scope', scopeOf({ behaviour: ['magic'] }))
    assert.match(unknown.message, /Behaviour: Ways of support: choose one of Advice by the leader/)
  })

  it('TSI-136 a chosen area without a source is warned of and completed all the same', async () => {
    const form = formOfCase(team.leader, trust)
    const body = scopeOf({ attendance: ['training'] })
    Object.assign(body.rows.areas['attendance'] ?? {}, { sources: ['attendance-data'] })
    assert.deepEqual((await form.complete('scope', body)).json.warnings, [])
    Object.assign(body.rows.areas['attendance'] ?? {}, { sources: [] })
    const warned = await form.complete('scope', body)
    assert.equal(warned.status, 200)
    assert.deepEqual(warned.json.warnings, ['No source for Absence / Attendance'])
  })

  it('TSI-115 the present approach and what to do about it are both needed', async () => {
    const form = formOfCase(team.leader, trust)
    const blank = await form.complete('scope', scopeOf(CHOSEN, { decision: '' }))
    assert.equal(blank.status, 422)
    assert.match(blank.message, /What will be done with the strategies/i)
    const unrated = await form.complete('scope', scopeOf(CHOSEN, { approach: '' }))
    assert.match(unrated.message, /How strong is the present approach/i)
    assert.equal(stateOf(await form.read())['scope'], 'draft')
    assert.equal((await form.complete('scope', scopeOf(CHOSEN))).status, 200)
    const whole = await team.leader.get(`/cases/${trust}/form/print`)
    assert.match(whole.text, /Reflect on and update existing ones/)
  })

  it('TSI-137 TSI-145 amendments change the plan from then on, and section 2 stays as it was', async () => {
    const form = formOfCase(team.leader, trust)
    await form.complete('scope', scopeOf(CHOSEN))
    const titles = async (section: string) =>
      (await form.section(section)).json.rowsOf.areas.map((row: { title: string }) => row.title)
    const three = ['Behaviour', 'Absence / Attendance', 'Leadership & Management']
    assert.deepEqual(await titles('mid'), three)
    assert.deepEqual(
      (await form.section('closure')).json.plan.map((row: { title: string }) => row.title),
      three,
    )
    const activities = async () =>
      (await form.section('closure')).json.rowsOf.activities.map((row: { key: string }) => row.key)
    assert.deepEqual(await activities(), ACTIVITIES)
    const none = await form.complete('mid', { fields: { progress: 'on-track', change: 'yes' } })
    assert.match(none.message, /enter at least one amendment/)
    const added = { kind: 'area-added', area: 'pupil-premium', mechanisms: ['coaching'], date: '2023-11-20' }
    const amended = await form.complete('mid', {
      fields: { progress: 'on-track', change: 'yes' },
      rows: { amendments: { 1: added } },
    })
    assert.equal(amended.status, 200, amended.message)
    const section = (await form.section('scope')).json
    assert.equal(section.answers.rows.areas['pupil-premium'].focus, 'no')
    assert.equal((await form.section('scope', 1)).json.version, 1)
    const read = await form.read()
    assert.ok(read.json.plan.some(({ id }: { id: string }) => id === 'pupil-premium'))
    assert.deepEqual(await titles('mid'), [three[0], three[1], three[2], 'Pupil premium'])
    assert.deepEqual(await activities(), [...ACTIVITIES, 'pupil-premium-coaching'])
    const typed = await form.save('closure', { rows: { activities: { 'my-own': { status: 'completed' } } } })
    assert.equal(typed.status, 200)
    assert.deepEqual((await form.section('closure')).json.answers.rows.activities, {})
  })

  it('refuses what a section does not have, and saves nothing', async () => {
    const form = formOfCase(team.leader, trust)
    const before = (await form.section('closure')).json.version
    for (const body of [
      { fields: { strategies: 'full' } },
      { rows: { extras: { 1: { what: 'More' } } } },
      { rows: { 'next-steps': { 1: { what: 'More', cost: '80' } } } },
    ]) {
      const refused = await form.save('closure', body)
      assert.deepEqual([refused.status, ...refused.codes], [422, 'field.unknown'])
      assert.match(
        refused.message,
        /Section 4, Closure and next steps, takes no “(strategies|extras|next-steps.1.cost)”/,
      )
    }
    assert.equal((await form.section('closure')).json.version, before)
  })

  it('two people who save the same section: the second is told, and nothing is lost', async () => {
    const form = formOfCase(team.leader, trust)
    const { version } = (await form.section('mid')).json
    assert.equal((await form.save('mid', { ...MID, version })).status, 200)
    const late = await form.save('mid', { fields: { progress: 'behind', change: 'no' }, version })
    assert.deepEqual([late.status, ...late.codes], [409, 'moved-on'])
    const page = await team.leader.post(`/cases/${trust}/form/sections/mid`, {
      version: String(version),
      success: 'Typed words stay',
      go: 'back',
    })
    assert.equal(page.status, 409)
    assert.match(page.text, /Typed words stay/)
  })

  it('TSI-003 a school without a trust says whether joining one was talked over; others are not asked', async () => {
    const single = formOfCase(team.leader, await deployed(desk, 'C-0904', 900001, '2023-11-22'))
    await single.complete('scope', scopeOf(CHOSEN))
    const blank = await single.complete(
      'closure',
      closureOf(ACTIVITIES, { joining: '', 'conversation-date': '2023-11-20' }),
    )
    assert.match(blank.message, /what joining a trust would offer/i)
    const unsaid = await single.complete('closure', closureOf(ACTIVITIES, { joining: 'not-discussed' }))
    assert.match(unsaid.message, /why it was not discussed/i)
    const linked = closureOf(ACTIVITIES, { links: 'T-09', 'conversation-date': '2023-11-20' })
    assert.equal((await single.complete('closure', linked)).status, 200)
    assert.equal((await single.section('closure')).json.answers.fields.links, 'T-09')
    const page = await team.leader.get(`/cases/${trust}/form/sections/closure`)
    assert.doesNotMatch(page.text, /What joining a trust would offer/)
    const asked = await team.leader.get('/cases/C-0904/form/sections/closure')
    assert.match(asked.text, /What joining a trust would offer/)
    const open = await formOfCase(team.leader, trust).complete('closure', closureOf(ACTIVITIES, { joining: '' }))
    assert.doesNotMatch(open.message, /joining/i)
  })

  it('TSI-004 TSI-112 section 4 asks for the strategy, the further support and all three aims', async () => {
    const form = formOfCase(team.leader, 'C-0904')
    const on = { 'conversation-date': '2023-11-20', 'strategy-level': 'trust' }
    const unsaid = await form.complete('closure', closureOf(ACTIVITIES, { ...on, further: '' }))
    assert.equal(unsaid.status, 422)
    assert.match(unsaid.message, /further sustained support/)
    const unrated = await form.complete('closure', closureOf(ACTIVITIES, { ...on, strategy: '' }))
    assert.match(unrated.message, /strategy for improvement in place/)
    assert.equal((await form.complete('closure', closureOf(ACTIVITIES, { ...on, further: 'none' }))).status, 200)
    const more = await form.save('closure', closureOf(ACTIVITIES, { ...on, further: 'extra days' }))
    assert.match(more.message, /choose one of None, Funded partnership, Unfunded partnership, Join a trust, Other/)
    const two = closureOf(ACTIVITIES, on)
    const { lasting, ...rated } = two.rows.aims
    assert.ok(lasting)
    const third = await form.complete('closure', { ...two, rows: { ...two.rows, aims: rated } })
    assert.match(third.message, /^Steps towards lasting improvement.*reached/)
    assert.equal(stateOf(await form.read())['closure'], 'draft')
  })

  it('TSI-138 section 4 waits for the days, every activity and a next step, and lets S12 begin', async () => {
    const reference = await deployed(desk, 'C-0905', 900010)
    const form = formOfCase(team.leader, reference)
    await form.complete('scope', scopeOf(CHOSEN))
    const on = { 'conversation-date': '2023-11-20', early: 'no', 'early-reason': '' }
    await logDays(desk, reference, SIX_DAYS)
    const body = closureOf(ACTIVITIES, on)
    const early = await form.complete('closure', body)
    assert.match(early.message, /^4 days open/)
    const closing = closureOf(ACTIVITIES, { ...on, early: 'yes', 'early-reason': 'The head leaves' })
    assert.equal((await form.complete('closure', closing)).status, 200)
    await logDays(desk, reference, FOUR_DAYS)
    const one = closureOf(ACTIVITIES, on)
    Object.assign(one.rows.activities, { 'attendance-training': { status: 'not' } })
    const named = await form.complete('closure', one)
    assert.match(named.message, /^Absence \/ Attendance: Training: Enter: why not/)
    await windUp(desk, reference, await headOf(desk, 900010))
    const before = await team.leader.step(reference, 'completion')
    assert.match(before.message, /Section 4 is not complete/)
    const steps = await form.complete('closure', { ...body, rows: { ...body.rows, 'next-steps': {} } })
    assert.match(steps.message, /Next steps: enter at least 1/)
    Object.assign(one.rows.activities, { 'attendance-training': { status: 'not', reason: 'No room' } })
    assert.equal((await form.complete('closure', one)).status, 200)
    desk.setToday('2024-03-08')
    const done = await team.leader.step(reference, 'completion')
    assert.equal(done.status, 200, done.message)
    const ended = (await team.leader.read(reference)).done.find((line) => line.step === 'completion')
    assert.equal(ended?.doneOn, '2024-03-08')
    const late = await team.leader.postJson(`/api/v1/cases/${reference}/log`, {
      date: '2024-03-08',
      days: 1,
      step: 'development',
    })
    assert.equal(late.status, 422)
    assert.match(late.body, /log\.not-now/)
  })
})
