import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { machineActor } from '../src/platform/actor.ts'
import type { Clock } from '../src/platform/clock.ts'
import type { Database } from '../src/platform/db.ts'
import { prepareAssets } from '../src/platform/web/assets.ts'
import { createRenderer } from '../src/platform/web/page.ts'
import { createServer } from '../src/platform/web/server.ts'
import { registerRoutes } from '../src/register/index.ts'

const TODAY = '2026-07-01'

/** The register's pages and API on a database, on a fixed day, for tests that go through the door. */
export async function registerService(database: Database): Promise<FastifyInstance> {
  const clock: Clock = {
    today: () => Temporal.PlainDate.from(TODAY),
    now: () => Temporal.Instant.from(`${TODAY}T12:00:00Z`),
  }
  const assets = await prepareAssets(join(tmpdir(), 'alongside-test-assets'))
  const frame = { navigation: [], version: 'test', notice: () => null }
  return createServer({
    routes: registerRoutes({ database, clock }),
    assets,
    render: createRenderer(assets, frame),
    waiting: () => null,
    authenticate: async ({ door, requestId }) => ({ ...machineActor('Tester', 'system'), door, requestId }),
  })
}
