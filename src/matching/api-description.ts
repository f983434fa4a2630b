import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const at = '/api/v1/matching'
const number = z.union([z.string(), z.number()])
const totals = z.looseObject({ met: z.int(), needs: z.int(), priorityMet: z.number(), score: z.number() })

const bench = z.looseObject({
  id: z.int(),
  name: z.string(),
  exercise: z.boolean().describe('Over real schools: nothing can be confirmed'),
  confirmed: z.boolean(),
  state: z.enum(['waiting', 'answered']),
  answer: z.looseObject({ status: z.string(), rows: z.array(z.looseObject({ need: z.string() })), totals }).nullable(),
  decisions: z.array(z.looseObject({ id: z.int(), words: z.string() })),
})

export const MATCHING_API: Readonly<Record<string, ApiDescription>> = {
  [`GET ${at}`]: {
    summary: 'Scenarios, newest first',
    answer: z.array(z.looseObject({ id: z.int(), name: z.string(), kind: z.string(), totals: totals.nullable() })),
  },
  [`POST ${at}`]: {
    summary: 'Start a scenario and solve it',
    body: z.object({
      programme: z.string(),
      name: z.string(),
      source: z.string().optional().describe('qualifying, or named with urns'),
      on: z.iso.date().optional(),
      region: z.string().optional(),
      authority: z.string().optional(),
      urns: z.union([z.string(), z.array(z.int())]).optional(),
      term: z.string(),
      days: number,
      poolRegions: z.array(z.string()).optional(),
      poolTypes: z.array(z.string()).optional(),
    }),
    answer: z.looseObject({}),
    created: true,
  },
  [`GET ${at}/:id`]: { summary: 'A scenario with its answer', answer: bench },
  [`GET ${at}/:id/schools/:need`]: {
    summary: 'One school of a scenario: its pair, the next best, and who is excluded and why',
    query: z.object({ price: z.string().optional().describe('A leader: what choosing them would cost') }),
    answer: z.looseObject({ id: z.int(), page: z.looseObject({ need: z.string() }) }),
  },
  [`GET ${at}/:id/compare`]: {
    summary: 'Two scenarios side by side',
    query: z.object({ with: z.int() }),
    answer: z.looseObject({ before: totals, after: totals, changes: z.array(z.looseObject({})) }),
  },
  [`POST ${at}/:id/decisions`]: {
    summary: 'Lock, forbid, clear or release a pair; change weights, limits or a need; solves again',
    body: z.looseObject({
      kind: z.enum(['lock', 'forbid', 'clear', 'release', 'weights', 'limits', 'need']),
      need: z.string().optional(),
      leader: z.string().optional(),
      reason: z.string().optional(),
    }),
    answer: bench,
  },
  [`POST ${at}/:id/solve`]: { summary: 'Solve again', answer: bench },
  [`POST ${at}/:id/priorities`]: {
    summary: "Set the regions' own focus areas",
    body: z.object({ priorities: z.record(z.string(), z.array(z.string())) }),
    answer: bench,
  },
  [`POST ${at}/:id/undo`]: { summary: 'Take the last decision back', answer: bench },
  [`POST ${at}/:id/copy`]: {
    summary: 'Save a copy under another name',
    body: z.object({ name: z.string() }),
    answer: z.looseObject({}),
    created: true,
  },
  [`POST ${at}/:id/confirm`]: {
    summary: "Turn the whole answer into proposals and hold the leaders' days",
    body: z.object({ typeReason: z.string().optional() }),
    answer: z.unknown(),
    created: true,
  },
  [`POST ${at}/:id/proposals`]: {
    summary: 'Propose one leader to one school',
    body: z.object({
      need: z.string(),
      leader: z.string(),
      reason: z.string().optional(),
      typeReason: z.string().optional(),
    }),
    answer: z.unknown(),
    created: true,
  },
  [`POST ${at}/:id/proposals/withdraw`]: {
    summary: 'Withdraw a proposal; its days come back',
    body: z.object({ need: z.string(), reason: z.string() }),
    answer: z.unknown(),
  },
}
