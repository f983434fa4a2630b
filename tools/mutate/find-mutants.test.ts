import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { findMutants } from './find-mutants.ts'

const PACK = `
steps:
  ask:
    title: Question within 3 days
    owner: rg
    clock: {within: 10 days, late: [rg, sl]}
    checks:
      - {id: left, when: "extra > 5.0", level: refuse, say: Too many, cites: [TSI-028]}
    cites: [TSI-049]
rates: {day: 600, all-in: true, cites: [TSI-055, "setting: all in"]}
other: {value: 3}
`

test('each value beside a requirement is changed alone, with what stands beside it; words and what cites nothing are left', () => {
  const mutants = findMutants('process.yaml', PACK, ['rg', 'sl'])
  const lines = mutants.map(({ line, change, cites }) => `${line} ${change} ${cites.join()}`)
  assert.deepEqual(lines.toSorted(), [
    '10 600 to 599 TSI-055',
    '10 600 to 601 TSI-055',
    '10 true to false TSI-055',
    '5 "rg" to "sl" TSI-049',
    '6 "10 days" to "10 weeks" TSI-049',
    '6 "10 days" to "11 days" TSI-049',
    '6 "rg" left out TSI-049',
    '6 "sl" left out TSI-049',
    '8 "refuse" to "warn" TSI-028',
    '8 check left dropped TSI-028',
  ])
  for (const { text } of mutants) assert.notDeepEqual(parse(text), parse(PACK))
})
