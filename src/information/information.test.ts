import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { TESTED } from './accessibility.ts'
import { readFeedback } from './feedback.ts'
import { readReleases } from './releases.ts'
import { securityTxt } from './security-txt.ts'
import { readServiceDetails } from './service-details.ts'
import { readThirdParties } from './third-party.ts'

const ROOT = join(import.meta.dirname, '../..')
const KEY = '00000000-0000-4000-8000-000000000001'
const typed = { formKey: '', rating: 'satisfied', improvement: '', part: '' }
const codesOf = (change: Partial<typeof typed>) => {
  const read = readFeedback({ ...typed, ...change }, KEY)
  return read.ok ? [] : read.refusals.map(({ code }) => code)
}

test('every test that the accessibility statement speaks of exists', () => {
  for (const { file, test: name } of TESTED) assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(name), name)
})

test('feedback needs a rating, has a limit, and takes no address or telephone number', () => {
  assert.deepEqual(codesOf({}), [])
  assert.deepEqual(codesOf({ rating: 'great' }), ['rating.missing'])
  assert.deepEqual(codesOf({ improvement: 'x'.repeat(1200) }), [])
  assert.deepEqual(codesOf({ rating: '', improvement: 'x'.repeat(1201) }), ['rating.missing', 'improvement.too-long'])
  for (const improvement of ['me@example.org please', 'ring 020 7946 0000', '+44 20 7946 0000', '07700900000'])
    assert.deepEqual(codesOf({ improvement }), ['improvement.personal'], improvement)
  for (const improvement of ['URN 900001 and 900002', 'since 2019 2020 2021', 'the 5 @ the top'])
    assert.deepEqual(codesOf({ improvement }), [], improvement)
})

test('what is kept of feedback can always be stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (improvement, formKey, part) => {
      const read = readFeedback({ rating: 'neither', improvement, formKey, part }, KEY)
      if (!read.ok) return
      assert.doesNotMatch(read.value.improvement, /\0/)
      assert.match(read.value.formKey, /^[0-9a-f-]{36}$/)
      assert.match(read.value.part, /^[a-z-]{0,30}$/)
    }),
  )
})

test('release notes are read in order, and a change may run over several lines', () => {
  const text =
    '# Changes\n\nWords.\n\n## Unreleased\n\n- One thing\n  and more.\n- `Another`.\n\n## 0.1.0 (1 May 2026)\n\n- First.\n'
  assert.deepEqual(readReleases(text), [
    { name: 'Unreleased', changes: ['One thing and more.', 'Another.'] },
    { name: '0.1.0 (1 May 2026)', changes: ['First.'] },
  ])
})

test('security.txt has a contact and an end, and without a contact there is none', () => {
  const details = readServiceDetails({ ALONGSIDE_SECURITY_CONTACT: 'mailto:security@example.org' })
  const text = securityTxt(details, Temporal.PlainDate.from('2026-11-21')) ?? ''
  assert.match(text, /^Contact: mailto:security@example\.org\nExpires: 2027-02-19T00:00:00Z\n/)
  assert.equal(securityTxt(readServiceDetails({}), Temporal.PlainDate.from('2026-11-21')), undefined)
})

test('a contact that nobody could use is refused at the start', () => {
  const wrong = [
    { ALONGSIDE_CONTACT: 'the team' },
    { ALONGSIDE_SECURITY_CONTACT: 'security@example.org' },
    { ALONGSIDE_SECURITY_TXT: 'javascript:alert(1)' },
  ]
  for (const env of wrong) assert.throws(() => readServiceDetails(env), /must be|must begin/)
})

/** Licences that let a public body run and change the service freely; another one needs a decision first (OFL-1.1: ADR 0010). */
const ACCEPTED =
  /^(0BSD|MIT|MIT-0|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|PSF-2\.0|CC0-1\.0|OFL-1\.1|CC-BY-[34]\.0)$/

test('every part that the service runs with is listed, with a licence that is accepted', () => {
  const parts = readThirdParties(ROOT)
  assert.ok(parts.length > 100)
  for (const { name, licence } of parts)
    for (const one of licence.replaceAll(/[()]/g, '').split(/ AND | OR /)) assert.match(one, ACCEPTED, name)
  const fastify = parts.find(({ name }) => name === 'fastify')
  assert.match(fastify?.copyright[0] ?? '', /Copyright \(c\) 2016-.* The Fastify (Team|team)/)
})
