import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Figures for Prometheus at /metrics, by kind of page: memory, event loop, requests. Only for those that `may` lets in. */
export function serveMetrics(server: FastifyInstance, may: (request: FastifyRequest) => boolean): void {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const requests = new Histogram({
    name: 'alongside_http_request_seconds',
    help: 'Time from request to answer, by kind of page',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [register],
  })
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  server.get('/metrics', async (request, reply) => {
    if (!may(request)) return reply.callNotFound()
    return reply.type(register.contentType).send(await register.metrics())
  })
}
