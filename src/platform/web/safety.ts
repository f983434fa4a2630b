import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { serveMetrics } from './metrics.ts'
import type { SafetySettings } from './safety-settings.ts'
import { TurnedAway } from './trouble.ts'

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Answers that a person who runs the service wants to know of: turned away, or broken. */
const NOTED = new Set([403, 421, 429])
const YEAR_SECONDS = 31_536_000

/** Everything that stands between the network and the routes: headers, who may ask from where, limits, log and figures. */
export async function guard(server: FastifyInstance, settings: SafetySettings): Promise<void> {
  await server.register(helmet, headers(settings))
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
    refuseForeignHost(request, settings)
    refuseForeignForm(request, settings)
  })
  if (settings.requestsPerMinute > 0) await server.register(rateLimit, limits(settings))
  server.addHook('onSend', async (_request, reply) => {
    // Whatever does not say otherwise may hold personal data: no copy in a browser or proxy.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  server.addHook('onResponse', async (request, reply) => writeLog(request, reply, settings))
  if (settings.metrics) serveMetrics(server, ({ ip }) => LOOPBACK_ADDRESSES.has(ip))
}

/**
 * PostgreSQL keeps neither the sign with the number 0 nor half of a pair of surrogates, and no person types them: refused here
 * once, so that no store need think of it.
 */
export function refuseUnstorable(...values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value === 'string') {
      if (value.includes('\0') || !value.isWellFormed())
        throw new TurnedAway(400, 'text.unstorable', 'What was sent holds a sign that cannot be kept. Type it again.')
    } else if (value instanceof URLSearchParams) refuseUnstorable(...[...value].flat())
    else if (value !== null && typeof value === 'object') refuseUnstorable(...Object.entries(value).flat())
  }
}

/** The last part of a name that a browser gave a file, safe as a name in a folder of ours; its end, where names have dates. */
export function plainFileName(given: string | undefined): string {
  // Nothing at all comes where a browser sent an empty name, whatever the type says.
  const last = given?.split(/[\\/]/).at(-1) ?? ''
  const plain = last.replaceAll(/[^\w.() -]/g, '-').slice(-200)
  return /^[. ]*$/.test(plain) ? 'upload' : plain
}

function headers({ origin }: SafetySettings) {
  return {
    enableCSPNonces: true,
    // Over plain HTTP a browser must ignore it, and on a loopback address it would bind every other service there.
    hsts: origin?.startsWith('https:') ? { maxAge: YEAR_SECONDS } : false,
    crossOriginEmbedderPolicy: true,
    referrerPolicy: { policy: 'same-origin' as const },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  }
}

/** Under a foreign name, another site could reach a service on this machine through its visitor's browser (DNS rebinding). */
function refuseForeignHost({ host, hostname }: FastifyRequest, { origin }: SafetySettings): void {
  if (LOOPBACK_NAMES.has(hostname.replace(/:\d+$/, '')) || (origin && new URL(origin).host === host)) return
  throw new TurnedAway(421, 'host.foreign', 'The service does not answer under this name. ALONGSIDE_ORIGIN sets it.')
}

/**
 * A form or call that changes something must come from a page of ours, or from no browser (docs/adr/0006). Browsers say where a
 * request comes from and no script can change it; who says nothing is a program, which holds nobody's session.
 */
function refuseForeignForm(request: FastifyRequest, { origin }: SafetySettings): void {
  const { method, headers: sent, host } = request
  if (SAFE_METHODS.has(method)) return
  const site = sent['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  const from = sent.origin
  // A page that must not tell its address has no origin either; who knows its address has the secret that no other site knows.
  const isSecret = from === 'null' && Object(request.routeOptions.config)['secretAddress'] === true
  const isOurs = from === undefined || from === origin || hostOf(from) === host || isSecret
  if (site === undefined && isOurs) return
  throw new TurnedAway(403, 'form.foreign', 'This was sent from another website. Open the page here and send it again.')
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function limits({ requestsPerMinute }: SafetySettings) {
  const isChange = ({ method }: FastifyRequest) => !SAFE_METHODS.has(method)
  return {
    timeWindow: 60_000,
    max: (request: FastifyRequest) => (isChange(request) ? Math.ceil(requestsPerMinute / 5) : requestsPerMinute),
    keyGenerator: (request: FastifyRequest) => `${isChange(request) ? 'change' : 'read'} ${request.ip}`,
    // Programs of this machine are not limited; with a proxy in front `ip` is the address of who asks.
    allowList: ({ ip }: FastifyRequest) => LOOPBACK_ADDRESSES.has(ip),
    errorResponseBuilder: () =>
      new TurnedAway(429, 'rate.limit', 'Too many requests came from your address. Wait a minute and try again.'),
  }
}

/** Said while the first load or a restart of the database goes on: whoever waits asks each second. */
const NOT_READY = 503

/** No path, query, address or name: only what kind of page it was. The request number joins it to what a person reports. */
function writeLog(request: FastifyRequest, reply: FastifyReply, { log, writeLog: write }: SafetySettings): void {
  const status = reply.statusCode
  const isFault = status >= 500 && status !== NOT_READY
  if (log === 'problems' && !isFault && !NOTED.has(status)) return
  write(
    JSON.stringify({
      time: new Date().toISOString(),
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status,
      millis: Math.round(reply.elapsedTime),
    }),
  )
}
