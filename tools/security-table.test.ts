import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { listTestFiles } from './test-files.ts'

const ROOT = join(import.meta.dirname, '..')

test('every test that the security table names exists, under the words it quotes', () => {
  const table = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  const rows = table.split('\n').filter((line) => line.startsWith('|') && !/^\|(-|\s*row)/.test(line))
  const files = listTestFiles(ROOT, { quick: false, filters: [] })
  const texts = new Map(files.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
  for (const row of rows) {
    for (const [, name = ''] of row.matchAll(/`([\w/.-]+\.test\.ts)`/g))
      assert.ok(
        files.some((path) => path.endsWith(name)),
        `${name} in: ${row}`,
      )
    for (const [, words = ''] of row.matchAll(/\.test\.ts` "([^"]+)"/g))
      assert.ok(
        [...texts.values()].some((text) => text.includes(words)),
        `“${words}” in: ${row}`,
      )
  }
  assert.ok(rows.length > 50)
})
