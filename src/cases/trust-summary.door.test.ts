import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseTeam, deployed, formOfCase, teamOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'

let desk: CaseDesk
let team: CaseTeam
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
})
after(() => desk.close())

const DAY = '2023-11-20'
type Summary = { entries: { reference: string; about: string; words: string }[]; cases: { reference: string }[] }

describe('The cases of a trust', () => {
  it('TSI-058 policies of the whole trust that section 4 holds stand together, each with its case', async () => {
    const school = await deployed(desk, 'C-0981', 900002)
    const days = { begun: '2023-11-06', S07: DAY }
    await desk.drive('C-0982', 'T-01', { to: 'S09', leader: 'L-01', days, person: 'ceo', diocese: false })
    const alone = await deployed(desk, 'C-0983', 900005)
    const asked = await team.leader.get(`/cases/${school}/form/sections/closure`)
    assert.match(asked.text, /Policies of the whole trust that were changed or recommended/)
    const other = await team.leader.get(`/cases/${alone}/form/sections/closure`)
    assert.doesNotMatch(other.text, /Policies of the whole trust/)
    const policy = (area: string, text: string) => ({
      fields: { early: 'no' },
      rows: { policies: { 1: { area, text } } },
    })
    const entries = [
      [school, 'behaviour', 'One behaviour policy for all'],
      ['C-0982', 'attendance', 'Attendance is looked at weekly'],
    ] as const
    for (const [reference, area, text] of entries) {
      const saved = await formOfCase(team.leader, reference).save('closure', policy(area, text))
      assert.equal(saved.status, 200, saved.message)
    }
    const summary = (await team.rg.get('/api/v1/trusts/T-01/cases')).json<Summary>()
    assert.deepEqual(
      summary.entries.map(({ reference, about, words }) => [reference, about, words]),
      [
        ['C-0981', 'Behaviour', 'One behaviour policy for all'],
        ['C-0982', 'Absence / Attendance', 'Attendance is looked at weekly'],
      ],
    )
    const page = await (await desk.as('ceo-01')).get('/trusts/T-01/cases')
    assert.match(page.text, /C-0981 Kestrel Bridge Primary Academy Behaviour One behaviour policy for all/)
    assert.match(page.text, /C-0982 .*Absence \/ Attendance Attendance is looked at weekly/)
  })

  it('are shown to those who see them, and an unknown trust is not found', async () => {
    const elsewhere = await desk.as('dp-lnse')
    const summary = (await elsewhere.get('/api/v1/trusts/T-01/cases')).json<Summary>()
    assert.deepEqual([summary.cases, summary.entries], [[], []])
    assert.equal((await team.rg.get('/api/v1/trusts/T-999/cases')).status, 404)
    assert.match((await elsewhere.get('/trusts/T-01/cases')).text, /No case of this trust/)
  })
})
