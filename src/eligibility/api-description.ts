import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const run = z.looseObject({
  id: z.int(),
  programme: z.string(),
  edition: z.string(),
  on: z.iso.date(),
  considered: z.int(),
  eligible: z.int(),
  reason: z.string().nullable(),
})

export const ELIGIBILITY_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/eligibility/:ref': {
    summary: 'Who qualifies for a programme on a day, rule by rule with the evidence',
    query: z.looseObject({
      on: z.iso.date().optional().describe("Without it the programme's usual day"),
      subject: z.enum(['school', 'trust']).optional(),
      authority: z.string().optional(),
      all: z.string().optional().describe('Given: also those that do not qualify'),
    }),
    answer: z.looseObject({
      ref: z.string(),
      on: z.iso.date(),
      considered: z.int(),
      results: z.array(
        z.looseObject({
          kind: z.string(),
          name: z.string(),
          outcome: z.string(),
          rows: z.array(z.looseObject({ id: z.string(), result: z.enum(['met', 'not-met', 'unknown', 'to-judge']) })),
        }),
      ),
    }),
  },
  'GET /api/v1/eligibility/:ref/runs': {
    summary: 'Recorded answers of a programme, newest first',
    answer: z.looseObject({ runs: z.array(run) }),
  },
  'POST /api/v1/eligibility/:ref/runs': {
    summary: 'Record who qualifies on a day, with the data that decided it',
    body: z.looseObject({ on: z.iso.date().optional(), reason: z.string().optional() }),
    answer: z.looseObject({ id: z.int() }),
    created: true,
  },
  'GET /api/v1/eligibility-runs/:id': {
    summary: 'One recorded answer with its schools',
    answer: run.extend({ schools: z.array(z.looseObject({ name: z.string(), outcome: z.string() })) }),
  },
}
