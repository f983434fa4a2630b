import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Letter } from '../programmes/index.ts'
import { presentDraft } from './index.ts'
import { fillBody, letterBlocks } from './letter-text.ts'
import { resolverWithout, shippedPack, situationOf, write } from './test-letters.ts'

const DEPLOYMENT = 'deployment-to-school'

function addressesOf(list: readonly { part: string; email: string }[], part: string): string[] {
  return list.filter((one) => one.part === part).map(({ email }) => email)
}

async function messageOf(...asked: Parameters<typeof write>) {
  const { composed } = await write(...asked)
  assert.ok(composed.ok, JSON.stringify(composed))
  return composed.value
}

async function refusalsOf(...asked: Parameters<typeof write>) {
  const { composed } = await write(...asked)
  assert.ok(!composed.ok)
  return composed.refusals
}

describe('The words of a letter', () => {
  it('fill each kind of value in its own way, and a line without its value goes', () => {
    const body = 'By {answer.by}, {days.agreed}, {amount}.\n\nReason: {reason?}\n\n{notes.shared}\n\n{date.decided}'
    const facts = { 'answer.by': '2023-11-09', 'days.agreed': 1, amount: 2500.5, 'date.decided': '2024-01-15' }
    const { text, missing } = fillBody(body, { ...facts, 'notes.shared': ['One\nline', 'Two'] })
    assert.equal(text, 'By Thu 9 Nov 2023, 1 day, £2,500.50.\n\n- One line\n- Two\n\n15 January 2024')
    assert.deepEqual(missing, [])
    assert.equal(fillBody('{notes.shared}', { 'notes.shared': [] }).text, '- None')
  })

  it('no value makes a heading, an item or a paragraph of its own', () => {
    const { text } = fillBody('{case.summary}\nend', { 'case.summary': '## Approved\n\n- by nobody' })
    assert.deepEqual(letterBlocks(text), [{ kind: 'text', lines: ['##\u{a0}Approved - by nobody', 'end'] }])
  })

  it('every letter of the shipped pack can be filled, and no brace is left', async () => {
    for (const letter of Object.values((await shippedPack()).letters)) {
      const place = { diocese: { key: 'D-01', name: 'Diocese of Stanholm' } }
      const places = { ...(await situationOf(letter)).places, ...place }
      const message = await messageOf(letter, { situation: { places } })
      assert.doesNotMatch(`${message.subject}${message.body}`, /[{}]|undefined|null|NaN/, letter.id)
      assert.ok(addressesOf(message.recipients, 'to').length > 0, letter.id)
    }
  })
})

describe('Who gets a letter', () => {
  it('is said with the reason, and through the chief executive for a school in a trust', async () => {
    const { recipients } = await messageOf(DEPLOYMENT)
    assert.deepEqual(addressesOf(recipients, 'to'), ['ceo-01@example.org'])
    assert.deepEqual(addressesOf(recipients, 'cc'), ['head-900002@example.org'])
    assert.equal(
      recipients[0]?.because,
      'Chief executive of Kestrel Bridge Learning Trust, because support for a trust or one of its schools goes through its chief executive',
    )
    const single = await messageOf(DEPLOYMENT, { situation: { subjectKind: 'single-school' } })
    assert.deepEqual(addressesOf(single.recipients, 'to'), ['head-900002@example.org'])
    const trust = await messageOf(DEPLOYMENT, { situation: { subjectKind: 'trust' } })
    assert.deepEqual(addressesOf(trust.recipients, 'cc'), [])
  })

  it('a required recipient who was taken away is named, and nothing is composed', async () => {
    const refusals = await refusalsOf(DEPLOYMENT, { choice: { without: ['to-1'] } })
    assert.deepEqual(refusals, [
      { code: 'letter.required-recipient', message: 'CEO is required recipient', field: 'to' },
    ])
  })

  it('a required recipient who is not known is named with the place and the day', async () => {
    const [refusal] = await refusalsOf(DEPLOYMENT, { resolve: resolverWithout('trust-ceo') })
    assert.equal(refusal?.code, 'letter.no-contact')
    assert.match(
      refusal?.message ?? '',
      /No address is held on 15 January 2024 for: Chief executive of Kestrel Bridge Learning Trust\./,
    )
    assert.match(refusal?.message ?? '', /CEO is required recipient/)
    const [copy] = await refusalsOf('extra-days-outcome', { resolve: resolverWithout('delivery-partner-lead') })
    assert.deepEqual([copy?.code, copy?.field], ['letter.no-contact', 'cc'])
  })

  it('copies on offer are not sent unless ticked, and nobody is offered who is not there', async () => {
    const { recipients, composed } = await write('partnership-summary')
    const draft = presentDraft(recipients, {}, composed)
    assert.deepEqual(
      draft.offered.map(({ text, checked }) => [text, checked]),
      [['Wearstead office', false]],
      'no box for the diocese of a school that has none',
    )
    const plain = await messageOf('partnership-summary')
    assert.deepEqual(addressesOf(plain.recipients, 'cc'), ['head-900002@example.org', 'dp-ne@example.org'])
    const ticked = await messageOf('partnership-summary', {
      choice: { ticked: draft.offered.map(({ value }) => value) },
    })
    assert.deepEqual(addressesOf(ticked.recipients, 'cc').at(-1), 'la-ne@example.org')
  })

  it('somebody whom two rules name gets it once, with both reasons', async () => {
    const same = { name: 'Bram Oake', email: 'CEO-01@example.org' }
    const { recipients } = await messageOf(DEPLOYMENT, { resolve: async () => [same] })
    assert.deepEqual(addressesOf(recipients, 'to').length + addressesOf(recipients, 'cc').length, 1)
    assert.match(
      recipients[0]?.because ?? '',
      /goes through its chief executive; Head teacher of Otter Bank School, because/,
    )
  })

  it('while a role is vacant the other gets it, which is said; of a group one is enough', async () => {
    const { letter } = await situationOf('overdue-step')
    const because = 'the list is theirs'
    const lead = { role: 'delivery-partner-lead', of: 'region', named: 'lead', because, vacant: 'head' } as const
    const school = { role: 'head', of: 'school', named: 'head', because } as const
    const vacant: Letter = { ...letter, to: [lead, school] }
    const resolve = resolverWithout('delivery-partner-lead')
    const { recipients } = await write(vacant, {
      resolve: async (asked) =>
        asked.of === 'region' && asked.role === 'head'
          ? [{ name: 'Stand-in', email: 's@example.org' }]
          : resolve(asked),
    })
    assert.equal(
      recipients[0]?.because,
      'Head teacher of North East, for the lead, which is vacant, because the list is theirs',
    )
    const group: Letter = {
      ...letter,
      to: [{ 'any-of': [{ ...lead, vacant: undefined }, school], named: 'lead or head' }],
    }
    const one = await messageOf(group, { resolve })
    assert.deepEqual(addressesOf(one.recipients, 'to'), ['head-900002@example.org'])
    const none = await refusalsOf(group, { resolve: resolverWithout('delivery-partner-lead', 'head') })
    assert.equal(none.length, 1)
    assert.match(none[0]?.message ?? '', /Lead or head is required recipient/)
  })
})

describe('What must be known', () => {
  it('a field that is not known keeps the letter back and is named; all are told at once', async () => {
    const refusals = await refusalsOf(DEPLOYMENT, {
      facts: { 'partner.name': null, 'partner.reach': '', 'days.agreed': null },
    })
    assert.deepEqual(
      refusals.map(({ code, field }) => [code, field]),
      [
        ['letter.unfilled', 'days.agreed'],
        ['letter.unfilled', 'partner.name'],
        ['letter.unfilled', 'partner.reach'],
      ],
    )
    assert.match(refusals[0]?.message ?? '', /Days agreed \(days\.agreed\)/)
  })

  it('what a letter needs without printing it counts too', async () => {
    const { letter } = await situationOf('overdue-step')
    const refusals = await refusalsOf({ ...letter, needs: ['link.form'] }, { facts: { 'link.form': null } })
    assert.deepEqual(
      refusals.map(({ field }) => field),
      ['link.form'],
    )
  })

  it('the final details hold the contact and what is shared; without the contact nothing is composed', async () => {
    const { body } = await messageOf('match-details')
    assert.match(body, /Bram Oake, Chief executive\nceo-01@example\.org/)
    assert.match(body, /- New head since September/)
    const refusals = await refusalsOf('match-details', { facts: { 'contact.name': null } })
    assert.deepEqual(
      refusals.map(({ field }) => field),
      ['contact.name'],
    )
  })
})
