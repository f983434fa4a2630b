import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { readCapacity } from './capacity.ts'
import { freeHalfDays, NO_DAYS } from './ledger.ts'
import { freeDays, holdDays, promiseDays } from './take-days.ts'
import { openTestRoster, TESTER, type TestRoster } from './test-roster.ts'

let roster: TestRoster
before(async () => {
  roster = await openTestRoster()
})
after(() => roster.close())

const SPRING = '2023-24-spring'

/** A leader of the test's own with these half days in spring. */
async function newLeader(reference: string, halfDays: number): Promise<string> {
  await sql`with added as (
      insert into leader (reference, name, type, organisation_trust_uid, region)
      values (${reference}, 'Somebody', 'mat-ceo', 'T-09', 'North East') returning id)
    insert into leader_term (leader_id, term, available_half_days) select id, ${SPRING}, ${halfDays} from added`.execute(
    roster.database.db,
  )
  return reference
}

async function springOf(reference: string) {
  const [leader] = await readCapacity(roster.database.db, roster.vocabulary.terms, [reference])
  return leader?.capacity.find((one) => one.term === SPRING) ?? assert.fail('the term is missing')
}

function ask(leader: string, halfDays: number, takenFor: string, reason = '') {
  return { leader, term: SPRING, halfDays, takenFor, reason, vocabulary: roster.vocabulary, by: TESTER }
}

describe('Days of a leader', () => {
  it('a hold becomes a promise, and a promise is given back once', async () => {
    const leader = await newLeader('A-1', 20)
    const hold = await holdDays(roster.database, ask(leader, 20, 'C-16'))
    assert.ok(hold.ok)
    const promise = await promiseDays(roster.database, { ...ask(leader, 16, 'C-16'), fromHold: hold.value.id })
    assert.ok(promise.ok && promise.value.over_reason === null, 'the held days are free for their own promise')
    assert.deepEqual((({ held, promised, free }) => ({ held, promised, free }))(await springOf(leader)), {
      held: 0,
      promised: 16,
      free: 4,
    })
    const back = { entryId: promise.value.id, reason: 'The leader left', by: TESTER }
    assert.ok((await freeDays(roster.database, back)).ok)
    const twice = await freeDays(roster.database, back)
    assert.ok(!twice.ok && twice.refusals[0]?.code === 'entry.not-open')
    assert.equal((await springOf(leader)).free, 20)
  })

  it('more than is free needs a reason, which is kept', async () => {
    const leader = await newLeader('A-2', 0)
    const refused = await promiseDays(roster.database, ask(leader, 2, 'C-05'))
    assert.ok(!refused.ok && refused.refusals[0]?.code === 'leader.no-capacity')
    const over = await promiseDays(roster.database, ask(leader, 2, 'C-05', 'Moves another case to summer'))
    assert.equal(over.ok && over.value.over_reason, 'Moves another case to summer')
    assert.equal((await springOf(leader)).over, 2)
  })

  it('the same days asked for twice are taken once', async () => {
    const leader = await newLeader('A-3', 20)
    await holdDays(roster.database, ask(leader, 6, 'C-02'))
    const again = await holdDays(roster.database, ask(leader, 6, 'C-02'))
    assert.ok(!again.ok && again.refusals[0]?.code === 'entry.exists')
    assert.equal((await springOf(leader)).held, 6)
  })

  it('who left gives no days; who is paused only with a reason', async () => {
    const leader = await newLeader('A-4', 20)
    await sql`update leader set state = 'paused' where reference = ${leader}`.execute(roster.database.db)
    const paused = await holdDays(roster.database, ask(leader, 6, 'C-02'))
    assert.ok(!paused.ok && paused.refusals[0]?.code === 'leader.paused')
    assert.ok((await holdDays(roster.database, ask(leader, 6, 'C-02', 'Agreed by telephone'))).ok)
    await sql`update leader set state = 'left' where reference = ${leader}`.execute(roster.database.db)
    const left = await holdDays(roster.database, ask(leader, 6, 'C-03', 'Agreed'))
    assert.ok(!left.ok && left.refusals[0]?.code === 'leader.left')
  })

  it('joins the transaction of its caller and is undone with it', async () => {
    const leader = await newLeader('A-5', 20)
    await assert.rejects(
      roster.database.db.transaction().execute(async (db) => {
        assert.ok((await holdDays({ db }, ask(leader, 6, 'C-02'))).ok)
        throw new Error('The rest failed')
      }),
      /The rest failed/,
    )
    assert.equal((await springOf(leader)).held, 0)
  })
})

describe('Two officers at once', () => {
  it('never promise the same day: in forty rounds of six, exactly as many succeed as there are days for', async () => {
    for (let round = 0; round < 40; round++) {
      const leader = await newLeader(`R-${round}`, 20)
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, officer) => {
          const take = officer % 2 === 0 ? promiseDays : holdDays
          return take(roster.database, ask(leader, 6, `C-${officer}`))
        }),
      )
      assert.equal(answers.filter((answer) => answer.ok).length, 3)
      const { held, promised, free } = await springOf(leader)
      assert.deepEqual([held + promised, free], [18, 2])
    }
  })

  it('the database itself refuses, when somebody writes past the service', async () => {
    const leader = await newLeader('A-6', 4)
    const insert = (halfDays: number, takenFor: string) =>
      sql`insert into leader_day_entry (leader_id, term, kind, half_days, taken_for, made_by, door)
        select id, ${SPRING}, 'promise', ${halfDays}, ${takenFor}, 'Tester', 'test' from leader where reference = ${leader}`.execute(
        roster.database.db,
      )
    const results = await Promise.allSettled([insert(3, 'C-1'), insert(3, 'C-2')])
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1)
    assert.equal((await springOf(leader)).promised, 3)
    const change = (text: string) => sql.raw(`${text} where taken_for in ('C-1', 'C-2')`).execute(roster.database.db)
    await assert.rejects(change('update leader_day_entry set half_days = 1'), /can only be released/)
    await assert.rejects(change('delete from leader_day_entry'), /never deleted/)
  })
})

type Step =
  | { readonly do: 'take'; readonly kind: Open['kind']; readonly halfDays: number; readonly reason: boolean }
  | { readonly do: 'turn' | 'release'; readonly pick: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('take' as const),
    kind: fc.constantFrom('hold' as const, 'promise' as const),
    halfDays: fc.integer({ min: 1, max: 12 }),
    reason: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('turn' as const, 'release' as const), pick: fc.nat({ max: 20 }) }),
)

type Open = { id: number; kind: 'hold' | 'promise'; halfDays: number }

describe('Any sequence of holds, promises and releases', () => {
  it('gives the balance that a simple model gives, never below nothing', async () => {
    let serial = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), fc.array(step, { maxLength: 14 }), async (available, steps) => {
        serial += 1
        const leader = await newLeader(`P-${serial}`, available)
        const open: Open[] = []
        for (const [index, one] of steps.entries()) await play(leader, available, open, one, `C-${index}`)
        const { held, promised, free } = await springOf(leader)
        assert.deepEqual({ held, promised }, totals(open))
        assert.equal(free, freeHalfDays({ ...NO_DAYS, available, ...totals(open) }))
        assert.ok(free >= 0)
      }),
      { numRuns: 25 },
    )
  })
})

function totals(open: readonly Open[]) {
  const sum = (kind: Open['kind']) =>
    open.filter((one) => one.kind === kind).reduce((total, one) => total + one.halfDays, 0)
  return { held: sum('hold'), promised: sum('promise') }
}

/** One step at the service and in the model; the model says beforehand whether the service must agree. */
async function play(leader: string, available: number, open: Open[], one: Step, takenFor: string): Promise<void> {
  const { held, promised } = totals(open)
  if (one.do === 'take') {
    const take = one.kind === 'hold' ? holdDays : promiseDays
    const answer = await take(roster.database, ask(leader, one.halfDays, takenFor, one.reason ? 'Agreed' : ''))
    const fits = held + promised + one.halfDays <= available
    assert.equal(answer.ok, fits || one.reason)
    if (answer.ok) open.push({ id: answer.value.id, kind: one.kind, halfDays: one.halfDays })
    return
  }
  const chosen = open[one.pick % Math.max(1, open.length)]
  if (!chosen) return
  const at = open.indexOf(chosen)
  if (one.do === 'release') {
    assert.ok((await freeDays(roster.database, { entryId: chosen.id, reason: '', by: TESTER })).ok)
    open.splice(at, 1)
    return
  }
  const asked = { ...ask(leader, chosen.halfDays, takenFor, 'Agreed'), fromHold: chosen.id }
  const answer = await promiseDays(roster.database, asked)
  assert.equal(answer.ok, chosen.kind === 'hold', 'only a hold turns into a promise')
  if (answer.ok) open.splice(at, 1, { id: answer.value.id, kind: 'promise', halfDays: chosen.halfDays })
}
