import { type Answer, notFound, page, type Route, type RouteRequest, redirect } from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import type { Provider } from './provider.ts'
import { endSession, openSession, SESSION_COOKIE } from './session.ts'
import { beginSignIn, findInvitation, recogniseIdentity, safeReturn, takeAttempt } from './sign-in.ts'

export const ATTEMPT_COOKIE = 'sign-in'

/** Signing in at the provider and out again. A demonstration has a page of its own for choosing who to be. */
export function signInPages(parts: AccountParts): Route[] {
  const { provider } = parts
  const open = { allow: 'everyone', audit: null } as const
  return [
    {
      method: 'POST',
      path: '/sign-out',
      allow: 'everyone',
      audit: 'signed-out',
      handle: (request) => signOut(parts, request),
    },
    ...(parts.demonstration
      ? []
      : [
          {
            method: 'GET' as const,
            path: '/sign-in',
            ...open,
            handle: (request: RouteRequest) => signInPage(parts, request),
          },
        ]),
    ...(provider && !parts.demonstration ? providerPages(parts, provider) : []),
  ]
}

function providerPages(parts: AccountParts, provider: Provider): Route[] {
  const get = { method: 'GET', allow: 'everyone', audit: null } as const
  return [
    { ...get, path: '/sign-in/start', handle: (request) => start(parts, provider, request) },
    { ...get, path: '/sign-in/callback', handle: (request) => finish(parts, provider, request) },
    { ...get, path: '/invitations/:code', handle: (request) => invitationPage(parts, request) },
  ]
}

function signInPage({ provider }: AccountParts, { query }: RouteRequest): Answer {
  const returnTo = safeReturn(query.get('return'))
  const start = provider ? `/sign-in/start?return=${encodeURIComponent(returnTo)}` : null
  return page('accounts/sign-in.njk', { title: 'Sign in', start, signedOut: query.has('out') })
}

async function signOut(parts: AccountParts, { actor, cookies }: RouteRequest): Promise<Answer> {
  const token = cookies[SESSION_COOKIE]
  if (token) await endSession(parts, { token, by: actor })
  return redirect('/sign-in?out', [{ name: SESSION_COOKIE, value: null }])
}

async function start(parts: AccountParts, provider: Provider, { query }: RouteRequest): Promise<Answer> {
  const invitation = await findInvitation(parts, query.get('invitation') ?? '')
  const returnTo = safeReturn(query.get('return'))
  const { address, state } = await beginSignIn(parts, provider, { returnTo, invitationId: invitation?.id ?? null })
  return redirect(address, [{ name: ATTEMPT_COOKIE, value: state }])
}

/** The browser must bring back the state that it was given, or somebody else began this sign-in. */
async function finish(parts: AccountParts, provider: Provider, request: RouteRequest): Promise<Answer> {
  const attempt = await takeAttempt(parts, request.cookies[ATTEMPT_COOKIE])
  const forget = { name: ATTEMPT_COOKIE, value: null }
  if (!attempt || attempt.state !== request.query.get('state'))
    return stopped('This sign-in took too long or was begun elsewhere. Start again.')
  const identity = await provider.finish(request.url, attempt).catch(() => undefined)
  if (!identity) return stopped('Your provider did not confirm the sign-in. Start again.')
  const known = await recogniseIdentity(parts, identity, attempt.invitationId)
  if (!known.ok) return stopped(...known.refusals.map((refusal) => refusal.message))
  const token = await openSession(parts, {
    personId: known.value.personId,
    browser: request.browser,
    through: request.actor,
  })
  return redirect(attempt.returnTo, [forget, { name: SESSION_COOKIE, value: token }])
}

function stopped(...lines: string[]): Answer {
  return page('accounts/stopped.njk', { title: 'You are not signed in', lines }, 403)
}

async function invitationPage(parts: AccountParts, { params }: RouteRequest): Promise<Answer> {
  const code = params.code ?? ''
  const invitation = await findInvitation(parts, code)
  if (!invitation) return notFound('This invitation was used, or it is too old. Ask for a new one.')
  return page('accounts/invitation.njk', {
    title: 'You are invited',
    email: invitation.email,
    by: invitation.invited_by,
    start: `/sign-in/start?invitation=${encodeURIComponent(code)}`,
  })
}
