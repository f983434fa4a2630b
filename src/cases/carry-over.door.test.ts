import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type CaseTeam, deployed, formOfCase, headOf, teamOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'

type Step = { id: string; number: number; checklist: string | null; resources: { title: string }[] }
type List = { id: string; items: { id: string; title: string; value: string }[] }

let desk: CaseDesk
let team: CaseTeam
let reference: string
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
  reference = await deployed(desk, 'C-0961', 900005)
})
after(() => desk.close())

const api = (part: string) => `/api/v1/cases/${reference}${part}`
const scopeNow = async () => (await formOfCase(team.leader, reference).section('scope')).json
const notes = (body: object) => team.leader.postJson(api('/lists/scoping-notes'), body)
const carry = async () =>
  (await team.leader.postJson(api('/lists/scoping-notes/carry'), {})).json<{ carried: string[] }>()

describe('Notes on scoping', () => {
  it('TSI-123 step 2 has its fields and its resource, and carrying over puts the notes into section 2 without retyping', async () => {
    const plan = (await team.leader.get(api('/plan'))).json<{ steps: Step[] }>()
    const second = plan.steps.find(({ number }) => number === 2)
    assert.equal(second?.checklist, 'scoping-notes')
    assert.match(JSON.stringify(second?.resources), /data and evidence tools of the Education Endowment Foundation/)
    const { lists } = (await team.leader.get(api('/lists'))).json<{ lists: List[] }>()
    assert.deepEqual(
      lists.find(({ id }) => id === 'scoping-notes')?.items.map(({ title }) => title),
      [
        'Barriers',
        'Initiatives already begun',
        'Gaps of expertise and capacity',
        'Audit tools used',
        'What the tools showed',
      ],
    )
    const page = await team.leader.get(`/cases/${reference}/lists/scoping-notes`)
    for (const tool of [
      'national leader of governance',
      'Financial benchmarking',
      'Pupil outcomes',
      'Behaviour',
      'Attendance',
    ])
      assert.match(page.text, new RegExp(tool))
    assert.match(page.text, /Save and carry over into section 2/)
    assert.deepEqual(await carry(), { section: 'scope', carried: [] })
    assert.equal((await scopeNow()).version, 0)

    const typed = { barriers: 'middle leadership', 'audit-tools': 'financial-benchmarking', go: 'carry' }
    const pressed = await team.leader.post(`/cases/${reference}/lists/scoping-notes`, typed)
    assert.deepEqual([pressed.status, pressed.location], [303, `/cases/${reference}/form/sections/scope?carried=2`])
    const { fields } = (await scopeNow()).answers
    assert.equal(fields.barriers, 'middle leadership')
    assert.deepEqual(fields['audit-tools'], ['financial-benchmarking'])
    assert.equal(fields.why, 'consecutive-ri')
    assert.match((await team.leader.get(pressed.location)).text, /carried over into 2 answers of this section/)
  })

  it('overwrites nothing, adds nothing twice, and is the leader’s own to press', async () => {
    const form = formOfCase(team.leader, reference)
    const { fields } = (await scopeNow()).answers
    const own = { ...fields, barriers: 'As agreed with the head', gaps: 'Maths' }
    assert.equal(
      (await form.save('scope', { fields: own, rows: { areas: { behaviour: { focus: 'no' } } } })).status,
      200,
    )
    await notes({ 'audit-tools': ['financial-benchmarking', 'pupil-outcomes'], 'tool-outcomes': 'Costs are high' })
    assert.deepEqual((await carry()).carried, ['Barriers', 'Audit tools used', 'What the tools showed'])
    const after = (await scopeNow()).answers
    assert.equal(after.fields.barriers, 'As agreed with the head\nmiddle leadership')
    assert.deepEqual(after.fields['audit-tools'], ['financial-benchmarking', 'pupil-outcomes'])
    assert.deepEqual([after.fields.gaps, after.rows.areas.behaviour.focus], ['Maths', 'no'])
    assert.deepEqual((await carry()).carried, [])
    const { version } = await scopeNow()
    assert.equal(version, 3)
    const refused = await team.head.postJson(api('/lists/scoping-notes/carry'), {})
    assert.equal(refused.status, 404)
    const head = await headOf(desk, 900005)
    assert.equal((await head.postJson(api('/lists/scoping-notes/carry'), {})).status, 403)
    const other = await team.leader.postJson(api('/lists/start-up-list/carry'), {})
    assert.deepEqual(
      [other.status, other.json<{ refusals: { code: string }[] }>().refusals[0]?.code],
      [422, 'list.not-carried'],
    )
    const { rows } = await sql<{ reason: string }>`select v.value as reason from audit_entry e
      join audit_value v on v.entry_id = e.id and v.field = 'reason'
      where e.record_key = ${reference} and e.action = 'Section 2 saved'`.execute(desk.service.database.db)
    assert.match(rows[0]?.reason ?? '', /Carried over from the list Scoping/)
  })

  it('what would be too long is refused by its question, and the notes stay', async () => {
    const form = formOfCase(team.leader, reference)
    const { answers } = await scopeNow()
    await form.save('scope', { ...answers, fields: { ...answers.fields, gaps: 'x'.repeat(490) } })
    await notes({ gaps: 'Nobody leads science' })
    const refused = await team.leader.postJson(api('/lists/scoping-notes/carry'), {})
    assert.equal(refused.status, 422)
    assert.match(refused.body, /Gaps of expertise and capacity: at most 500/)
    assert.equal((await scopeNow()).answers.fields.gaps.length, 490)
  })
})

describe('Notes on sustained improvement', () => {
  it('TSI-127 step 9 has five fields, none of them needed; they go into section 4 and stand under impact in a new case study', async () => {
    const plan = (await team.leader.get(api('/plan'))).json<{ steps: Step[] }>()
    assert.equal(plan.steps.find(({ number }) => number === 9)?.checklist, 'sustained-notes')
    const { lists } = (await team.leader.get(api('/lists'))).json<{ lists: List[] }>()
    assert.deepEqual(
      lists.find(({ id }) => id === 'sustained-notes')?.items.map(({ title }) => title),
      ['Capacity', 'Capability', 'Successes', 'Trajectory', 'Ready for the unexpected'],
    )
    const list = '/lists/sustained-notes'
    assert.equal((await team.leader.postJson(api(list), {})).status, 200)
    assert.equal((await team.leader.postJson(api(list), { successes: 'attendance up 1.2 points' })).status, 200)
    const carried = await team.leader.postJson(api(`${list}/carry`), {})
    assert.deepEqual(carried.json(), { section: 'closure', carried: ['Successes'] })
    const closure = (await formOfCase(team.leader, reference).section('closure')).json
    assert.deepEqual(closure.answers.fields, { successes: 'attendance up 1.2 points' })
    const begun = await team.rdp.postJson('/api/v1/case-studies', { cases: [reference] })
    const study = begun.json<{ reference: string }>().reference
    const { sections } = (await team.rdp.get(`/api/v1/case-studies/${study}`)).json<{
      sections: { id: string; words: string }[]
    }>()
    assert.match(sections.find(({ id }) => id === 'impact')?.words ?? '', /Successes: attendance up 1\.2 points/)
  })
})
