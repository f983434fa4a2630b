import type { Readable } from 'node:stream'
import type { Actor, Capability } from '../actor.ts'
import type { Refusal } from '../decision.ts'
import type { ApiDescription } from './api-description.ts'

/** Query of a request: every name with all its values, in the order given. */
export type Query = URLSearchParams

/** One upload: kept in memory, bounded by the server's limit. */
export type Upload = { readonly fileName: string; readonly bytes: Buffer }

export type RouteRequest = {
  /** Who asks. On a route for everyone it may be a visitor, who has no capability. */
  readonly actor: Actor
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  /** Fields of a form, or of a JSON body's top level; a field sent several times is a list. */
  readonly body: Readonly<Record<string, unknown>>
  readonly uploads: Readonly<Record<string, Upload>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  /** What the browser says it is; empty when it says nothing. */
  readonly browser: string
  /** Path and query as asked, for links back. */
  readonly url: string
}

export type Answer =
  | { readonly kind: 'page'; readonly status: number; readonly template: string; readonly model: PageModel }
  | { readonly kind: 'redirect'; readonly to: string; readonly cookies?: readonly CookieChange[] }
  | {
      readonly kind: 'json'
      readonly status: number
      readonly value: unknown
      readonly cookies?: readonly CookieChange[]
    }
  | {
      readonly kind: 'file'
      readonly fileName: string
      readonly type: string
      readonly body: Buffer | string | Readable
      /** `private`: whose calendar it is may keep it, nobody between. Without it no copy is kept. */
      readonly cache?: 'private'
    }
  | { readonly kind: 'text'; readonly status: number; readonly body: string }
  | { readonly kind: 'problem'; readonly status: number; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'not-found'; readonly message: string }

/** A cookie to set, or to clear with `value` null. Always for the whole service, out of reach of scripts. */
export type CookieChange = { readonly name: string; readonly value: string | null }

/** What every page has; a template finds its own model beside these. `section` is the navigation item it stands under. */
export type PageModel = { readonly title: string; readonly section?: string } & Readonly<Record<string, unknown>>

/** Who may call a route: anybody at all, anybody signed in, or whoever holds the capability. */
export type Allowed = 'everyone' | 'signed-in' | Capability

/**
 * One way into the service. `allow` says who may, `audit` names what is recorded of a change (null: it changes nothing).
 * `example` fills the path's parameters for the walk over all pages in the tests.
 */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly allow: Allowed
  readonly audit: string | null
  readonly handle: (request: RouteRequest) => Answer | Promise<Answer>
  /** Its address holds a secret: no page that it leads to may learn the address. */
  readonly secretAddress?: true
  /** For a route under /api/v1: what its document says of it. */
  readonly api?: ApiDescription
}

export function page(template: string, model: PageModel, status = 200): Answer {
  return { kind: 'page', status, template, model }
}

export function redirect(to: string, cookies: readonly CookieChange[] = []): Answer {
  return { kind: 'redirect', to, cookies }
}

export function json(value: unknown, status = 200, cookies: readonly CookieChange[] = []): Answer {
  return { kind: 'json', status, value, cookies }
}

/** Refusals of an API call, as problem details (RFC 9457). 422: an answer is wrong; 409: it moved on; 404: not there. */
export function problem(refusals: readonly Refusal[], status = 422): Answer {
  return { kind: 'problem', status, refusals }
}

export function file(fileName: string, type: string, body: Buffer | string | Readable, cache?: 'private'): Answer {
  return { kind: 'file', fileName, type, body, ...(cache && { cache }) }
}

/** Plain text that is shown and not downloaded. */
export function text(body: string, status = 200): Answer {
  return { kind: 'text', status, body }
}

export function notFound(message: string): Answer {
  return { kind: 'not-found', message }
}

/** One text field of a form; absent, repeated or structured values read as empty text. */
export function textOf(body: RouteRequest['body'], name: string): string {
  const value = body[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** All values of a field that may be ticked several times. */
export function textsOf(body: RouteRequest['body'], name: string): string[] {
  const value = body[name]
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** The number in an address, or 0, which is nobody's: also for one that the database could not hold. */
export function wholeNumber(text: string | null | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0
}
