import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { sectionIds } from './check-form.ts'
import { findWorkFaults } from './check-work.ts'
import { readSource } from './pack-source.ts'

const FOLDER = join(import.meta.dirname, '../../packs/tsi/2023-24')
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const beside = {
  pack: readSource('pack.yaml', textOf('pack.yaml')),
  process: readSource('process.yaml', textOf('process.yaml')),
}
const SECTIONS = new Set(sectionIds(readSource('deployment.yaml', textOf('forms/deployment.yaml'))))

function faults(change: (text: string) => string, sections?: ReadonlySet<string>): string[] {
  const text = change(textOf('work.yaml'))
  return findWorkFaults(readSource('work.yaml', text), { ...beside, ...(sections && { sections }) }).map(
    ({ message }) => message,
  )
}

describe('A work.yaml', () => {
  it('is whole as shipped', () => {
    assert.deepEqual(
      faults((text) => text, SECTIONS),
      [],
    )
  })

  it('may not link a step to a section that the form does not have', () => {
    const [fault, ...rest] = faults((text) => text.replace('sections: [mid]', 'sections: [section-9]'), SECTIONS)
    assert.match(fault ?? '', /^work\.yaml:\d+:\d+: .*links to the section section-9, which the form does not have$/)
    assert.deepEqual(rest, [])
  })

  it('names file and line of parties, areas, actions, lists and links that are not there', () => {
    const broken: readonly (readonly [string, string, RegExp])[] = [
      ['tell: [sl, rdp]', 'tell: [sl, nobody]', /names the party nobody/],
      ['areas: [finance]', 'areas: [money]', /names the area money/],
      ['action: keep-contact', 'action: keep-silent', /names the action keep-silent/],
      ['checklist: start-up-list', 'checklist: no-list', /names the checklist no-list/],
      ['resources: [data-use]', 'resources: [no-data]', /names the resource no-data/],
      ['link: /programmes/tsi@2023-24/catalogue', 'link: catalogue', /is no web address/],
      ['when: "!given(\'performer\')"', 'when: "!given(performer)"', /performer/],
      ['phases:\n', 'phases:\n    - {id: x, title: X, more: 1}\n', /is no key that a pack has here/],
    ]
    for (const [from, to, expected] of broken) {
      const found = faults((text) => text.replace(from, to))
      assert.ok(
        found.some((message) => expected.test(message)),
        `${to}: ${found.join(' | ')}`,
      )
    }
  })

  it('tells of a step that fills a list, an entry or from a field that is not there', () => {
    const fill = 'fill-list closure-with-school school-evaluation evaluation'
    for (const words of [
      'none school-evaluation evaluation',
      'closure-with-school none evaluation',
      'closure-with-school school-evaluation none',
    ]) {
      const process = readSource('process.yaml', textOf('process.yaml').replace(fill, `fill-list ${words}`))
      const found = findWorkFaults(readSource('work.yaml', textOf('work.yaml')), { ...beside, process })
      assert.deepEqual(
        found.map(({ code, file }) => [code, file]),
        [['pack.unknown-list', 'process.yaml']],
        words,
      )
    }
  })
})
