import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Facts } from '../programmes/index.ts'
import { calculate } from './calculate.ts'
import { loadShippedCatalogue } from './test-catalogue.ts'

const { catalogue } = await loadShippedCatalogue()

type Asked = { entry: string; calculator: string; typed?: Record<string, string>; facts?: Facts; on?: string }

/** What the calculator says, or the first refusal in its words. */
function work({ entry: id, calculator: name, typed = {}, facts = {}, on = '2024-01-15' }: Asked) {
  const entry = catalogue.entries.find((one) => one.id === id)
  const calculator = catalogue.calculators[name]
  assert.ok(entry && calculator && entry.calculators?.includes(name), `${id} has the calculator ${name}`)
  return calculate(calculator, { catalogue, entry, typed, facts: { beneficiary: 'school', ...facts }, on })
}

function outcomeOf(asked: Asked): string {
  const answer = work(asked)
  return answer.ok ? answer.value.outcome : (answer.refusals[0]?.message ?? '')
}

test('TSI-170 a scholarship follows from the kind of setting, and an unknown one is to be checked', () => {
  const cases: readonly (readonly [setting: string, entry: string, outcome: string])[] = [
    ['independent-special', 'npqh', 'funded'],
    ['independent', 'npqh', 'self-funded'],
    ['early-years', 'npqeyl', 'check'],
    ['early-years', 'npqh', 'self-funded'],
    ['early-years', 'npq', 'early-years-only'],
    ['hospital', 'npqlt', 'funded'],
    ['state-school', 'npqlt', 'funded'],
    ['state-16-19', 'npqlt', 'funded'],
    ['virtual', 'npqlt', 'funded'],
    ['young-offender', 'npqlt', 'funded'],
    ['authority', 'npqlt', 'funded'],
    ['', 'npqlt', 'check'],
    ['castle', 'npqlt', 'check'],
    ['', 'npqeyl', 'check'],
  ]
  for (const [setting, entry, outcome] of cases)
    assert.equal(outcomeOf({ entry, calculator: 'scholarship', typed: { setting } }), outcome, `${setting} ${entry}`)
  const only = work({ entry: 'npq', calculator: 'scholarship', typed: { setting: 'early-years' } })
  assert.match(only.ok ? only.value.words : '', /^Only NPQ for Early Years Leadership \(NPQEYL\)/)
  const hospital = { facts: { setting: 'hospital' }, entry: 'npqh', calculator: 'scholarship' }
  assert.equal(outcomeOf({ ...hospital, on: '2023-09-01' }), 'funded')
  assert.equal(outcomeOf({ ...hospital, on: '2024-08-31' }), 'funded')
  assert.equal(outcomeOf({ ...hospital, on: '2024-09-01' }), 'check', 'valid for the academic year 2023-24')
  assert.equal(outcomeOf({ ...hospital, on: '2023-08-31' }), 'check')
})

test('TSI-171 targeted support is so much for each participant by phase and pupils, and never £0 for a number that is missing', () => {
  const missing = 'Not computable - pupil number missing'
  const cases: readonly (readonly [phase: string, pupils: string, participants: string, answer: number | string])[] = [
    ['primary', '150', '2', 1600],
    ['primary', '151', '2', 400],
    ['other', '600', '2', 400],
    ['other', '601', '2', 0],
    ['primary', '1', '1', 800],
    ['other', '601', '1', 0],
    ['primary', '', '2', missing],
    ['other', '', '2', missing],
    ['other', '600', '0', 'Participants must be a whole number, 1 or more'],
    ['other', '600', '', 'Participants must be a whole number, 1 or more'],
    ['', '600', '1', 'Choose the phase of the school'],
  ]
  for (const [phase, pupils, participants, wanted] of cases) {
    const answer = work({ entry: 'npq', calculator: 'targeted-support', typed: { phase, pupils, participants } })
    assert.equal(
      answer.ok ? answer.value.total : answer.refusals[0]?.message,
      wanted,
      `${phase} ${pupils} ${participants}`,
    )
  }
  const facts = { primaryAge: true, secondaryAge: false, pupils: 150n }
  const held = work({ entry: 'npq', calculator: 'targeted-support', typed: { participants: '2' }, facts })
  assert.equal(held.ok && held.value.words, '£1,600 for a primary school with 150 pupils')
})

test('TSI-172 early headship coaching names each condition that is not met', () => {
  const work172 = (headshipYears: string, headshipQualification: string, stateFunded: boolean | 'not held' = true) => {
    const facts = stateFunded === 'not held' ? {} : { stateFunded }
    const answer = work({
      entry: 'headship-coaching',
      calculator: 'coaching-conditions',
      typed: { headshipYears, headshipQualification },
      facts,
    })
    return answer.ok ? answer.value.words : answer.refusals[0]?.message
  }
  assert.equal(work172('3', 'yes'), 'Eligible, free of charge')
  assert.equal(work172('5', 'yes'), 'Eligible, free of charge')
  assert.equal(work172('6', 'yes'), 'Not eligible: more than 5 years in headship')
  assert.equal(work172('3', 'no'), 'Not eligible: NPQH needed')
  assert.equal(work172('3', 'yes', false), 'Not eligible: not a state-funded school')
  assert.equal(
    work172('6', 'no', false),
    'Not eligible: more than 5 years in headship; not a state-funded school; NPQH needed',
  )
  assert.equal(work172('3', ''), 'Check whether this holds: NPQH needed', 'unknown is neither yes nor no')
  assert.equal(work172('3', 'yes', 'not held'), 'Check whether this holds: not a state-funded school')
  assert.equal(work172('many', 'yes'), 'Years in headship: enter a whole number')
})

test('the tutoring subsidy halves the cost to the penny and names who pays', () => {
  const work175 = (cost: string, runBy = '') =>
    work({ entry: 'tutoring', calculator: 'tutoring-subsidy', typed: { cost }, facts: { runBy } })
  const even = work175('4000', 'authority')
  assert.equal(even.ok && even.value.words, '£2,000 funding and £2,000 own share')
  assert.match(even.ok ? (even.value.lines[0]?.text ?? '') : '', /paid in termly instalments by the local authority$/)
  assert.match(even.ok ? (even.value.lines[1]?.text ?? '') : '', /from pupil premium or the core budget$/)
  const odd = work175('£1,000.01', 'trust')
  assert.equal(odd.ok && odd.value.words, '£500.01 funding and £500 own share')
  assert.match(odd.ok ? (odd.value.lines[0]?.text ?? '') : '', /by the academy trust$/)
  for (const wrong of ['', '0', '-5', 'much']) assert.equal(work175(wrong).ok, false, wrong)
})

test('TSI-185 enhanced science pays for each course day; possible travel stands beside the firm sum', () => {
  const work185 = (days: string, region: string, flags: string[] = []) =>
    work({ entry: 'science-subsidies', calculator: 'science-subsidy', typed: { days, region }, facts: { flags } })
  const far = work185('3', 'South West')
  assert.ok(far.ok)
  assert.deepEqual([far.value.total, far.value.atMost], [450, 600])
  assert.equal(far.value.words, '£450 firm, possible travel £150, at most £600')
  const travel = far.value.lines.filter(({ firm }) => !firm)
  assert.deepEqual(travel, [{ text: 'Possible travel: up to £150, to be checked', pounds: 150, firm: false }])
  const free = far.value.lines.filter(({ pounds }) => pounds === 0).map(({ text }) => text.split(':')[0])
  assert.deepEqual(free, ['The course itself', 'Accommodation', 'Meals'])
  assert.match(far.value.notes.join(' '), /checked online/)
  for (const region of ['East of England', 'South East']) {
    const answer = work185('1', region)
    assert.deepEqual(answer.ok && [answer.value.total, answer.value.atMost], [150, 300], region)
  }
  const near = work185('3', 'North West')
  assert.ok(near.ok)
  assert.deepEqual([near.value.total, near.value.atMost, near.value.lines.every(({ firm }) => firm)], [450, 450, true])
  const mapped = work185('3', 'North West', ['west-of-england'])
  assert.deepEqual(mapped.ok && [mapped.value.total, mapped.value.atMost], [450, 600], 'an administrator mapped it')
  assert.deepEqual(work185('0', 'South West').ok, false)
  assert.deepEqual(work185('', 'South West').ok, false)
})
