import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { findFormFaults } from './check-form.ts'
import { formSchema, partialForm } from './form-schema.ts'
import { readSource, toPlainData } from './pack-source.ts'

const FOLDER = join(import.meta.dirname, '../../packs/tsi/2023-24')
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const process = readSource('process.yaml', textOf('process.yaml'))
const FORM = textOf('forms/deployment.yaml')

function faults(from: string, to: string): string[] {
  assert.ok(FORM.includes(from), from)
  const text = FORM.replace(from, to)
  return findFormFaults(readSource('deployment.yaml', text), process).map(({ message }) => message)
}

describe('The part of a form for a leader who left', () => {
  it('is whole as shipped, and keeps the sections named with its own steps', () => {
    assert.deepEqual(findFormFaults(readSource('deployment.yaml', FORM), process), [])
    const part = partialForm(formSchema.parse(toPlainData(readSource('deployment.yaml', FORM))))
    assert.deepEqual(
      part?.sections.map(({ id, step }) => [id, step]),
      [
        ['details', undefined],
        ['bank', undefined],
        ['claim', undefined],
        ['school', 'confirm-claim'],
        ['send', undefined],
      ],
    )
    assert.equal(part?.flow, 'earlier-claim')
  })

  it('names file and line of a flow, step or section that is not there, and of a section that nobody ends', () => {
    const broken: readonly (readonly [string, string, RegExp])[] = [
      ['flow: earlier-claim', 'flow: no-claim', /names a flow that process.yaml does not have: no-claim/],
      ['step: sign-claim', 'step: leader-sign', /names a step that the flow of the part does not have: leader-sign/],
      [
        '[details, bank, claim, school, send]',
        '[details, money]',
        /names a section that the form does not have: money/,
      ],
      [
        '    - id: school\n      title: Signature of the school or trust\n      by: main-contact\n      covers: [details, claim]',
        '    - id: head\n      title: Signature of the school or trust\n      by: main-contact\n      covers: [details, claim]',
        /^deployment\.yaml:\d+:\d+: partial\.signatures has none that ends section school: one by the id school/,
      ],
    ]
    for (const [from, to, expected] of broken) {
      const found = faults(from, to)
      assert.ok(
        found.some((message) => expected.test(message)),
        `${to}: ${found.join(' | ')}`,
      )
    }
  })
})
