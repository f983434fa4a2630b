import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'
import { LONGEST_IMPROVEMENT, RATINGS } from './feedback.ts'

export const INFORMATION_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/feedback': {
    summary: 'Feedback from users, newest first',
    query: z.object({ page: z.int().optional() }),
    answer: z.looseObject({
      total: z.int(),
      page: z.int(),
      pageSize: z.int(),
      feedback: z.array(
        z.looseObject({
          reference: z.int(),
          day: z.iso.date(),
          rating: z.string(),
          part: z.string(),
          improvement: z.string(),
        }),
      ),
    }),
  },
  'POST /api/v1/feedback': {
    summary: 'Give feedback without a name',
    body: z.object({
      rating: z.enum(RATINGS.map(({ value }) => value)),
      improvement: z.string().max(LONGEST_IMPROVEMENT).optional(),
      part: z.string().optional().describe('The part of the service, such as schools'),
      form: z.uuid().optional().describe('Sent again with the same number it is kept once'),
    }),
    answer: z.looseObject({ reference: z.int() }),
    created: true,
  },
}
