import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { startTestService, type TestAnswer } from '../../world/test-service.ts'
import type { Database } from '../platform/db.ts'
import type { Workbench } from './present-workbench.ts'

export const SPRING = '2023-24-spring'
export type Refused = { refusals: { code: string; message: string; field?: string }[] }

export const INVENTED = {
  name: 'North East, spring',
  programme: 'tsi@2023-24',
  source: 'named',
  urns: '900001 900002 900005',
  term: SPRING,
  days: '8',
}

type Markup = { readonly status: number; readonly text: string; readonly location: string }

/** The whole service with the invented England on 15 January 2024, as an officer at matching's doors meets it. */
export type TestDesk = {
  readonly database: Database
  readonly get: (url: string) => Promise<Markup>
  readonly post: (url: string, fields?: Record<string, string | readonly string[]>) => Promise<Markup>
  /** A call with a body is a POST. */
  readonly api: <T>(url: string, body?: object) => Promise<{ status: number; json: T }>
  readonly newScenario: (fields?: Record<string, unknown>) => Promise<number>
  readonly benchOf: (id: number) => Promise<Workbench>
  /** The id of a school's need. */
  readonly needOf: (urn: number) => Promise<string>
  readonly setDays: (leader: string, halfDays: number) => Promise<void>
  close(): Promise<void>
}

export async function openTestDesk(): Promise<TestDesk> {
  const service = await startTestService({ today: '2024-01-15', world: true })
  const { db } = service.database
  const api = async <T>(url: string, body?: object): Promise<{ status: number; json: T }> => {
    const answer = await (body ? service.postJson(url, body) : service.get(url))
    return { status: answer.status, json: answer.json<T>() }
  }
  return {
    database: service.database,
    get: async (url) => markupOf(await service.get(url)),
    post: async (url, fields = {}) => markupOf(await service.post(url, fields)),
    api,
    async newScenario(fields = {}) {
      const made = await api<{ id: number }>('/api/v1/matching', { ...INVENTED, ...fields })
      assert.equal(made.status, 201, JSON.stringify(made.json))
      return made.json.id
    },
    benchOf: async (id) => (await api<Workbench>(`/api/v1/matching/${id}`)).json,
    async needOf(urn) {
      const { rows } = await sql<{ id: number }>`select id from establishment where urn = ${urn}`.execute(db)
      return String(rows[0]?.id)
    },
    async setDays(leader, halfDays) {
      await sql`update leader_term set available_half_days = ${halfDays}
        where term = ${SPRING} and leader_id = (select id from leader where reference = ${leader})`.execute(db)
    },
    close: () => service.close(),
  }
}

function markupOf({ status, body, location }: TestAnswer): Markup {
  return { status, text: body, location }
}
