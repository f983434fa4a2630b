import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Actor, Capability } from '../actor.ts'
import { hatWith, NO_SCOPE, wearing } from '../actor.ts'
import type { Refusal } from '../decision.ts'
import { runAsMachine, runInScope } from '../scope.ts'
import type { Assets } from './assets.ts'
import { isWithin } from './confinement.ts'
import type { Renderer } from './page.ts'
import { withoutSecret } from './private-address.ts'
import {
  type Answer,
  type CookieChange,
  type PageModel,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  type Upload,
} from './route.ts'
import { guard, plainFileName, refuseUnstorable } from './safety.ts'
import { readSafetySettings, type SafetySettings } from './safety-settings.ts'
import { databaseAway, describeTrouble, logOfFault } from './trouble.ts'

const MAX_UPLOAD_BYTES = 64 * 1024 * 1024
/** Of forms and JSON; the longest are lists of URNs. Files come in parts and have their own limit. */
const MAX_BODY_BYTES = 2 * 1024 * 1024
const MAX_FIELDS = 2_000
/** A browser on a poor line may take long to send a file; nobody holds a connection open for longer. */
const REQUEST_MILLIS = 300_000
const YEAR_SECONDS = 31_536_000

export type ServerParts = {
  readonly routes: readonly Route[]
  readonly assets: Assets
  readonly render: Renderer
  /** Null when the data is there; otherwise where the first load stands, shown instead of pages that need it. */
  readonly waiting: () => { title: string; step: string; done: number; total: number } | null
  /** True while the database is away or not ours: nothing is read or changed, and everyone is told so. */
  readonly isAway?: () => boolean
  /** Who sends a request with these cookies, or null when nobody is signed in. */
  readonly authenticate: (asked: Asked) => Promise<Actor | null>
  /** Keeps a form of somebody who is not signed in any more, and sends them to sign in; without it only the latter. */
  readonly keepTyped?: (request: RouteRequest) => Promise<Answer>
  /** How the door is guarded; without it as on this machine only. */
  readonly safety?: SafetySettings
  /** Lines for somebody who is signed in and may not: who may, and whom to ask. Nothing of the record. */
  readonly explainRefusal?: (actor: Actor, needed: Capability) => Promise<readonly string[]>
  /** Search engines are asked to keep nothing of it, as of a demonstration. */
  readonly unlisted?: boolean
}

export type Asked = {
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly door: 'page' | 'API'
  /** The token of a program, where it sends one; then no cookie counts. */
  readonly bearer?: string
  readonly requestId: string
}

/** The web server over the route table: headers, bodies, answers and errors, with no knowledge of any slice. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const safety = parts.safety ?? readSafetySettings({})
  const server = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MILLIS,
    trustProxy: safety.trustProxy,
    // Longer than any address that Node reads, so that a long one is looked up like every other and answers 404.
    routerOptions: { maxParamLength: 20_000, ignoreTrailingSlash: true },
    frameworkErrors: (_error, request, reply) => sendUnreadableAddress(request, reply),
  })
  await guard(server, safety)
  if (parts.unlisted)
    server.addHook('onRequest', async (_request, reply) => void reply.header('x-robots-tag', 'noindex, nofollow'))
  await server.register(cookie)
  await server.register(compress, { threshold: 1024 })
  await server.register(formbody)
  await server.register(multipart, { limits: { fileSize: MAX_UPLOAD_BYTES, files: 2, fields: MAX_FIELDS } })
  serveAssets(server, parts.assets)
  serveHealth(server, parts)
  for (const route of parts.routes) {
    server.route({
      method: route.method,
      url: route.path,
      config: { secretAddress: route.secretAddress === true },
      handler: async (request, reply) => {
        if (route.secretAddress) reply.header('referrer-policy', 'no-referrer')
        if (parts.isAway?.()) throw databaseAway()
        if (parts.waiting() && !isApi(request)) return send(parts, request, reply, waitingPage(parts))
        return send(parts, request, reply, await answerRoute(parts, route, request))
      },
    })
  }
  server.setNotFoundHandler((request, reply) =>
    send(parts, request, reply, { kind: 'not-found', message: 'There is no page at this address.' }),
  )
  server.setErrorHandler((error, request, reply) => sendTrouble({ ...parts, safety }, error, request, reply))
  return server
}

function serveAssets(server: FastifyInstance, assets: Assets): void {
  server.get('/assets/:name', (request, reply) => {
    const asset = assets.byPath.get(request.url.split('?')[0] ?? '')
    if (!asset) return reply.code(404).send('There is no such file.')
    return reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`).type(asset.type).send(asset.body)
  })
}

function serveHealth(server: FastifyInstance, parts: ServerParts): void {
  server.get('/health', (_request, reply) => reply.send({ status: 'alive' }))
  server.get('/ready', (_request, reply) => {
    const waiting = parts.waiting()
    if (parts.isAway?.()) return reply.code(503).send({ status: 'database-away' })
    return waiting ? reply.code(503).send({ status: 'loading', ...waiting }) : reply.send({ status: 'ready' })
  })
}

/** Who sends each request, for the head of the page that answers it. */
const actors = new WeakMap<FastifyRequest, Actor>()

/**
 * Permission comes first: nothing of the record is read for somebody who may not see it (design, section 7). What follows runs
 * in the actor's scope, a visitor's too, so that the database shows no other rows.
 */
async function answerRoute(parts: ServerParts, route: Route, request: FastifyRequest): Promise<Answer> {
  const door = request.url.startsWith('/api/') ? 'API' : 'page'
  const bearer = /^bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1]
  const sent = { cookies: request.cookies, door, requestId: request.id } as const
  const found = await parts.authenticate({ ...sent, ...(bearer !== undefined && { bearer }) })
  if (found) actors.set(request, found)
  const actor = found ?? visitor(door, request.id)
  return runInScope(actor, () => answerInScope(parts, { route, request, found, actor }))
}

type Asking = {
  readonly route: Route
  readonly request: FastifyRequest
  readonly found: Actor | null
  readonly actor: Actor
}

async function answerInScope(parts: ServerParts, { route, request, found, actor }: Asking): Promise<Answer> {
  if (actor.confinedTo && !isWithin(actor.confinedTo, route.path, Object(request.params))) return notByLink(request)
  if (route.allow === 'everyone') return route.handle(await readRequest(request, actor))
  if (!found) {
    // A file is not kept, so a form with one is not read.
    const isForm = request.method === 'POST' && !isApi(request) && !request.isMultipart()
    if (!isForm || !parts.keepTyped) return notSignedIn(request)
    const typed = await readRequest(request, actor)
    const keep = parts.keepTyped
    return runAsMachine(() => keep(typed))
  }
  if (route.allow !== 'signed-in' && !actor.capabilities.has(route.allow)) {
    const lines = (await parts.explainRefusal?.(actor, route.allow)) ?? []
    return notAllowed(request, lines)
  }
  return route.handle(await readRequest(request, wearing(actor, hatWith(actor, route.allow))))
}

function visitor(door: 'page' | 'API', requestId: string): Actor {
  return { personId: null, name: '', door, capabilities: new Set(), scope: NO_SCOPE, hats: [], requestId }
}

function notSignedIn(request: FastifyRequest): Answer {
  if (isApi(request)) return problem([{ code: 'sign-in', message: 'Sign in first.' }], 401)
  const back = request.method === 'GET' ? `?return=${encodeURIComponent(withoutSecret(request.url))}` : ''
  return redirect(`/sign-in${back}`)
}

/** Default deny for whoever came by a link for one person: told the same of everything else, whether it is there or not. */
function notByLink(request: FastifyRequest): Answer {
  const message = 'You came by a link for one person. It opens what it was sent for, and nothing else of the service.'
  if (isApi(request)) return problem([{ code: 'link.elsewhere', message }], 403)
  return page('platform/web/message.njk', { title: 'Your link does not open this', lines: [message] }, 403)
}

function notAllowed(request: FastifyRequest, lines: readonly string[]): Answer {
  const message = 'You do not have permission for this.'
  if (isApi(request)) return problem([{ code: 'not-allowed', message: [message, ...lines].join(' ') }], 403)
  return page('platform/web/message.njk', { title: 'You may not see or do this', lines: [message, ...lines] }, 403)
}

async function readRequest(request: FastifyRequest, actor: Actor): Promise<RouteRequest> {
  const uploads: Record<string, Upload> = {}
  let body: Record<string, unknown> = {}
  if (request.isMultipart()) {
    for await (const part of request.parts()) {
      if (part.type === 'file')
        uploads[part.fieldname] = { fileName: plainFileName(part.filename), bytes: await part.toBuffer() }
      else body[part.fieldname] = part.value
    }
  } else if (request.body && typeof request.body === 'object') {
    body = { ...request.body }
  } else if (typeof request.body === 'string') {
    body = { bareText: request.body } // a bare JSON string or plain text
  }
  const url = new URL(request.url, 'http://localhost')
  refuseUnstorable(request.params, url.searchParams, body)
  return {
    actor,
    params: Object(request.params),
    query: url.searchParams,
    body,
    uploads,
    cookies: request.cookies,
    browser: request.headers['user-agent'] ?? '',
    url: request.url,
  }
}

function isApi(request: FastifyRequest): boolean {
  return request.url.startsWith('/api/') || request.url.startsWith('/demo/')
}

function send(parts: ServerParts, request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  switch (answer.kind) {
    case 'page':
      return sendPage(parts, request, reply, answer.template, answer.model, answer.status)
    case 'redirect':
      return withCookies(parts, reply, answer.cookies).redirect(answer.to, 303)
    case 'json':
      return withCookies(parts, reply, answer.cookies).code(answer.status).send(answer.value)
    case 'file':
      if (answer.cache) reply.header('cache-control', answer.cache)
      return reply
        .header('content-disposition', `attachment; filename="${answer.fileName.replaceAll(/[^\w.-]/g, '-')}"`)
        .type(answer.type)
        .send(answer.body)
    case 'text':
      return reply.code(answer.status).type('text/plain; charset=utf-8').send(answer.body)
    case 'problem':
      return reply
        .code(answer.status)
        .type('application/problem+json')
        .send(problemDetails(request, answer.status, answer.refusals))
    case 'not-found':
      return isApi(request)
        ? reply
            .code(404)
            .type('application/problem+json')
            .send(problemDetails(request, 404, [{ code: 'not-found', message: answer.message }]))
        : sendPage(parts, request, reply, 'platform/web/message.njk', notFoundModel(answer.message), 404)
  }
}

/** Where browsers reach the service over HTTPS, cookies travel on nothing else. */
function withCookies(parts: ServerParts, reply: FastifyReply, cookies: readonly CookieChange[] = []): FastifyReply {
  const how = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: parts.safety?.origin?.startsWith('https:') === true,
  } as const
  for (const { name, value } of cookies)
    value === null ? reply.clearCookie(name, how) : reply.setCookie(name, value, how)
  return reply
}

function sendPage(
  parts: ServerParts,
  request: FastifyRequest,
  reply: FastifyReply,
  template: string,
  model: PageModel,
  status: number,
) {
  const nonce = reply.cspNonce.script
  const shown = status < 400 ? model : { ...model, requestId: request.id }
  const html = parts.render(template, shown, {
    nonce,
    url: withoutSecret(request.url),
    actor: actors.get(request) ?? null,
  })
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
}

function problemDetails(request: FastifyRequest, status: number, refusals: readonly Refusal[]) {
  const title = refusals[0]?.message ?? 'Refused'
  return { type: 'about:blank', title, status, instance: `urn:uuid:${request.id}`, refusals }
}

function notFoundModel(message: string): PageModel {
  return {
    title: 'Page not found',
    lines: [message, 'Check the address, or search by school, trust, URN or postcode above.'],
  }
}

function waitingPage(parts: ServerParts): Answer {
  const waiting = parts.waiting()
  return {
    kind: 'page',
    status: 503,
    template: 'platform/web/waiting.njk',
    model: { title: 'Getting the register ready', waiting },
  }
}

/** An address that is none, such as /%zz: told before anything else runs, so without the frame of a page. */
function sendUnreadableAddress(request: FastifyRequest, reply: FastifyReply) {
  const message = 'This address cannot be read.'
  if (!isApi(request)) return reply.code(400).type('text/plain; charset=utf-8').send(message)
  return reply
    .code(400)
    .type('application/problem+json')
    .send(problemDetails(request, 400, [{ code: 'unreadable', message }]))
}

/** A bug, an outage or a request that was turned away. The request number joins what a person reports to the log. */
function sendTrouble(
  parts: ServerParts & { readonly safety: SafetySettings },
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { status, code, lines } = describeTrouble(error, MAX_UPLOAD_BYTES)
  if (status === 503) reply.header('retry-after', '2')
  if (code === 'trouble') parts.safety.writeLog(JSON.stringify({ requestId: request.id, ...logOfFault(error) }))
  if (isApi(request)) {
    return reply
      .code(status)
      .type('application/problem+json')
      .send(problemDetails(request, status, [{ code, message: lines.join(' ') }]))
  }
  const title = 'Sorry, there is a problem'
  return sendPage(parts, request, reply, 'platform/web/message.njk', { title, lines }, status)
}
