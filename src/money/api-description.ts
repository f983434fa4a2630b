import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const pence = z.int().describe('Whole pence')
const accounts = z.looseObject({ committed: pence, claimed: pence, due: pence, 'with-payer': pence, paid: pence })
const anything = z.looseObject({})
const made = z.object({ reference: z.string(), items: z.int(), pounds: z.number() })
const moved = z.object({ reference: z.string(), status: z.string() })
const run = z.looseObject({ reference: z.string(), programme: z.string(), status: z.string() })

export const MONEY_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/money': {
    summary: 'Budget, committed, claimed, due and paid by programme and region',
    answer: z.object({
      unit: z.literal('pence'),
      regions: z.array(
        z.looseObject({ programme: z.string(), region: z.string(), budget: pence.nullable(), accounts }),
      ),
    }),
  },
  'GET /api/v1/money/lines': {
    summary: 'The lines of money that the numbers are made of',
    query: z.object({
      programme: z.string().optional(),
      region: z.string().optional(),
      account: z
        .string()
        .optional()
        .describe('committed, claimed, due, with-payer or paid: lines with something there'),
    }),
    answer: z.object({
      unit: z.literal('pence'),
      lines: z.array(z.looseObject({ reference: z.string(), balances: accounts })),
    }),
  },
  'GET /api/v1/cases/:reference/money': {
    summary: 'What is paid in a case, when, and why not yet',
    answer: z.looseObject({ lines: z.array(anything), books: anything, days: anything, entries: z.array(anything) }),
  },
  'POST /api/v1/cases/:reference/payments': {
    summary: 'Prepare the payment of what is due in a case; refused with everything that is missing',
    body: z.object({
      part: z.string().optional().describe('One line or part; all that is due without it'),
      amount: z.union([z.string(), z.number()]).optional().describe('In pounds; it must be what is due'),
    }),
    answer: made,
    created: true,
  },
  'GET /api/v1/payment-runs': { summary: 'Payment runs, newest first', answer: z.object({ runs: z.array(run) }) },
  'POST /api/v1/payment-runs': {
    summary: 'Prepare a payment run with everything that is due in a programme',
    body: z.object({ programme: z.string().optional() }),
    answer: made,
    created: true,
  },
  'GET /api/v1/payment-runs/:reference': { summary: 'One payment run with its payments', answer: run },
  'POST /api/v1/payment-runs/:reference/release': {
    summary: 'Release a run for payment: by another person than the one who prepared it',
    answer: moved,
  },
  'POST /api/v1/payment-runs/:reference/cancel': { summary: 'Take back a run that is not released', answer: moved },
  'POST /api/v1/payment-runs/:reference/response': {
    summary: "Take in the payer's response; rows that are wrong are answered, the others kept",
    body: z.object({
      file: z.string().describe('The CSV as text: Reference, Result, Date, Payment reference, Reason'),
    }),
    answer: z.looseObject({ paid: z.int(), failed: z.int(), faults: z.array(anything), open: z.int() }),
  },
}
