import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { openSession, placePerson, SESSION_COOKIE } from '../src/accounts/index.ts'
import { allRoutes, caseParts, createApp, deliveryOf, PACKS_FOLDER } from '../src/app.ts'
import type { CaseParts } from '../src/cases/index.ts'
import { readServiceDetails, type ServiceDetails } from '../src/information/index.ts'
import { machineActor } from '../src/platform/actor.ts'
import type { Clock } from '../src/platform/clock.ts'
import { connect, type Database } from '../src/platform/db.ts'
import { openDemonstrationClock } from '../src/platform/demonstration-clock.ts'
import { createSecrets } from '../src/platform/secret.ts'
import { stampDatabase } from '../src/platform/stamp.ts'
import { testDatabase } from '../src/platform/test-database.ts'
import type { Route } from '../src/platform/web/route.ts'
import type { SafetySettings } from '../src/platform/web/safety-settings.ts'
import type { ServerParts } from '../src/platform/web/server.ts'
import { loadPacks, type Pack, runningPacks } from '../src/programmes/index.ts'
import { shippedScenes } from './begin-scene.ts'
import { inventedEngland } from './load-england.ts'

/** The whole service over a database of its own, asked without a network: what a page, form or API call answers. */
export type TestService = {
  readonly database: Database
  /** Those that run; what is only described is among the programmes alone. */
  readonly packs: readonly Pack[]
  /** What cases are made of, for bringing about what a test begins with. */
  readonly cases: CaseParts
  /** Every way in, for walks over the whole service. */
  readonly routes: readonly Route[]
  /** The same calls by whoever has this session; empty for a visitor. Other cookies of the browser beside it. */
  as(
    session: string,
    others?: Readonly<Record<string, string>>,
  ): Pick<TestService, 'get' | 'post' | 'postJson' | 'put' | 'upload'>
  /** The same calls by a program with this token. */
  withToken(token: string): Pick<TestService, 'get' | 'post' | 'postJson' | 'put' | 'upload'>
  get(path: string): Promise<TestAnswer>
  /** Sends a form; a list sends its field several times. */
  post(path: string, fields: Readonly<Record<string, string | readonly string[]>>): Promise<TestAnswer>
  postJson(path: string, body: object): Promise<TestAnswer>
  put(path: string, body: object | string): Promise<TestAnswer>
  /** Sends a form with one file of text lines or bytes, as a browser does. */
  upload(
    path: string,
    fields: Readonly<Record<string, string>>,
    fileName: string,
    content: readonly string[] | Uint8Array,
  ): Promise<TestAnswer>
  /** Listens on a free port of this machine, for a real browser; answers where, without a slash at the end. */
  listen(): Promise<string>
  close(): Promise<void>
}

export type TestServiceOptions = {
  readonly today?: string
  /** A clock of the test's own, instead of a fixed day. */
  readonly clock?: Clock
  readonly world?: boolean
  /** "Today" is the row of a demonstration, which moves; otherwise it stands still. */
  readonly movingDay?: boolean
  readonly details?: ServiceDetails
  readonly safety?: SafetySettings
  /** Connections of the service to its database; 10 without it. */
  readonly connections?: number
  /** Nobody is signed in; otherwise an officer for all of England who is administrator too. */
  readonly signedOut?: boolean
  /** Where a first load stands; without it the data is there. */
  readonly waiting?: ServerParts['waiting']
}

/** `text` is the page with its tags taken away and white space folded. */
export type TestAnswer = {
  readonly status: number
  readonly body: string
  /** The body as it came, of a file. */
  readonly bytes: Uint8Array
  readonly text: string
  readonly location: string
  /** Names of the cookies that it sets. */
  readonly cookies: readonly string[]
  /** What it sets them to, by name. */
  readonly setCookies: Readonly<Record<string, string>>
  /** The session that the answer begins; empty without one. */
  readonly cookie: string
  json<T>(): T
}

/** A fixed day for tests; time stands still. */
export function fixedClock(today: string): Clock {
  const date = Temporal.PlainDate.from(today)
  return { today: () => date, now: () => date.toZonedDateTime('Europe/London').toInstant() }
}

/** Starts the service on an empty register, or with the invented England when `world` is set. */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const database = await testDatabase()
  const packs = await loadPacks(PACKS_FOLDER)
  if (!packs.ok) throw new Error(packs.refusals.map((refusal) => refusal.message).join('\n'))
  await stampDatabase(database.db, 'demonstration')
  // As in a service that was started: outside a request its connections see nobody's rows. The tests' own see all.
  const ofService = connect({ connectionString: database.url, max: options.connections ?? 10 })
  const england = inventedEngland(ofService, packs.value)
  if (options.world) await england.load()
  const cacheFolder = join(tmpdir(), 'alongside-test-assets')
  const today = options.today ?? '2024-01-15'
  const moving = options.movingDay ? await openDemonstrationClock(database, today) : undefined
  const clock = options.clock ?? moving ?? fixedClock(today)
  const details = options.details ?? readServiceDetails({})
  const secrets = createSecrets(randomBytes(32))
  const parts = {
    database: ofService,
    clock,
    packs: packs.value,
    demonstration: true,
    delivery: deliveryOf({ database: ofService, demonstration: true, clock, packs: packs.value }),
    inventedEngland: england,
    scenes: shippedScenes(database, packs.value, secrets),
    cacheFolder,
    details,
    ...(options.safety && { safety: options.safety }),
    secrets,
    ...(options.safety && { safety: options.safety }),
  }
  const server = await createApp(parts, options.waiting)
  const officer = options.signedOut ? null : await signInOfficer(database, clock)
  return {
    database,
    packs: runningPacks(packs.value),
    cases: caseParts(parts),
    routes: allRoutes(parts),
    ...callsOf(server, officer),
    as: (session, others) => callsOf(server, session || null, { cookies: others ?? {} }),
    withToken: (token) => callsOf(server, null, { headers: { authorization: `Bearer ${token}` } }),
    listen() {
      // A browser comes without a cookie at first: it is the officer until it brings a session of its own.
      if (officer !== null)
        server.server.prependListener('request', ({ headers }) => {
          headers.cookie ??= `${SESSION_COOKIE}=${officer}`
        })
      return server.listen({ host: '127.0.0.1', port: 0 })
    },
    async close() {
      await server.close()
      await ofService.close()
      await database.close()
    },
  }
}

/** An invented officer for all of England who is administrator too, signed in: the session's token. Again after a scene began. */
export async function signInOfficer(database: Database, clock: Clock): Promise<string> {
  const everywhere = { scopeKind: 'national', scopeValues: [], from: '2016-09-01', to: null } as const
  const email = 'test.officer@example.org'
  const grants = [
    { ...everywhere, programme: 'tsi', role: 'regions-group' },
    { ...everywhere, programme: 'tsi', role: 'regional-director' },
    { ...everywhere, programme: null, role: 'administrator' },
  ]
  await placePerson(database.db, {
    ids: ['officer'],
    name: 'Test Officer',
    email,
    organisation: null,
    approver: false,
    grants,
  })
  const { rows } = await database.pool.query<{ id: number }>('select id from person where email = $1', [email])
  return openSession(
    { database, clock },
    { personId: rows[0]?.id ?? 0, browser: 'test', through: machineActor('Tests', 'system') },
  )
}

type Calls = Pick<TestService, 'get' | 'post' | 'postJson' | 'put' | 'upload'>

/** What a browser or program sends beside a session. */
type Sent = {
  readonly cookies?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

/** What somebody with this session asks; null for a visitor. */
function callsOf(server: FastifyInstance, session: string | null, sent: Sent = {}): Calls {
  const ask = async (request: InjectOptions): Promise<TestAnswer> => {
    const cookies = { ...sent.cookies, ...(session !== null && { [SESSION_COOKIE]: session }) }
    const headers = { ...request.headers, ...sent.headers }
    const answer = await server.inject({ cookies, ...request, headers })
    return {
      status: answer.statusCode,
      body: answer.body,
      bytes: answer.rawPayload,
      text: textOf(answer.body),
      location: String(answer.headers.location ?? ''),
      cookies: answer.cookies.map(({ name }) => name),
      setCookies: Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value])),
      cookie: answer.cookies.find((one) => one.name === SESSION_COOKIE)?.value ?? '',
      json: () => answer.json(),
    }
  }
  return {
    get: (path) => ask({ method: 'GET', url: path }),
    post: (path, fields) =>
      ask({
        method: 'POST',
        url: path,
        payload: formBody(fields),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    postJson: (path, body) => ask({ method: 'POST', url: path, payload: body }),
    put: (path, body) =>
      ask({ method: 'PUT', url: path, payload: body, headers: { 'content-type': 'application/json' } }),
    async upload(path, fields, fileName, content) {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      const whole = content instanceof Uint8Array ? Buffer.from(content) : content.map((line) => `${line}\n`).join('')
      form.append('file', new File([whole], fileName))
      const request = new Request('http://localhost', { method: 'POST', body: form })
      const headers = { 'content-type': request.headers.get('content-type') ?? '' }
      return ask({ method: 'POST', url: path, payload: Buffer.from(await request.arrayBuffer()), headers })
    },
  }
}

function formBody(fields: Readonly<Record<string, string | readonly string[]>>): string {
  const body = new URLSearchParams()
  for (const [name, values] of Object.entries(fields)) {
    for (const value of typeof values === 'string' ? [values] : values) body.append(name, value)
  }
  return body.toString()
}

function textOf(html: string): string {
  return html
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
}
