import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { importLeaders } from './import-leaders.ts'
import { findLeader } from './leader-store.ts'
import { openTestRoster, TESTER, type TestRoster } from './test-roster.ts'

let roster: TestRoster
before(async () => {
  roster = await openTestRoster()
})
after(() => roster.close())

const HEAD = 'Reference,Name,Type,Organisation,Home region,Expertise,Days Spring term 2024,Shoe size'

type Options = { strict?: boolean; bytes?: Buffer }

function take(rows: string[], { strict = false, bytes = Buffer.from([HEAD, ...rows].join('\r\n')) }: Options = {}) {
  const { database, vocabulary } = roster
  return importLeaders(database, { fileName: 'leaders.csv', bytes, strict, vocabulary, by: TESTER })
}

describe('A file of leaders', () => {
  const good = 'L-90,"Wenna Pascoe",MAT CEO,T-10,South West,Behaviour; Absence / Attendance,7.5,5'
  const bad = 'L-91,,MAT CEO,T-99,South West,,seven,'

  it('keeps good rows and lists bad ones with line and reason', async () => {
    const report = await take([good, bad])
    assert.ok(report.ok)
    assert.deepEqual(report.value.totals, { read: 2, added: 1, changed: 0, unchanged: 0, rejected: 1 })
    assert.deepEqual(report.value.ignoredColumns, ['Shoe size'])
    assert.deepEqual(
      report.value.faults.map(({ line, field }) => [line, field]),
      [
        [3, 'name'],
        [3, 'organisation'],
        [3, 'days-2023-24-spring'],
      ],
    )
    const stored = await findLeader(roster.database.db, 'L-90')
    assert.deepEqual(stored?.leader.expertise, ['behaviour', 'attendance'])
    assert.equal(stored?.leader.days['2023-24-spring'], 15)
  })

  it('taken in again changes nothing; a changed row changes that leader', async () => {
    const again = await take([good])
    assert.deepEqual(again.ok && again.value.totals.unchanged, 1)
    const changed = await take([good.replace('7.5', '9')])
    assert.deepEqual(changed.ok && changed.value.totals.changed, 1)
    assert.equal((await findLeader(roster.database.db, 'L-90'))?.leader.days['2023-24-spring'], 18)
  })

  it('strict: one bad row and nothing is saved', async () => {
    const report = await take([good.replace('L-90', 'L-92'), bad], { strict: true })
    assert.ok(!report.ok)
    assert.match(report.refusals[0]?.message ?? '', /^Line 3: /)
    assert.equal(await findLeader(roster.database.db, 'L-92'), undefined)
  })

  it('a reference twice in one file counts once', async () => {
    const report = await take([good.replace('L-90', 'L-93'), good.replace('L-90', 'L-93')])
    assert.deepEqual(report.ok && report.value.faults.map((one) => one.message), ['L-93 was already on line 2'])
  })

  it('reads packed and windows-1252 files, and refuses what is no file of leaders', async () => {
    const packed = await take([], { bytes: gzipSync(`${HEAD}\n${good.replace('L-90', 'L-94')}`) })
    assert.equal(packed.ok && packed.value.totals.added, 1)
    const old = Buffer.from(`${HEAD}\n${good.replace('L-90', 'L-95').replace('Wenna', 'Zo\u00eb')}`, 'latin1')
    assert.ok((await take([], { bytes: old })).ok)
    assert.equal((await findLeader(roster.database.db, 'L-95'))?.leader.name, 'Zoë Pascoe')
    for (const [bytes, code] of [
      [Buffer.from(''), 'file.empty'],
      [Buffer.from('a,b\n1,2'), 'file.columns'],
      [Buffer.from('Reference,"b\n1,2'), 'file.not-csv'],
      [gzipSync('x'.repeat(5000)).subarray(0, 20), 'file.truncated'],
    ] as const) {
      const report = await take([], { bytes })
      assert.equal(report.ok ? 'taken in' : report.refusals[0]?.code, code)
    }
  })

  it('the list’s own download is a file that changes nothing', async () => {
    const csv = await roster.server.inject('/leaders.csv')
    const report = await take([], { bytes: csv.rawPayload })
    assert.ok(report.ok)
    assert.deepEqual(report.value.faults, [])
    assert.equal(report.value.totals.unchanged, report.value.totals.read)
  })
})
