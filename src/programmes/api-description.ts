import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const programme = z.looseObject({ ref: z.string(), title: z.string(), summary: z.string(), year: z.string() })

export const PROGRAMME_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/programmes': {
    summary: 'The loaded programmes in plain words',
    answer: z.looseObject({ programmes: z.array(programme) }),
  },
  'GET /api/v1/programmes/:ref': {
    summary: 'One programme in plain words, each rule with its source',
    answer: programme,
  },
}

export const CALENDAR_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/programmes/:ref/calendar': {
    summary: 'Terms, bank holidays, and when a limit is due',
    query: z.object({
      authority: z.string().optional().describe('Its own terms, where it has some'),
      limit: z.string().optional().describe('Such as 5 days, 4 weeks or 1 month'),
      'from-day': z.string().optional(),
      'from-month': z.string().optional(),
      'from-year': z.string().optional(),
    }),
    answer: z.looseObject({
      terms: z.array(z.looseObject({ id: z.string(), name: z.string(), from: z.iso.date(), to: z.iso.date() })),
      own: z.boolean(),
      version: z.int(),
      bankHolidays: z.array(z.iso.date()),
      due: z.looseObject({ due: z.iso.date() }).nullable(),
    }),
  },
  'POST /api/v1/programmes/:ref/calendar': {
    summary: "Give an authority its own terms, or go back to the programme's with all dates blank",
    body: z
      .looseObject({ authority: z.string() })
      .describe('With TERM-from and TERM-to for each term of the programme'),
    answer: z.looseObject({ saved: z.literal(true) }),
    created: true,
  },
}
