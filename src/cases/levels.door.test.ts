import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PACKS_FOLDER, standingParts } from '../app.ts'
import { loadPacks } from '../programmes/index.ts'
import { followStandings } from '../standings/index.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

const PROGRAMME = 'gtg@2023'
const INDICATORS = {
  outcomes: 'Above the national figures in reading',
  ambition: 'The governors aim higher',
  'leadership-management-and-governance': 'Settled since 2024',
  'overall-effectiveness': 'Capacity is good',
}

type Standing = {
  level: string | null
  words: string
  history: { level: string; from: string; until: string | null; by: string; reason: string | null }[]
}

let desk: CaseDesk
let adviser: Person
let senior: Person
before(async () => {
  desk = await openCaseDesk('2026-09-01')
  const packs = await loadPacks(PACKS_FOLDER)
  assert.ok(packs.ok)
  const { database, clock } = desk.service.cases
  await followStandings(standingParts({ database, clock, packs: packs.value }))
  adviser = await desk.as('lama-1')
  senior = await desk.as('so-1')
})
after(() => desk.close())

/** A case up to the discussion, which is not held yet. */
async function proposed(by: Person, urn: number, level: string, more: object = {}): Promise<string> {
  const reference = await by.start({ programme: PROGRAMME, urn })
  assert.equal((await by.step(reference, 'judge-indicators', INDICATORS)).status, 200)
  const proposal = { level, grounds: 'As judged', ...more }
  assert.equal((await by.step(reference, 'propose-level', proposal)).status, 200)
  return reference
}

function discussion(...present: string[]) {
  return { 'held-on': desk.today(), present: ['school-head', 'adviser', ...present] }
}

async function finish(by: Person, reference: string): Promise<void> {
  assert.equal((await senior.step(reference, 'level-letter')).status, 200)
  const report = { 'areas-for-improvement': 'Mathematics', 'date-for-each-area': 'July', effect: 'Too early' }
  assert.equal((await by.step(reference, 'write-tag-report', report)).status, 200)
}

async function standingOf(urn: number): Promise<Standing> {
  return (await senior.get(`/api/v1/standings/${PROGRAMME}/support-level/schools/${urn}`)).json<Standing>()
}

describe('The level of a school', () => {
  it('GTG-001 is one of five on any day, with its variant; the next ends it, and one that overlaps is refused', async () => {
    const programme = (await senior.get('/api/v1/programmes/gtg@2023')).json<{
      process: { standings: { levels: { title: string }[]; rules: string[] }[] }
    }>()
    const [standing] = programme.process.standings
    assert.deepEqual(standing?.levels.map(({ title }) => title).sort(), [
      'Core',
      'Enhanced',
      'Focused',
      'Intensive A',
      'Intensive B',
    ])
    assert.match(JSON.stringify(standing), /Team Around the School/)

    desk.setToday('2026-09-01')
    const first = await proposed(adviser, 900203, 'focused')
    await adviser.step(first, 'discuss-level', discussion())
    const focused = { outcome: 'confirmed', why: 'Mathematics and writing' }
    assert.equal((await senior.step(first, 'finalise-level', focused)).status, 200)
    await finish(adviser, first)
    desk.setToday('2026-11-01')
    const second = await proposed(adviser, 900203, 'enhanced')
    await adviser.step(second, 'discuss-level', discussion())
    await senior.step(second, 'finalise-level', { outcome: 'confirmed', why: 'A wider concern' })
    await finish(adviser, second)
    const { history } = await standingOf(900203)
    assert.deepEqual(
      history.map(({ level, from, until, by, reason }) => [level, from, until, by, reason]),
      [
        ['focused', '2026-09-01', '2026-11-01', 'Drusilla Tideway', 'Mathematics and writing'],
        ['enhanced', '2026-11-01', null, 'Drusilla Tideway', 'A wider concern'],
      ],
    )
    const page = await senior.get(`/standings/${PROGRAMME}/support-level/schools/900203`)
    assert.match(page.text, /Focused 1 September 2026 31 October 2026 Drusilla Tideway, Senior officer/)

    const retro = await proposed(adviser, 900203, 'intensive-a')
    await adviser.step(retro, 'discuss-level', discussion('governors', 'seniors'))
    const refused = await senior.step(retro, 'finalise-level', {
      outcome: 'confirmed',
      why: 'Late',
      from: '2026-10-15',
    })
    assert.equal(refused.status, 422)
    assert.match(refused.message, /Enhanced holds from 1 November 2026, set by Drusilla Tideway/)
    assert.deepEqual((await standingOf(900203)).history.length, 2)
  })

  it('GTG-006 is final only by a senior officer, after a proposal and a discussion with the school; a rule’s level stands until then', async () => {
    desk.setToday('2026-10-05')
    const own = await desk.as('lama-2')
    const reference = await proposed(own, 900205, 'intensive-a')
    const final = { outcome: 'another', level: 'enhanced', reason: 'Progress since', why: 'Agreed with the school' }
    const early = await senior.step(reference, 'finalise-level', final)
    assert.equal(early.status, 422)
    assert.match(early.message, /Discussion with the school missing/)
    assert.equal((await standingOf(900205)).words, 'Enhanced (automatic, to confirm)')
    const alone = await own.step(reference, 'discuss-level', { 'held-on': '2026-10-05', present: ['adviser'] })
    assert.match(alone.message, /Headteacher missing/)
    const undated = await own.step(reference, 'discuss-level', { present: ['school-head', 'adviser'] })
    assert.match(undated.message, /day of the meeting/)
    assert.equal((await own.step(reference, 'discuss-level', discussion())).status, 200)
    const byAdviser = await own.step(reference, 'finalise-level', final)
    assert.equal(byAdviser.status, 403)
    assert.match(byAdviser.message, /Responsible: senior officer/)
    assert.equal((await standingOf(900205)).words, 'Enhanced (automatic, to confirm)')
    assert.equal((await senior.step(reference, 'finalise-level', final)).status, 200)
    assert.equal((await standingOf(900205)).words, 'Enhanced')
  })

  it('is not open below what a rule keeps, naming it with its date', async () => {
    desk.setToday('2026-10-06')
    const other = await desk.as('lama-3')
    const reference = await proposed(other, 900207, 'focused')
    await other.step(reference, 'discuss-level', discussion())
    const refused = await senior.step(reference, 'finalise-level', { outcome: 'confirmed', why: 'Better now' })
    assert.equal(refused.status, 422)
    assert.match(refused.message, /Focused is not open: Enhanced or higher is automatic.*11 June 2024/)
    assert.equal((await standingOf(900207)).level, 'enhanced')
  })

  it('is Intensive only after a discussion with the chair of governors and a senior officer too', async () => {
    desk.setToday('2026-10-07')
    const reference = await proposed(adviser, 900206, 'intensive-a')
    await adviser.step(reference, 'discuss-level', discussion('seniors'))
    const final = { outcome: 'confirmed', why: 'Agreed' }
    const refused = await senior.step(reference, 'finalise-level', final)
    assert.match(refused.message, /Chair of Governors missing/)
    assert.equal((await adviser.act(reference, 'discuss-again')).status, 200)
    await adviser.step(reference, 'discuss-level', discussion('seniors', 'governors'))
    assert.equal((await senior.step(reference, 'finalise-level', final)).status, 200)
    assert.equal((await standingOf(900206)).words, 'Intensive A')
  })
})

describe('Cases of another programme', () => {
  it('are offered and shown to those alone who have a role in it', async () => {
    const page = await adviser.get('/cases/new')
    assert.match(page.text, /Good to Great, 2023/)
    assert.doesNotMatch(page.text, /Trust and school improvement offer/)
    const list = await senior.get('/cases')
    assert.match(list.text, /Discussion/)
    assert.match((await senior.get('/my-work')).text, /Decision on the level/)
    const region = await desk.as('rg-all')
    assert.doesNotMatch((await region.get('/cases/new')).text, /Good to Great/)
    assert.match((await region.get('/cases')).text, /There is no case that you may see yet/)
  })
})
