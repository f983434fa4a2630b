import { type Answer, page, type Route, type RouteRequest, redirect, textsOf } from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { findKeptForm, KEPT_COOKIE, KEPT_MINUTES, keepForm } from './kept-form.ts'
import { SESSION_COOKIE } from './session.ts'
import { safeReturn } from './sign-in.ts'

/** When the own session ends, and what was typed when one had ended. */
export function sessionPages(parts: AccountParts): Route[] {
  const read = { method: 'GET', allow: 'signed-in', audit: null } as const
  return [
    { ...read, path: '/account/session', handle: (request) => sessionPage(parts, request) },
    { ...read, path: '/kept-form', handle: (request) => keptPage(parts, request) },
  ]
}

const moment = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/London' })

/** Opening it is what keeps somebody signed in, as opening every page does. */
function sessionPage({ clock }: AccountParts, { actor }: RouteRequest): Answer {
  const ends = clock.now().add({ seconds: actor.sessionSeconds ?? 0 })
  return page('accounts/session.njk', {
    title: 'You are signed in',
    ends: moment.format(ends.epochMilliseconds),
    minutes: Math.floor((actor.sessionSeconds ?? 0) / 60),
    keptMinutes: KEPT_MINUTES,
  })
}

/** A form that came after its session had ended: kept for the same person, who is sent to sign in. */
export async function keepTyped(parts: AccountParts, request: RouteRequest): Promise<Answer> {
  const fields = Object.fromEntries(Object.keys(request.body).map((name) => [name, textsOf(request.body, name)]))
  const path = safeReturn(request.url)
  const session = request.cookies[SESSION_COOKIE]
  const secret = path === '/' ? undefined : await keepForm(parts, { session, form: { path, fields } })
  if (!secret) return redirect('/sign-in')
  return redirect('/sign-in?return=%2Fkept-form', [{ name: KEPT_COOKIE, value: secret }])
}

async function keptPage(parts: AccountParts, { actor, cookies }: RouteRequest): Promise<Answer> {
  const form = await findKeptForm(parts, { secret: cookies[KEPT_COOKIE], personId: actor.personId })
  const fields = Object.entries(form?.fields ?? {}).flatMap(([name, values]) =>
    values.map((value) => ({ name, value })),
  )
  return page('accounts/kept-form.njk', {
    title: form ? 'What you typed is kept' : 'Nothing is kept for you',
    path: form?.path ?? null,
    fields,
    shown: fields.filter(({ name, value }) => value.trim() !== '' && !HIDDEN.has(name)),
    keptMinutes: KEPT_MINUTES,
  })
}

/** Fields that a page fills by itself and that tell a reader nothing. */
const HIDDEN = new Set(['submission', 'version', 'return'])
