import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { digest, newSecret } from './session.ts'

/** How long what was typed is kept for whoever signs in again. */
export const KEPT_MINUTES = 30
export const KEPT_COOKIE = 'kept-form'
/** Bytes of one form's content; a longer one is not kept. */
const LARGEST = 512 * 1024

type Parts = { readonly database: Database; readonly clock: Clock }

/** What somebody sent: to which address of ours, and the values of each field. */
export type KeptForm = { readonly path: string; readonly fields: Readonly<Record<string, readonly string[]>> }

/**
 * Keeps a form that came with the cookie of a session that is over, for the person of that session. Answers the secret for the
 * browser's cookie, with which alone it can be read; undefined when the cookie was never a session's, or the form is too long.
 */
export async function keepForm(
  { database, clock }: Parts,
  { session, form }: { session: string | undefined; form: KeptForm },
): Promise<string | undefined> {
  if (!session) return undefined
  const content = Buffer.from(JSON.stringify(form))
  if (content.length > LARGEST) return undefined
  const secret = newSecret()
  const now = clock.now()
  await forgetOld(database, now)
  const { rows } = await sql`
    insert into kept_form (secret_hash, person_id, sealed, kept_at)
    select ${digest(secret)}, s.person_id, ${seal(content, secret)}, ${now.toString()}
    from user_session s join person p on p.id = s.person_id
    where s.token_hash = ${digest(session)} and p.state <> 'removed' returning id`.execute(database.db)
  return rows.length > 0 ? secret : undefined
}

/** The form behind a cookie, for the person who sent it and nobody else; undefined when there is none or it is too old. */
export async function findKeptForm(
  { database, clock }: Parts,
  { secret, personId }: { secret: string | undefined; personId: number | null },
): Promise<KeptForm | undefined> {
  if (!secret || personId === null) return undefined
  await forgetOld(database, clock.now())
  const { rows } = await sql<{ sealed: Buffer }>`
    select sealed from kept_form where secret_hash = ${digest(secret)} and person_id = ${personId}`.execute(database.db)
  const [found] = rows
  return found && readForm(open(found.sealed, secret))
}

function readForm(content: Buffer): KeptForm {
  const form: KeptForm = JSON.parse(content.toString()) // sealed by keepForm, so of its shape
  return form
}

async function forgetOld({ db }: Database, now: Temporal.Instant): Promise<void> {
  await sql`delete from kept_form where kept_at <= ${now.subtract({ minutes: KEPT_MINUTES }).toString()}`.execute(db)
}

const CIPHER = 'aes-256-gcm'
const [NONCE_BYTES, TAG_BYTES] = [12, 16]

function keyOf(secret: string): Buffer {
  return createHash('sha256').update(`kept-form ${secret}`).digest()
}

function seal(content: Buffer, secret: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(secret), nonce)
  const sealed = Buffer.concat([cipher.update(content), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

function open(sealed: Buffer, secret: string): Buffer {
  const decipher = createDecipheriv(CIPHER, keyOf(secret), sealed.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
}
