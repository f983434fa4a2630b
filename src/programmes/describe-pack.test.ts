import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describePack } from './describe-pack.ts'
import { describeProcess } from './describe-process.ts'
import { loadPack } from './load-pack.ts'

const decision = await loadPack('packs/tsi/2023-24')
assert.ok(decision.ok)
const description = describePack(decision.value)

test('the page says for whom, how much and since when, in finished sentences', () => {
  assert.equal(description.issued, 'Version 1.0, issued October 2023')
  assert.equal(description.year, 'Academic year 2023-24: 1 September 2023 to 31 August 2024')
  assert.equal(description.criteria.lead, 'Any one of these is enough.')
  assert.equal(
    description.entitlements[0]?.text,
    'Days of support from a system leader: 10 days for each case, in steps of 0.5; at most 5 more when approved; £600 a day, all costs included.',
  )
  assert.match(
    description.criteria.trusts?.text ?? '',
    /^A trust qualifies through a school of its own: at least two .* or an Inadequate/,
  )
})

test('every statement carries its sources and reads as words, without holes', () => {
  const { criteria, settings, entitlements, roles, terms, values, matching } = description
  const statements = [...criteria.rows, ...settings, ...entitlements, ...roles, ...terms, ...values, ...matching]
  assert.ok(statements.length > 25)
  for (const { text, cites } of statements) {
    assert.ok(cites.length > 0, text)
    assert.doesNotMatch(text, /undefined|null|\[object|[{}]/)
  }
})

test('the claim of a leader who left says which sections it needs, which not, and who signs', () => {
  const flow = describeProcess(decision.value)?.flows.find(({ id }) => id === 'deployment')
  const line = flow?.kept.find(({ id }) => id === 'earlier-claim')?.text ?? ''
  assert.match(
    line,
    /it needs sections 1 \(.*\), 5 \(Bank details\), 6 \(Payment claim\), 7 \(.*\), 8 \(.*\); signed by:/,
  )
  assert.match(line, /signed by: System leader, then Head teacher/)
  assert.match(line, /Not needed: sections 2 \(.*\), 3 \(Mid engagement\), 4 \(Closure and next steps\)\./)
})
