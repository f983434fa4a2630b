import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const texts = z.array(z.string())
const days = z.union([z.string(), z.number()])
const reason = z.string().optional()

const fields = z.object({
  reference: z.string(),
  name: z.string(),
  email: z.string(),
  type: z.string(),
  alsoTypes: texts,
  organisation: z.string(),
  base: z.string().describe('URN of the school the leader works from'),
  region: z.string(),
  phases: texts,
  schoolTypes: texts,
  expertise: texts,
  travelLimitMiles: days,
  worksOutOfRegion: z.union([z.boolean(), z.enum(['yes', 'no'])]),
  state: z.string(),
  exercise: z.union([z.boolean(), z.enum(['yes', 'no'])]),
  days: z.record(z.string(), days).describe('Days offered by term, in halves'),
})

const entry = z.looseObject({ id: z.int(), kind: z.string(), term: z.string(), days: z.number(), takenFor: z.string() })

const leader = z.looseObject({
  reference: z.string(),
  name: z.string().nullable().describe('Null for a leader of an exercise'),
  type: z.string(),
  state: z.string(),
  version: z.int().describe('Send it back with a change'),
  capacity: z.array(z.looseObject({ term: z.string(), available: z.number(), free: z.number() })),
  leave: z.array(z.looseObject({})),
  entries: z.array(entry),
  interests: z.array(z.looseObject({})),
})

const at = '/api/v1/leaders'
const id = z.looseObject({ id: z.int() })

export const LEADER_API: Readonly<Record<string, ApiDescription>> = {
  [`GET ${at}`]: {
    summary: 'The roster, filtered, with days by term',
    query: z.looseObject({ text: z.string().optional(), region: z.string().optional(), page: z.int().optional() }),
    answer: z.looseObject({
      total: z.int(),
      page: z.int(),
      leaders: z.array(z.looseObject({ reference: z.string(), name: z.string().nullable(), type: z.string() })),
    }),
  },
  [`POST ${at}`]: { summary: 'Add a leader', body: fields.partial(), answer: z.looseObject({}), created: true },
  [`POST ${at}/bulk`]: {
    summary: 'Change several leaders at once, all or none',
    body: z.object({
      leaders: texts,
      versions: z.record(z.string(), z.int()).optional(),
      state: z.string().optional(),
      term: z.string().optional(),
      days: days.optional(),
      addExpertise: texts.optional(),
      removeExpertise: texts.optional(),
      reason,
    }),
    answer: z.looseObject({ saved: z.unknown() }),
  },
  [`POST ${at}/import`]: {
    summary: 'Take in a file of leaders: good rows kept, others listed; strict: all or nothing',
    body: z.object({ strict: z.enum(['yes', 'no']).optional() }),
    file: 'file',
    answer: z.looseObject({}),
  },
  [`GET ${at}/:reference`]: { summary: 'One leader with days, entries, leave and interests', answer: leader },
  [`POST ${at}/:reference`]: {
    summary: 'Change a leader; what is not named stays. 409 when it moved on since the version given',
    body: fields.partial().extend({ version: z.int(), reason }),
    answer: z.looseObject({}),
  },
  [`POST ${at}/:reference/entries`]: {
    summary: 'Hold or promise days of a term',
    body: z.object({
      kind: z.enum(['hold', 'promise']),
      term: z.string(),
      days,
      takenFor: z.string(),
      fromHold: z.int().optional(),
      reason,
    }),
    answer: entry,
    created: true,
  },
  [`POST ${at}/:reference/entries/:id/release`]: {
    summary: 'Give held or promised days back',
    body: z.object({ reason }),
    answer: entry,
  },
  [`POST ${at}/:reference/leave`]: {
    summary: 'Enter a leave; no reason is kept',
    body: z.object({ from: z.iso.date(), to: z.iso.date() }),
    answer: id,
    created: true,
  },
  [`POST ${at}/:reference/leave/:id/remove`]: { summary: 'Remove a leave', answer: id },
  [`POST ${at}/:reference/interests`]: {
    summary: 'Declare an interest, or that there are none',
    body: z.object({
      year: z.string().optional().describe('First calendar year of the academic year'),
      target: z.string().optional().describe('URN, trust or other body'),
      nature: z.string().optional(),
      nothing: z.enum(['yes', 'no']).optional(),
    }),
    answer: z.looseObject({}),
    created: true,
  },
  [`POST ${at}/:reference/interests/:id/withdraw`]: {
    summary: 'Withdraw a declared interest with a reason',
    body: z.object({ reason: z.string() }),
    answer: z.looseObject({}),
  },
}
