import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefusal } from './start-refusal.ts'

/**
 * Encrypts short texts that must not stand readable in the database or its backups, such as bank details. `about` names the
 * record that a text belongs to: moved to another one, it does not open.
 */
export type Secrets = {
  seal(text: string, about: string): string
  /** Throws when the text was sealed with another key, for another record, or was changed. */
  open(sealed: string, about: string): string
}

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_FILE = 'secret.key'
/** Names the way of sealing, so that another one can follow. */
const FIRST_WAY = 'v1.'

/** Sealing with one key of 32 bytes: AES-256-GCM with a nonce of its own for each text. */
export function createSecrets(key: Buffer): Secrets {
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return FIRST_WAY + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, about) {
      if (!sealed.startsWith(FIRST_WAY)) throw new Error('A sealed text is not of a known kind')
      const bytes = Buffer.from(sealed.slice(FIRST_WAY.length), 'base64')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(about)).setAuthTag(tag)
      const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([body, decipher.final()]).toString('utf8')
    },
  }
}

/**
 * The key of this installation: ALONGSIDE_SECRET_KEY, 32 bytes in base64. A demonstration without one makes a key file in its
 * data folder. Undefined for any other installation without a key, which then keeps no bank details.
 * Throws StartRefusal `config.secret-key` for a key of another length.
 */
export function readSecrets(
  env: Readonly<Record<string, string | undefined>>,
  { dataDir, demonstration }: { dataDir: string; demonstration: boolean },
): Secrets | undefined {
  const given = env.ALONGSIDE_SECRET_KEY
  if (given) return createSecrets(keyOf(given, 'ALONGSIDE_SECRET_KEY'))
  if (!demonstration) return undefined
  const file = join(dataDir, KEY_FILE)
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return createSecrets(keyOf(readFileSync(file, 'utf8').trim(), file))
}

function keyOf(text: string, from: string): Buffer {
  const key = Buffer.from(text, 'base64')
  if (key.length !== KEY_BYTES)
    throw new StartRefusal('config.secret-key', `${from} must hold ${KEY_BYTES} bytes in base64.`)
  return key
}
