import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeProcess, type ProcessDescription } from './describe-process.ts'
import { describeDuty, describeTrigger } from './describe-standing.ts'
import { loadPack } from './load-pack.ts'
import type { Pack } from './pack-schema.ts'

async function getPack(name: string): Promise<Pack> {
  const decision = await loadPack(`packs/${name}`)
  assert.ok(decision.ok, JSON.stringify(decision))
  return decision.value
}
function processOf(pack: Pack): ProcessDescription {
  const description = describeProcess(pack)
  assert.ok(description)
  return description
}
const gtg = processOf(await getPack('gtg/2023'))
const lle = processOf(await getPack('lle/2017'))
const lln = processOf(await getPack('lln/2026-27'))
const dutyOf = (process: ProcessDescription, id: string) => {
  const duty = process.duties.find((one) => one.id === id)
  assert.ok(duty, id)
  return duty
}

test('the levels of a standing stand from the lowest to the highest, each with how it is reached', () => {
  const [level] = gtg.standings
  assert.deepEqual(
    level?.levels.map(({ title }) => title),
    ['Core', 'Focused', 'Enhanced', 'Intensive A', 'Intensive B'],
  )
  assert.deepEqual(level?.levels.at(-1)?.from, [
    'At least this at once, while this holds: The latest graded inspection gave grade 4; its category, serious weaknesses or special measures, is then asked',
    'Proposed where: Significant concern about standards together with a good judgement at risk',
  ])
  assert.match(level?.levels[2]?.from[1] ?? '', /^At least this at once, until it is decided anew: At risk/)
  assert.deepEqual(level?.rules.slice(0, 4), [
    'Proposed by: Adviser (LaMA)',
    'Set by: Senior officer',
    'Only one at a time, each with its days',
    'Never goes down by itself: only a decision does that',
  ])
  assert.match(level?.rules[4] ?? '', /^Team Around the School, at Focused: /)
})

test('a standing that somebody else must confirm says so, and one that ends by itself how long it lasts', async () => {
  const tie = lle.standings.find(({ id }) => id === 'association-tie')
  assert.ok(tie?.rules.includes('Holds only when confirmed by: Local leader'))
  const pack = await getPack('lle/2017')
  const standing = pack.process?.standings?.['designation']
  assert.ok(pack.process && standing)
  const order = standing.order.map((level) => ({ ...level, lasts: '2 years' }))
  const lasting = { ...pack, process: { ...pack.process, standings: { designation: { ...standing, order } } } }
  assert.deepEqual(
    processOf(lasting).standings[0]?.levels.map(({ note }) => /Lasts 2 years$/.test(note)),
    [true, true, true],
  )
})

test('a duty says who, when, for whom and what counts as done', () => {
  const { party, when, whom, done, people } = dutyOf(gtg, 'termly-review')
  assert.deepEqual(
    [party, when, whom, done],
    [
      'Adviser (LaMA)',
      'Every term, by the end of term',
      'Each school with Support level: Intensive A or above',
      'Two advisers took part and the report stands',
    ],
  )
  assert.deepEqual(people, [
    'Must be there: Adviser (LaMA), Headteacher',
    'May be left out, with a reason, by: Senior officer',
    'When late, told: Senior officer',
  ])
})

test('each kind of clock and condition is said in words', () => {
  const whens = [
    [gtg, 'core-visit', '3 times a year'],
    [gtg, 'optional-review', 'Once a year'],
    [gtg, 'fill-tag-report', '5 days before: TAG meeting'],
    [gtg, 'tracking-visit', 'As often as headteacher and adviser agree'],
    [gtg, 'judge-risk', 'Within 10 days'],
    [lle, 'share-plan', 'By 31 January'],
    [lle, 'audit-capacity', 'Every year, between 1 February and 30 April'],
    [lln, 'next-focus', 'In term 6, for the next year'],
    [lln, 'list-checked', 'By the end of term 1, hoped for by 30 September'],
  ] as const
  for (const [process, id, when] of whens) assert.equal(dutyOf(process, id).when, when, id)
  const whoms = [
    [gtg, 'core-visit', 'Each school'],
    [gtg, 'broker-aspect', 'Each school with Support level: Focused, Team Around the School'],
    [gtg, 'review-plan', 'Each case of: The plan of a supported school'],
    [lle, 'regular-review', 'Each person with Designation: Designated'],
  ] as const
  for (const [process, id, whom] of whoms) assert.equal(dutyOf(process, id).whom, whom, id)
})

test('what begins by itself says what it opens and who is told', () => {
  const textOf = (process: ProcessDescription, id: string) => process.triggers.find((one) => one.id === id)?.text
  assert.equal(
    textOf(gtg, 'inspected-grade-three'),
    'An inspection gives grade 3. Judged anew: Support level. Opens: Deciding the level of a school. Told: Adviser (LaMA), Senior officer.',
  )
  assert.equal(
    textOf(gtg, 'inspected-without-grade'),
    'An inspection gives no overall grade. Falls due: Risk after an inspection without an overall grade. Told: Adviser (LaMA).',
  )
  assert.equal(
    textOf(lle, 'school-below-good'),
    "An inspection of a leader's school gives less than good. Designation becomes: Under review. Opens: Review of a designation. Told: Teaching school alliance.",
  )
})

test('steps say who must come, agree and be told, and what they wait for; papers say their parts and readers', () => {
  const step = (process: ProcessDescription, flow: string, id: string) =>
    process.flows.find((one) => one.id === flow)?.steps.find((one) => one.id === id)
  assert.deepEqual(step(gtg, 'level-decision', 'discuss-level')?.rules, [
    'Must be there: Headteacher, Adviser (LaMA)',
    'Expected, or a reason is asked: Chair of Governors, Senior officer',
  ])
  assert.deepEqual(step(gtg, 'single-plan', 'agree-plan')?.rules.slice(0, 4), [
    'Waits for: 1 Draft of the plan, 2 A senior member of staff leads for the school',
    'Agreed by each of: Headteacher, Adviser (LaMA)',
    'When late, told: Adviser (LaMA), Senior officer',
    'With Support level: Intensive A or above also agreed by each of: Chair of Governors, Senior officer',
  ])
  assert.equal(step(gtg, 'level-decision', 'discuss-level')?.stage, 'L2 Discussion')
  const flow = gtg.flows.find(({ id }) => id === 'formal-concern')
  assert.equal(
    flow?.papers[0]?.text,
    "Formal concern: Talk with the headteacher; Talk with governors; Grounds with evidence. Read by: Adviser (LaMA), Leads of the school's phase, Senior officer.",
  )
  assert.match(
    gtg.flows[0]?.anytime[1]?.text ?? '',
    /: by Adviser \(LaMA\), from L1 Judging to L3 Decision\. Told: Senior officer\.$/,
  )
})

test('a name that is not declared is shown as it stands, never as a hole', async () => {
  const pack = await getPack('gtg/2023')
  const process = pack.process
  const duty = process?.duties?.['core-visit']
  const trigger = process?.triggers?.['inspected-grade-three']
  assert.ok(process && duty && trigger)
  const opens = { judge: 'gone', flow: 'away', duty: 'lost' }
  assert.match(
    describeTrigger({ ...trigger, opens }, process, (party) => party),
    /gone.*away.*lost/,
  )
  assert.equal(describeDuty('core-visit', { ...duty, owner: 'somebody' }, process, (party) => party).party, 'somebody')
})

test('every statement of the three packs carries its sources and reads as words, without holes', () => {
  for (const process of [gtg, lle, lln]) {
    const { parties, flows, standings, triggers, duties, papers } = process
    const texts = [
      ...[
        ...parties,
        ...triggers,
        ...papers,
        ...flows.flatMap((flow) => [...flow.anytime, ...flow.kept, ...flow.papers]),
      ],
      ...duties.map((duty) => ({
        ...duty,
        text: [duty.title, duty.party, duty.when, duty.whom, duty.done, ...duty.people].join(' '),
      })),
      ...flows.flatMap(({ steps }) =>
        steps.map((one) => ({ ...one, text: [one.title, one.party, one.clock, one.leadsTo, ...one.rules].join(' ') })),
      ),
      ...standings.map((one) => ({
        ...one,
        text: [...one.rules, ...one.levels.flatMap(({ note, from }) => [note, ...from])].join(' '),
      })),
    ]
    assert.ok(texts.length > 30)
    for (const { text, cites } of texts) {
      assert.ok(cites.length > 0, text)
      assert.doesNotMatch(text, /undefined|null|\[object|[{}]|: *$|: \./)
    }
  }
})
