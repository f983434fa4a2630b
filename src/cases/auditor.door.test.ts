import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fingerprint } from '../../world/fingerprint.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

const DAY = '2024-01-29'

let desk: CaseDesk
let auditor: Person
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  await desk.drive('C-01', 900001, { to: 'S09', leader: 'L-01', days: { begun: '2023-11-20', S07: '2024-01-08' } })
  desk.setToday(DAY)
  const rg = await desk.as('rg-ne')
  const note = { audience: 'internal', words: 'Between ourselves' }
  assert.equal((await rg.postJson('/api/v1/cases/C-01/notes', note)).status, 201)
  auditor = await desk.as('auditor')
})
after(() => desk.close())

const allRows = () => fingerprint(desk.service.database.pool)

/** Something for every field that a route of a case asks for. */
const ANYTHING = {
  words: 'Looked at',
  audience: 'shared',
  outcome: 'validated',
  state: 'planned',
  date: DAY,
  days: 1,
  step: '1',
  action: 'Read',
  area: 'behaviour',
  owner: 'Head',
  by: DAY,
  why: 'A reason',
  reason: 'A reason',
  title: 'A title',
  rows: [],
  cases: ['C-01'],
  answers: {},
}
const PARTS: Readonly<Record<string, string>> = {
  reference: 'C-01',
  step: 'mid-review',
  section: 'scope',
  signature: 'leader',
  list: 'attendance',
}

describe('Somebody who looks into a case later', () => {
  it('reads it whole: what was entered for a few, notes among ourselves, money, history and file, but no bank detail', async () => {
    const page = await auditor.get('/cases/C-01')
    assert.match(page.text, /A priority of the region/)
    assert.match((await auditor.get('/cases/C-01/notes')).text, /Between ourselves/)
    assert.match((await auditor.get('/cases/C-01/history')).text, /Package for the delivery partner/)
    assert.match((await auditor.get('/cases/C-01/money')).text, /£6,000/)
    assert.equal((await auditor.get('/cases/C-01/file.pdf')).status, 200)
    assert.equal((await auditor.get('/api/v1/cases/C-01/form/sections/bank')).status, 404)
    assert.doesNotMatch((await auditor.get('/cases/C-01/notes')).body, /notes\/new/)
    // Whoever only looks is none of the people of a case.
    assert.doesNotMatch((await (await desk.as('head-900001')).get('/cases/C-01')).text, /Alban Ledgerwood/)
  })

  it('changes nothing, through whichever door', async () => {
    const before_ = await allRows()
    const routes = desk.service.routes.filter(
      ({ method, path }) => method !== 'GET' && /^(\/api\/v1)?\/(cases|case-studies|money|payment)/.test(path),
    )
    assert.ok(routes.length > 40, `${routes.length} routes`)
    const done: string[] = []
    for (const { path } of routes) {
      const at = path.replaceAll(/:(\w+)/g, (_, name: string) => PARTS[name] ?? '1')
      const answer = at.startsWith('/api/')
        ? await auditor.postJson(at, ANYTHING)
        : await auditor.post(at, { ...ANYTHING, days: '1', answers: '' })
      if (answer.status < 300) done.push(`${path}: ${answer.status}`)
    }
    assert.equal(await allRows(), before_)
    assert.deepEqual(done, [])
  })
})
