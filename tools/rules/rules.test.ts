import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { findTestsByRequirement } from '../mutate/find-tests.ts'
import { AGREED, byRequirement, readAgreed, rulesOfPack } from './rules-of-pack.ts'

const ROOT = join(import.meta.dirname, '../..')
/** What is shown at a page, API or command; a table of values alone proves no requirement. */
const shownElsewhere = new Set(findTestsByRequirement(ROOT).keys())

for (const { pack, table } of AGREED) {
  describe(`The values of ${pack} are those agreed in ${table} (after a change that is meant: npm run rules)`, () => {
    const now = byRequirement(rulesOfPack(join(ROOT, pack)))
    const agreed = byRequirement(readAgreed(join(ROOT, table)))
    for (const id of [...new Set([...now.keys(), ...agreed.keys()])].sort()) {
      it(shownElsewhere.has(id) ? `${id} has the agreed values` : `The agreed values for ${id}`, () => {
        assert.deepEqual(now.get(id) ?? [], agreed.get(id) ?? [])
      })
    }
  })
}
