import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { loadWorld } from '../../world/load-england.ts'
import { machineActor } from '../platform/actor.ts'
import { type TestDatabase, testDatabase } from '../platform/test-database.ts'
import { createRenderer } from '../platform/web/page.ts'
import { createServer } from '../platform/web/server.ts'
import { loadPacks, runningPacks } from '../programmes/index.ts'
import { leaderRoutes } from './routes.ts'
import { type LeaderVocabulary, leaderVocabulary } from './vocabulary.ts'

export const TESTER = machineActor('Tester', 'system')

export type TestRoster = {
  readonly database: TestDatabase
  readonly vocabulary: LeaderVocabulary
  readonly server: FastifyInstance
  /** GET with the page's text. */
  readonly get: (url: string) => Promise<{ status: number; text: string }>
  /** POST of a form; fields may repeat. */
  readonly post: (
    url: string,
    fields: Record<string, string | string[]>,
  ) => Promise<{ status: number; text: string; location: string }>
  readonly api: (
    url: string,
    body: Record<string, unknown>,
  ) => Promise<{ status: number; json: Record<string, unknown> }>
  close(): Promise<void>
}

/** A database with the invented England and the shipped packs' words, and the roster's doors over it, on 22 November 2023. */
export async function openTestRoster(): Promise<TestRoster> {
  const database = await testDatabase()
  const packs = await loadPacks(join(import.meta.dirname, '../../packs'))
  if (!packs.ok) throw new Error(JSON.stringify(packs.refusals))
  const vocabulary = leaderVocabulary(packs.value)
  const world = await loadWorld(database, {
    vocabulary,
    programmes: runningPacks(packs.value).map(({ programme }) => programme),
  })
  if (!world.ok) throw new Error(JSON.stringify(world.refusals))
  const server = await startServer(database, vocabulary)
  return {
    database,
    vocabulary,
    server,
    async get(url) {
      const response = await server.inject({ method: 'GET', url })
      return { status: response.statusCode, text: response.body }
    },
    async post(url, fields) {
      const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
      const response = await server.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(pairs).toString(),
      })
      return { status: response.statusCode, text: response.body, location: String(response.headers.location ?? '') }
    },
    async api(url, body) {
      const response = await server.inject({ method: 'POST', url, payload: body })
      return { status: response.statusCode, json: response.json() }
    },
    async close() {
      await server.close()
      await database.close()
    },
  }
}

function startServer(database: TestDatabase, vocabulary: LeaderVocabulary): Promise<FastifyInstance> {
  const assets = { byPath: new Map(), pathOf: (name: string) => `/assets/${name}` }
  const clock = {
    today: () => Temporal.PlainDate.from('2023-11-22'),
    now: () => Temporal.Instant.from('2023-11-22T09:00:00Z'),
  }
  return createServer({
    routes: leaderRoutes({ database, clock, vocabulary: () => vocabulary }),
    assets,
    render: createRenderer(assets, { navigation: [], version: 'test', notice: () => null }),
    waiting: () => null,
    authenticate: async ({ door, requestId }) => ({ ...TESTER, door, requestId }),
  })
}
