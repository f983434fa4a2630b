import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { type NightFolder, openNightFolder, schoolsFile, type TestSchool } from '../../../world/night-folder.ts'
import { type TestDatabase, testDatabase } from '../../platform/test-database.ts'
import { type RegisterEvent, readEventsSince, takeEvents } from '../index.ts'

let database: TestDatabase
let nights: NightFolder
before(async () => {
  database = await testDatabase()
  nights = await openNightFolder(database)
})
after(async () => {
  await nights.remove()
  await database.close()
})

const SCHOOLS: TestSchool[] = [1, 2, 3, 4, 5].map((place) => ({ urn: 900200 + place }))
const GROUPS = `Group UID,Group Name,Group Type,Group Status
9001,Alder Trust,Multi-academy trust,Open
9002,Beech Trust,Multi-academy trust,Open
`
const FIRST_MEMBERS = `URN,Group UID,Group Name,Group Type,Joined date
900205,9001,Alder Trust,Multi-academy trust,01/09/2014
`
const MEMBERS = `${FIRST_MEMBERS}900201,9001,Alder Trust,Multi-academy trust,01/09/2015
`
const LINKS = 'URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n'
const INSPECTIONS = 'URN,InspectionDate,Kind,OverallEffectiveness,PublicationDate\n'

let cursor = 0
/** Puts a file, lets a night come, and answers what it raised. */
async function raised(name: string, text: string, today: string): Promise<RegisterEvent[]> {
  await nights.put(name, text)
  await nights.night(today)
  const events = await readEventsSince(database.db, cursor)
  cursor = events.at(-1)?.id ?? cursor
  return events
}

const brief = ({ kind, urn, other, from, to, on }: RegisterEvent) => ({
  kind,
  urn,
  other: other?.urn ?? null,
  from,
  to,
  on,
})

describe('events of the register', () => {
  test('first files raise none: everything would be new', async () => {
    assert.deepEqual(await raised('edubasealldata20240101.csv', schoolsFile(SCHOOLS), '2024-01-01'), [])
    assert.deepEqual(await raised('links20240101.csv', `${LINKS}900202,900201,A,Other,\n`, '2024-01-01'), [])
    assert.deepEqual(
      await raised('inspections20240101.csv', `${INSPECTIONS}900201,2019-03-05,graded,2,\n`, '2024-01-01'),
      [],
    )
    assert.deepEqual(await raised('groups20240101.csv', GROUPS, '2024-01-01'), [])
    assert.deepEqual(await raised('members20240101.csv', FIRST_MEMBERS, '2024-01-01'), [])
  })

  test('a school that joins a trust and moves on raises each move with both trusts and the day', async () => {
    assert.deepEqual((await raised('members20240102.csv', MEMBERS, '2024-01-02')).map(brief), [
      {
        kind: 'moved-trust',
        urn: 900201,
        other: null,
        from: { uid: null, name: null },
        to: { uid: '9001', name: 'Alder Trust' },
        on: '2015-09-01',
      },
    ])
    const moved = `${MEMBERS}900201,9002,Beech Trust,Multi-academy trust,01/01/2024\n`
    const [event, ...others] = await raised('members20240103.csv', moved, '2024-01-03')
    assert.deepEqual(others, [])
    assert.deepEqual([event?.from.name, event?.to.name, event?.on], ['Alder Trust', 'Beech Trust', '2024-01-01'])
    assert.equal(event?.file?.title, 'members20240103.csv')
    assert.equal(event?.file?.asAt, '2024-01-03')
  })

  test('a conversion, told by both schools, is one event; a merger is another kind; other links raise none', async () => {
    const links = `${LINKS}900202,900201,A,Other,
900203,900202,B,Predecessor,01/09/2023
900202,900203,C,Successor,01/09/2023
900204,900201,A,Predecessor - merged,
900205,900201,A,Sixth Form Centre Link,
`
    assert.deepEqual((await raised('links20240104.csv', links, '2024-01-04')).map(brief), [
      { kind: 'merged', urn: 900201, other: 900204, from: {}, to: { link: 'Predecessor - merged' }, on: '2024-01-04' },
      { kind: 'converted', urn: 900202, other: 900203, from: {}, to: { link: 'Predecessor' }, on: '2023-09-01' },
    ])
    assert.deepEqual(
      await raised('links20240105.csv', `${links}\n`, '2024-01-05'),
      [],
      'the same links again are no news',
    )
  })

  test('a new graded inspection raises the grade and the one before; an ungraded one is told apart', async () => {
    const text = `${INSPECTIONS}900201,2019-03-05,graded,2,
900201,2023-11-14,graded,3,2024-01-05
900202,2023-11-15,ungraded,,
900203,2023-11-16,newer_unspecified,,
`
    assert.deepEqual((await raised('inspections20240106.csv', text, '2024-01-06')).map(brief), [
      {
        kind: 'graded',
        urn: 900201,
        other: null,
        from: { grade: 2, on: '2019-03-05' },
        to: { kind: 'graded', grade: 3, inspectedOn: '2023-11-14', publishedOn: '2024-01-05' },
        on: '2024-01-05',
      },
      {
        kind: 'inspected',
        urn: 900202,
        other: null,
        from: {},
        to: { kind: 'ungraded', inspectedOn: '2023-11-15' },
        on: '2023-11-15',
      },
    ])
  })

  test('each taker gets every event once, in the transaction of what it does with it', async () => {
    const all = await readEventsSince(database.db, 0)
    await database.pool.query('create table noted (event integer)')
    const note = async (db: Parameters<typeof readEventsSince>[0], events: readonly RegisterEvent[]) => {
      for (const { id } of events) await sql`insert into noted values (${id})`.execute(db)
    }
    await assert.rejects(
      takeEvents(database.db, 'cases', async (db, events) => {
        await note(db, events)
        throw new Error('the rule failed')
      }),
      /the rule failed/,
    )
    const noted = async () =>
      (await database.pool.query<{ event: number }>('select event from noted order by event')).rows.map(
        ({ event }) => event,
      )
    assert.deepEqual(await noted(), [], 'a failure leaves both undone')

    const counts = await Promise.all([takeEvents(database.db, 'cases', note), takeEvents(database.db, 'cases', note)])
    assert.deepEqual(counts.toSorted(), [0, all.length], 'two at the same moment take them once')
    assert.deepEqual(
      await noted(),
      all.map(({ id }) => id),
    )
    assert.equal(await takeEvents(database.db, 'cases', note), 0)
    assert.equal(
      await takeEvents(database.db, 'plans', async () => undefined),
      all.length,
      'another taker has its own cursor',
    )
    assert.equal(await takeEvents(database.db, 'late', note, { beginAt: 'now' }), 0)
  })

  test('an event is never changed or removed', async () => {
    await assert.rejects(database.pool.query(`update register_event set kind = 'closed'`), /never changed/)
    await assert.rejects(database.pool.query('delete from register_event'), /never changed/)
  })
})
