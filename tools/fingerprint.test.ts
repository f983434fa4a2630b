import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sourceFingerprint } from './fingerprint.ts'

test('the fingerprint follows content and names of sources, and nothing else', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'fingerprint-'))
  t.after(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'src/register'), { recursive: true })
  writeFileSync(join(root, 'src/register/school.ts'), 'export const a = 1')
  const first = sourceFingerprint(root)

  mkdirSync(join(root, '.results'))
  writeFileSync(join(root, '.results/tests.json'), '{}')
  writeFileSync(join(root, 'README.md'), 'words')
  assert.equal(sourceFingerprint(root), first)

  writeFileSync(join(root, 'src/register/school.ts'), 'export const a = 2')
  const edited = sourceFingerprint(root)
  assert.notEqual(edited, first)

  writeFileSync(join(root, 'src/register/page.njk'), '')
  assert.notEqual(sourceFingerprint(root), edited)
})
