import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { type ChangeNights, openChangeNights, wordsOf } from './test-subject-change.ts'

const DAY = '2024-01-08'
const WHY = 'As agreed with the region'
const SCHOOLS: readonly [reference: string, urn: number, name: string, leader: string][] = [
  ['C-0901', 900001, 'Larkbeck Primary School', 'L-01'],
  ['C-0912', 900012, 'Wearstead Moor School', 'L-01'],
  ['C-0916', 900016, 'Burnmoor Vale School', 'L-01'],
]

let desk: CaseDesk
let nights: ChangeNights
let rg: Person
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  nights = await openChangeNights(desk)
  await nights.night(
    '2023-11-20',
    SCHOOLS.map(([, urn, name]) => ({ urn, name })),
  )
  for (const [reference, urn, , leader] of SCHOOLS)
    await desk.drive(reference, urn, { to: 'S09', leader, days: { begun: '2023-11-20', S07: '2023-12-04' } })
  desk.setToday(DAY)
  rg = await desk.as('rg-ne')
})
after(async () => {
  await nights.remove()
  await desk.close()
})

const rowsOf = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await desk.service.database.pool.query<T>(text, values)).rows

/** Half days that a case still takes of leaders. */
async function takenBy(reference: string): Promise<number> {
  const [row] = await rowsOf<{ taken: number }>(
    `select coalesce(sum(e.half_days), 0)::int as taken from case_days d join leader_day_entry e on e.id = d.day_entry_id
       join support_case c on c.id = d.case_id where c.reference = $1 and e.released_at is null`,
    [reference],
  )
  return row?.taken ?? 0
}

async function committedFor(reference: string): Promise<number> {
  const answer = await rg.get(`/api/v1/cases/${reference}/money`)
  return answer.json<{ books: { committed: number } }>().books.committed
}

describe('Ending a case whose school closed', () => {
  it('closes it with the reason, gives back the days that were not used, and promises no money for them', async () => {
    const leader = await desk.as('L-01')
    await desk.doStep('C-0901', 'first-visit', DAY, { date: DAY, mode: 'remote', attendees: 'Head' })
    const day = { date: DAY, days: 2, state: 'validated', mode: 'face-to-face', step: 'explore', kind: 'communication' }
    const logged = await leader.postJson('/api/v1/cases/C-0901/log', day)
    assert.equal(logged.status, 201, logged.body)
    assert.deepEqual([await takenBy('C-0901'), await committedFor('C-0901')], [20, 6000])
    assert.equal(await nights.night(DAY, [{ urn: 900001, status: 'Closed', closed: '31-12-2023' }]), 1)
    const change = await nights.newest(rg, 'C-0901')
    assert.match(
      wordsOf(change, 'end', 'days'),
      /2 of 10 days used.*8 days left: not given any more\. 8 days go back to/,
    )
    const ended = await nights.choose(rg, 'C-0901', change, { choice: 'end', reason: WHY })
    assert.equal(ended.status, 200, ended.message)
    assert.deepEqual([await takenBy('C-0901'), await committedFor('C-0901')], [4, 1200])
    const read = await rg.read('C-0901')
    assert.deepEqual([read.caseStatus, read.open], ['closed', []])
    const page = await rg.get('/cases/C-0901')
    assert.match(page.text, /Closed on 8 January 2024/)
    assert.match(page.text, /The case ended : As agreed with the region 8 January 2024, Cordelia Ashgrove/)
    assert.match(
      (await rg.get('/cases/C-0901/history')).text,
      /Case ended after a change of its school .*As agreed with the region/,
    )
    const told = (await leader.get('/api/v1/work')).json<{ notices: { words: string }[] }>().notices
    assert.match(told[0]?.words ?? '', /The case of Larkbeck Primary School ended: As agreed with the region/)
    const late = await leader.postJson('/api/v1/cases/C-0901/log', day)
    assert.notEqual(late.status, 201, 'nothing more is logged')
    const verified = await rowsOf(`select from money_balance where account <> 'outside' and pence < 0`)
    assert.deepEqual(verified, [])
  })
})

describe('Keeping a case', () => {
  it('leaves everything as it is, and what the register shows later is asked anew', async () => {
    const days = await takenBy('C-0912')
    await nights.night('2024-01-09', [{ urn: 900012, status: 'Closed', closed: '05-01-2024' }])
    const change = await nights.newest(rg, 'C-0912')
    const kept = await nights.choose(rg, 'C-0912', change, { choice: 'keep', reason: WHY })
    assert.equal(kept.status, 200, kept.message)
    const read = await rg.read('C-0912')
    assert.deepEqual(
      [read.caseStatus, read.subject.name, await takenBy('C-0912')],
      ['open', 'Wearstead Moor School', days],
    )
    assert.match((await rg.get('/cases/C-0912')).text, /The case was kept with Wearstead Moor School : As agreed/)
    const successor = { urn: 930951, name: 'Wearstead Moor Academy' }
    assert.equal(
      await nights.night('2024-01-10', [successor], ['900012,930951,Wearstead Moor Academy,Successor,05/01/2024']),
      1,
    )
    const both = await nights.changes(rg, 'C-0912')
    assert.deepEqual(
      both.map(({ decision }) => decision !== null),
      [true, false],
    )
  })

  it('offers no move to a school that has an open case already, or that is not open, and says which', async () => {
    const links = [
      '900012,930952,Wearstead Moor Junior,Successor - Split School,05/01/2024',
      '900012,900016,Burnmoor Vale School,Successor - merged,05/01/2024',
    ]
    await nights.night(
      '2024-01-11',
      [{ urn: 930952, name: 'Wearstead Moor Junior', status: 'Proposed to open' }],
      links,
    )
    const { options } = await nights.newest(rg, 'C-0912')
    const moves = options.filter(({ choice }) => choice === 'move')
    assert.deepEqual(moves.map(({ successor, unavailable }) => [successor, unavailable]).toSorted(), [
      [900016, 'Burnmoor Vale School has an open case already: C-0916'],
      [930951, null],
      [930952, 'Wearstead Moor Junior is not open in the register: Proposed to open'],
    ])
    const change = await nights.newest(rg, 'C-0912')
    const vague = await nights.choose(rg, 'C-0912', change, { choice: 'move', reason: WHY })
    assert.deepEqual([vague.status, vague.codes], [422, ['choice.missing']])
    assert.match(vague.message, /Say to which school/)
    const rival = await nights.choose(rg, 'C-0912', change, { choice: 'move', successor: 900016, reason: WHY })
    assert.deepEqual([rival.status, rival.codes], [422, ['choice.unavailable']])
    const moved = await nights.choose(rg, 'C-0912', change, { choice: 'move', successor: 930951, reason: WHY })
    assert.equal(moved.status, 200, moved.message)
    assert.equal((await rg.read('C-0912')).subject.name, 'Wearstead Moor Academy')
  })

  it('takes along the case beside it, and ends it with it', async () => {
    const text = 'The school needs more than the first days'
    const asked = { option: 'extra-days', beneficial: text, early: text }
    await desk.doStep('C-0912', 'assess-options', DAY, asked)
    await desk.doStep('C-0912', 'agree-option', DAY, { outcome: 'agree' })
    const extra = { days: '2', vulnerability: text, purpose: 'bespoke', context: text }
    await desk.doStep('C-0912', 'request-extra-days', DAY, extra)
    const last = { urn: 930953, name: 'Wearstead Academy' }
    const link = '930951,930953,Wearstead Academy,Successor - merged,10/01/2024'
    await nights.night('2024-01-12', [{ urn: 930951, status: 'Closed', closed: '10-01-2024' }, last], [link])
    const change = await nights.newest(rg, 'C-0912')
    assert.match(wordsOf(change, 'move', 'beside'), /C-0912-1 move to Wearstead Academy with it/)
    assert.match(wordsOf(change, 'end', 'beside'), /C-0912-1 ends with it/)
    const moved = await nights.choose(rg, 'C-0912', change, { choice: 'move', reason: WHY })
    assert.equal(moved.status, 200, moved.message)
    assert.equal((await rg.read('C-0912-1')).subject.name, 'Wearstead Academy')
    await nights.night('2024-01-13', [{ urn: 930953, status: 'Closed', closed: '12-01-2024' }])
    const ended = await nights.choose(rg, 'C-0912', await nights.newest(rg, 'C-0912'), { choice: 'end', reason: WHY })
    assert.equal(ended.status, 200, ended.message)
    const beside = await rg.read('C-0912-1')
    assert.deepEqual([beside.caseStatus, beside.open], ['closed', []])
  })
})

describe('A school that joins a trust', () => {
  it('is taken along under its number by an import at the page, and the trust acts from then on', async () => {
    const { cookie } = await desk.service.postJson('/demo/sign-in', { person: 'admin' })
    const officer = desk.service.as(cookie)
    const lines = nights.schools([{ urn: 900016, trust: 'T-11' }])
    const taken = await officer.upload(
      '/about-the-data/take-in',
      { kind: 'schools' },
      'edubasealldata20240114.csv',
      lines,
    )
    assert.equal(taken.status, 200, taken.text)
    const change = await nights.newest(rg, 'C-0916')
    assert.deepEqual(
      change.events.map(({ kind, words }) => [kind, words]),
      [['moved-trust', 'From no trust to Silver Larch Schools Trust']],
    )
    const move = change.options.find(({ choice }) => choice === 'move')
    assert.deepEqual([move?.title, move?.successor], ['Take the case along with the school', 900016])
    const chief = await desk.as('L-03')
    assert.equal((await chief.get('/cases/C-0916')).status, 404)
    const done = await nights.choose(rg, 'C-0916', change, { choice: 'move', reason: WHY })
    assert.equal(done.status, 200, done.message)
    assert.equal((await chief.get('/cases/C-0916')).status, 200)
    const { subject } = await rg.read('C-0916')
    assert.equal(subject.kind, 'school in MAT')
    assert.match((await rg.get('/cases/C-0916')).text, /The case was taken along with the school/)
  })

  it('keeps steps waiting only where the pack says so', async () => {
    const reference = 'C-0916'
    await nights.night('2024-01-15', [{ urn: 900016, status: 'Closed', closed: '12-01-2024' }])
    await desk.service.database.pool.query(
      `update pack_version set content_hash = 'blocks', content = jsonb_set(content::jsonb,
         '{process,flows,deployment,subject-changes,blocks}', '["first-visit"]')::json`,
    )
    const leader = await desk.as('L-01')
    const fields = { date: DAY, mode: 'remote', 'reason-early': 'x', attendees: 'Head' }
    const waits = await leader.step(reference, 'first-visit', fields)
    assert.deepEqual(waits.codes, ['step.blocked'])
    assert.match(waits.message, /First visit has to wait\. The register shows a change/)
    const change = await nights.newest(rg, reference)
    assert.equal((await nights.choose(rg, reference, change, { choice: 'keep', reason: WHY })).status, 200)
    assert.equal((await leader.step(reference, 'first-visit', fields)).status, 200)
  })
})
