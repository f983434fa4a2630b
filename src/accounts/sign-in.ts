import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import type { Attempt, Identity, Provider } from './provider.ts'
import { digest } from './session.ts'

const ATTEMPT_MINUTES = 15

type SignInParts = { readonly database: Database; readonly clock: Clock }

// Nobody is signed in yet, and to a visitor the database shows no account: all of this is the machine's work.

/** Only an address of this service, so that a link from elsewhere cannot send somebody on after signing in. */
export function safeReturn(asked: string | null): string {
  return asked && /^\/(?![/\\])[^\s\\]*$/.test(asked) && !asked.startsWith('/sign-') ? asked : '/'
}

/** Keeps what must be the same when the browser comes back; old attempts are forgotten. Answers where to send the browser. */
export async function beginSignIn(
  { database, clock }: SignInParts,
  provider: Provider,
  { returnTo, invitationId }: { returnTo: string; invitationId: number | null },
): Promise<{ readonly address: string; readonly state: string }> {
  const { address, attempt } = await provider.begin()
  const now = clock.now()
  await runAsMachine(async () => {
    await sql`delete from sign_in_attempt
      where created_at < ${now.subtract({ minutes: ATTEMPT_MINUTES }).toString()}`.execute(database.db)
    await sql`insert into sign_in_attempt (state_hash, verifier, nonce, return_to, invitation_id, created_at)
      values (${digest(attempt.state)}, ${attempt.verifier}, ${attempt.nonce}, ${returnTo}, ${invitationId},
        ${now.toString()})`.execute(database.db)
  })
  return { address, state: attempt.state }
}

export type KeptAttempt = Attempt & { readonly returnTo: string; readonly invitationId: number | null }

/** Takes an attempt out, so that it works once. `state` is what the browser kept for itself. */
export async function takeAttempt(
  { database, clock }: SignInParts,
  state: string | undefined,
): Promise<KeptAttempt | undefined> {
  if (!state) return undefined
  const take = sql<{ verifier: string; nonce: string; return_to: string; invitation_id: number | null }>`
    delete from sign_in_attempt where state_hash = ${digest(state)}
      and created_at > ${clock.now().subtract({ minutes: ATTEMPT_MINUTES }).toString()}
    returning verifier, nonce, return_to, invitation_id`
  const { rows } = await runAsMachine(() => take.execute(database.db))
  const [kept] = rows
  if (!kept) return undefined
  const { verifier, nonce } = kept
  return { state, verifier, nonce, returnTo: kept.return_to, invitationId: kept.invitation_id }
}

type Account = { id: number; email: string; state: string; subject: string | null; issuer: string | null }

/**
 * Who signed in. From the first time on the provider's own name for somebody counts; before that the address they were
 * invited under must be the one they sign in with. Two addresses are never merged: that is stopped, with both named.
 */
export function recogniseIdentity(
  parts: SignInParts,
  identity: Identity,
  invitationId: number | null,
): Promise<Decision<{ readonly personId: number }>> {
  return runAsMachine(() => recognise(parts, identity, invitationId))
}

async function recognise(
  { database, clock }: SignInParts,
  identity: Identity,
  invitationId: number | null,
): Promise<Decision<{ readonly personId: number }>> {
  const { rows } = await sql<Account>`
    select id, email, state, issuer, subject from person
    where (issuer = ${identity.issuer} and subject = ${identity.subject}) or lower(email) = lower(${identity.email})
      or id = (select person_id from invitation where id = ${invitationId})`.execute(database.db)
  const known = rows.find((row) => row.issuer === identity.issuer && row.subject === identity.subject)
  const invited = invitationId === null ? undefined : await findInvited({ database, clock }, invitationId)
  if (invited && !isSameAddress(invited.email, identity.email)) return otherAddress(invited.email, identity.email)
  const account = known ?? rows.find((row) => isSameAddress(row.email, identity.email))
  if (!account || account.state === 'removed') return unknownAddress(identity.email)
  if (!isSameAddress(account.email, identity.email)) return otherAddress(account.email, identity.email)
  if (!known && account.subject !== null) return otherIdentity(identity.email)
  await bindIdentity({ database, clock }, account.id, identity)
  return accept({ personId: account.id })
}

function isSameAddress(one: string, other: string): boolean {
  return other !== '' && one.toLowerCase() === other.toLowerCase()
}

async function bindIdentity({ database, clock }: SignInParts, personId: number, identity: Identity): Promise<void> {
  await database.db.transaction().execute(async (db) => {
    await sql`update person set state = 'active', issuer = ${identity.issuer}, subject = ${identity.subject}
      where id = ${personId}`.execute(db)
    await sql`update invitation set used_at = ${clock.now().toString()}
      where person_id = ${personId} and used_at is null`.execute(db)
  })
}

/** The invitation behind a code, while it works: unused and not older than its time. */
export async function findInvitation(
  { database, clock }: SignInParts,
  code: string,
): Promise<{ readonly id: number; readonly email: string; readonly invited_by: string } | undefined> {
  const find = sql<{ id: number; email: string; invited_by: string }>`
    select id, email, invited_by from invitation
    where code_hash = ${digest(code)} and used_at is null and expires_at > ${clock.now().toString()}`
  const { rows } = await runAsMachine(() => find.execute(database.db))
  return rows[0]
}

async function findInvited({ database }: SignInParts, id: number): Promise<{ email: string } | undefined> {
  const { rows } = await sql<{ email: string }>`select email from invitation where id = ${id}`.execute(database.db)
  return rows[0]
}

function otherAddress(invited: string, used: string): Decision<never> {
  return refuse({
    code: 'sign-in.other-address',
    message: `You were invited as ${invited} and signed in as ${used || 'somebody without a confirmed address'}. Sign out at your provider and sign in as ${invited}, or ask whoever invited you for an invitation to the other address.`,
  })
}

function unknownAddress(used: string): Decision<never> {
  return refuse({
    code: 'sign-in.not-invited',
    message: `Nobody has invited ${used || 'this address'}. Ask whoever looks after the people of your organisation, or an administrator, for an invitation.`,
  })
}

function otherIdentity(used: string): Decision<never> {
  return refuse({
    code: 'sign-in.other-identity',
    message: `The account of ${used} belongs to another sign-in at your provider. Ask an administrator: accounts are never merged by address alone.`,
  })
}
