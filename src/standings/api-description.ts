import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const school = z.looseObject({
  ref: z.string(),
  standing: z.string(),
  urn: z.int(),
  name: z.string(),
  level: z.string().nullable().describe('Today; null where the school has none'),
  variant: z.string().nullable(),
  words: z.string(),
  state: z
    .enum(['decided', 'to confirm', 'to review', 'none'])
    .describe('Of a level that a rule set: to confirm while the rule is met, to review afterwards'),
  from: z.iso.date().nullable(),
  origin: z.enum(['floor', 'decision']).nullable(),
  floors: z
    .array(z.looseObject({ row: z.string(), level: z.string(), evidence: z.string() }))
    .describe('Rows met today that keep the school at a level or above it'),
  history: z.array(
    z.looseObject({
      level: z.string(),
      from: z.iso.date(),
      until: z.iso.date().nullable().describe('The first day on which it holds no more'),
      origin: z.enum(['floor', 'decision']),
      by: z.string(),
    }),
  ),
})

export const STANDING_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/standings/:ref/:standing': {
    summary: 'At which level each school is that you look after, with its history',
    query: z.looseObject({ level: z.string().optional() }),
    answer: z.object({ ref: z.string(), standing: z.string(), on: z.iso.date(), schools: z.array(school) }),
  },
  'GET /api/v1/standings/:ref/:standing/schools/:urn': {
    summary: 'The level of one school, why, and its history',
    answer: school,
  },
}
