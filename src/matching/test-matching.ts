import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { loadWorld } from '../../world/load-england.ts'
import { leaderVocabulary } from '../leaders/index.ts'
import { type TestDatabase, testDatabase } from '../platform/test-database.ts'
import { createRenderer } from '../platform/web/page.ts'
import { createServer } from '../platform/web/server.ts'
import { loadPacks } from '../programmes/index.ts'
import { matchingRoutes } from './index.ts'

export type TestMatching = {
  readonly database: TestDatabase
  readonly server: FastifyInstance
  readonly get: (url: string) => Promise<{ status: number; text: string; location: string }>
  /** POST of a form; fields may repeat. */
  readonly post: (
    url: string,
    fields?: Record<string, string | readonly string[]>,
  ) => Promise<{ status: number; text: string; location: string }>
  readonly api: <T>(url: string, body?: Record<string, unknown>) => Promise<{ status: number; json: T }>
  close(): Promise<void>
}

/** A database with the invented England and the shipped packs, and matching's doors over it, on 15 January 2024. */
export async function openTestMatching(): Promise<TestMatching> {
  const database = await testDatabase()
  const packs = await loadPacks(join(import.meta.dirname, '../../packs'))
  if (!packs.ok) throw new Error(JSON.stringify(packs.refusals))
  const vocabulary = leaderVocabulary(packs.value)
  const world = await loadWorld(database, { vocabulary })
  if (!world.ok) throw new Error(JSON.stringify(world.refusals))
  const assets = { byPath: new Map(), pathOf: (name: string) => `/assets/${name}` }
  const clock = {
    today: () => Temporal.PlainDate.from('2024-01-15'),
    now: () => Temporal.Instant.from('2024-01-15T09:00:00Z'),
  }
  const inventedEngland = { isLoaded: async () => true, load: async () => undefined }
  const server = await createServer({
    routes: matchingRoutes({ database, clock, packs: packs.value, inventedEngland }),
    assets,
    render: createRenderer(assets, { navigation: [], version: 'test', notice: () => null }),
    waiting: () => null,
  })
  return {
    database,
    server,
    get: (url) => ask(server, { method: 'GET', url }),
    post: (url, fields = {}) => {
      const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
      const payload = new URLSearchParams(pairs).toString()
      return ask(server, {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload,
      })
    },
    async api(url, body) {
      const response = await server.inject(body ? { method: 'POST', url, payload: body } : { method: 'GET', url })
      return { status: response.statusCode, json: response.json() }
    },
    async close() {
      await server.close()
      await database.close()
    },
  }
}

async function ask(server: FastifyInstance, request: InjectOptions) {
  const response = await server.inject(request)
  return { status: response.statusCode, text: response.body, location: String(response.headers.location ?? '') }
}
