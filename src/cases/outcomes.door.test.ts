import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  ACTIVITIES,
  type CaseTeam,
  CHOSEN,
  closureOf,
  deployed,
  formOfCase,
  MID,
  scopeOf,
  teamOf,
} from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'

let desk: CaseDesk
let team: CaseTeam
let reference: string
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
  reference = await deployed(desk, 'C-0971', 900005)
})
after(() => desk.close())

const OUTCOMES = {
  'behaviour-shadowing': { 'key-action': 'Two weeks beside the lead', expected: 'Calm corridors' },
  'behaviour-programme': { expected: 'A common policy' },
  'attendance-training': { 'key-action': 'Train the registrars', expected: 'Attendance of 94 per cent' },
}
type Planned = { title: string; keyAction: string | null; expected: string | null }

describe('What each activity is for', () => {
  it('TSI-204 activities and named programmes carry key action and outcome, in the plan and beside the result; the mid review names what lacks one', async () => {
    const form = formOfCase(team.leader, reference)
    const scope = scopeOf(CHOSEN)
    assert.equal((await form.complete('scope', scope)).status, 200)
    assert.deepEqual(ACTIVITIES.length, 4)
    const rows = { ...scope.rows, outcomes: OUTCOMES }
    assert.equal((await form.complete('scope', { ...scope, rows })).status, 200)

    const plan = (await team.leader.get(`/api/v1/cases/${reference}/plan`)).json<{ activities: Planned[] }>()
    assert.deepEqual(
      plan.activities.map(({ keyAction, expected }) => [keyAction, expected]),
      [
        ['Two weeks beside the lead', 'Calm corridors'],
        [null, 'A common policy'],
        ['Train the registrars', 'Attendance of 94 per cent'],
        [null, null],
      ],
    )
    assert.match((await team.leader.get(`/cases/${reference}/plan`)).text, /Planned activities .*Calm corridors/)

    const mid = `/cases/${reference}/form/sections/mid`
    const [warning, ...others] = (await form.section('mid')).json.warnings
    assert.deepEqual([warning, others], ['No expected outcome: Leadership & Management: Coaching', []])
    assert.match((await team.leader.get(mid)).text, /No expected outcome: Leadership & Management: Coaching/)
    const reviewed = await form.complete('mid', MID)
    assert.deepEqual([reviewed.status, reviewed.json.state], [200, 'complete'])

    const closure = await team.leader.get(`/cases/${reference}/form/sections/closure`)
    for (const { expected } of Object.values(OUTCOMES))
      assert.match(closure.text, new RegExp(`Expected outcome ${expected} Completed Completed Partly Not`))
    const base = closureOf(ACTIVITIES, { 'conversation-date': '2023-11-20' })
    const activities = {
      'behaviour-shadowing': { status: 'completed' },
      'behaviour-programme': { status: 'part', reason: 'Half of the staff' },
      'attendance-training': { status: 'not', reason: 'The trainer was ill' },
      'leadership-coaching': { status: 'completed' },
    }
    const kept = await form.save('closure', { ...base, rows: { ...base.rows, activities } })
    assert.equal(kept.status, 200, kept.message)
    const read = await team.rg.get(`/cases/${reference}/form/sections/closure`)
    for (const beside of [
      'Calm corridors.*Completed: Completed',
      'A common policy.*Completed: Partly',
      '94 per cent.*Completed: Not',
    ])
      assert.match(read.text, new RegExp(`Expected outcome: .{0,20}${beside}`))
    const { planned } = (await form.section('closure')).json
    assert.deepEqual(planned.map((one: Planned) => one.expected).filter(Boolean).length, 3)
  })

  it('TSI-204 a programme that the school was told of carries both as well', async () => {
    const told = {
      kind: 'signposted',
      programme: 'behaviour-hubs',
      area: 'behaviour',
      date: '2023-11-20',
      told: 'Head',
    }
    const first = await team.leader.postJson(`/api/v1/cases/${reference}/signposts`, told)
    assert.equal(first.status, 201, first.body)
    const form = formOfCase(team.leader, reference)
    assert.match((await form.section('mid')).json.warnings[0], /Coaching; Behaviour Hubs Programme$/)
    const more = { ...told, 'key-action': 'Join the open day', expected: 'A partner school' }
    assert.equal((await team.leader.postJson(`/api/v1/cases/${reference}/signposts`, more)).status, 201)
    assert.match(
      (await team.leader.get(`/cases/${reference}/plan`)).text,
      /Further support named .*Join the open day A partner school/,
    )
    assert.match(
      (await team.leader.get(`/cases/${reference}/form/sections/closure`)).text,
      /Programmes that the school was told of .*Key action: Join the open day\s*Expected outcome: A partner school/,
    )
  })
})
