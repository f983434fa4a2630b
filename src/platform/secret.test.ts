import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createSecrets, readSecrets } from './secret.ts'

describe('what is kept encrypted', () => {
  it('opens for the same record with the same key only, and not when it was changed', () => {
    const secrets = createSecrets(randomBytes(32))
    const sealed = secrets.seal('01234567', 'form 1')
    assert.doesNotMatch(sealed, /01234567/)
    assert.equal(secrets.open(sealed, 'form 1'), '01234567')
    assert.notEqual(secrets.seal('01234567', 'form 1'), sealed)
    assert.throws(() => secrets.open(sealed, 'form 2'))
    assert.throws(() => createSecrets(randomBytes(32)).open(sealed, 'form 1'))
    const changed = `${sealed.slice(0, -4)}${sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    assert.throws(() => secrets.open(changed, 'form 1'))
  })

  it('a demonstration makes its key once, for its owner alone; anything else needs one from outside', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'alongside-secret-'))
    try {
      assert.equal(readSecrets({}, { dataDir, demonstration: false }), undefined)
      const sealed = readSecrets({}, { dataDir, demonstration: true })?.seal('x', 'a') ?? ''
      assert.equal(readSecrets({}, { dataDir, demonstration: true })?.open(sealed, 'a'), 'x')
      assert.equal(statSync(join(dataDir, 'secret.key')).mode & 0o777, 0o600)
      assert.throws(() => readSecrets({ ALONGSIDE_SECRET_KEY: 'short' }, { dataDir, demonstration: false }), /32 bytes/)
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
