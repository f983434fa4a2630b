import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { findStudyFaults } from './check-study.ts'
import { describeStudies } from './describe-study.ts'
import { loadPack } from './load-pack.ts'
import { readSource } from './pack-source.ts'

const FOLDER = join(import.meta.dirname, '../../packs/tsi/2023-24')
const source = (name: string) => readSource(name, readFileSync(join(FOLDER, name), 'utf8'))
const beside = {
  process: source('process.yaml'),
  work: source('work.yaml'),
  forms: [source('forms/deployment.yaml')],
}
const TEXT = readFileSync(join(FOLDER, 'case-studies.yaml'), 'utf8')

function faults(from: string, to: string): string[] {
  assert.ok(TEXT.includes(from), from)
  const text = TEXT.replace(from, to)
  return findStudyFaults(readSource('case-studies.yaml', text), beside).map(({ message }) => message)
}

describe('A case-studies.yaml', () => {
  it('is whole as shipped', () => assert.deepEqual(faults('title', 'title'), []))

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['flow: deployment', 'flow: nothing', /names the flow nothing, which is not there/],
    ['stage: S12', 'stage: S99', /names the stage S99/],
    ['step: completion', 'step: complete', /names the step complete/],
    ['write: {by: [rg, rdp', 'write: {by: [rg, nobody', /names the party nobody/],
    ['section: closure, fields: [aims', 'section: ending, fields: [aims', /names the section ending/],
    ['list: sustained-notes', 'list: no-notes', /names the list no-notes/],
    ['fields: [successes,', 'fields: [failures,', /names the field failures, which sustained-notes does not have/],
    ['fields: [aims,', 'fields: [hopes,', /names the field hopes, which closure does not have/],
    ['prefill: [basis]', 'prefill: [hearsay]', /prefill/],
    ['required: true', 'required: false', /required/],
    ['entries: dated', 'entries: many', /entries/],
    ['- id: context', '- id: next', /repeats the id next/],
    ['title: Case studies', 'name: Case studies', /is no key that a pack has here/],
  ]
  for (const [from, to, expected] of broken)
    it(`tells with file and line that ${to} is wrong`, () => {
      const found = faults(from, to)
      assert.ok(
        found.some((message) => expected.test(message) && /^case-studies\.yaml:\d+:\d+: /.test(message)),
        found.join('\n'),
      )
    })

  it('stands on the page of its programme in plain words', async () => {
    const pack = await loadPack(FOLDER)
    assert.ok(pack.ok)
    const words = describeStudies(pack.value).map(({ text }) => text)
    assert.ok(words.includes('Approved by: Regions Group, again when the text changes.'), words.join('\n'))
    assert.match(words[0] ?? '', /^Sections, in this order: Context, .*; Support carried out; Impact; Next steps/)
    const { studies: _, ...without } = pack.value
    assert.deepEqual(describeStudies(without), [])
  })
})
