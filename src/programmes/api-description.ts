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
      terms: z.array(
        z.looseObject({
          id: z.string(),
          name: z.string(),
          from: z.iso.date(),
          to: z.iso.date(),
          duties: z.array(z.string()).optional().describe('Duties of the programme that fall in the term'),
        }),
      ),
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

const contact = z.object({ name: z.string(), email: z.string() })

export const VALUE_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/programmes/:ref/values': {
    summary: 'What is kept in the service for a programme, as it counts on a day',
    query: z.object({ on: z.iso.date().optional().describe('Today without it') }),
    answer: z.looseObject({
      on: z.iso.date(),
      values: z.array(
        z.looseObject({
          id: z.string(),
          key: z.record(z.string(), z.string()),
          value: z.union([contact, z.number(), z.string()]).nullable(),
          source: z.enum(['typed', 'holder']).nullable().describe('holder: who holds the role that it follows'),
          from: z.iso.date().nullable(),
          to: z.iso.date().nullable(),
        }),
      ),
    }),
  },
  'POST /api/v1/programmes/:ref/values': {
    summary: 'Keep a value from a day on; the one before ends the day before',
    body: z.looseObject({
      id: z.string(),
      key: z
        .union([z.string(), z.array(z.string())])
        .describe('Such as a region; one part for each name it is kept by'),
      name: z.string().optional(),
      email: z.string().optional(),
      value: z.union([z.string(), z.number()]).optional(),
      nobody: z.boolean().optional().describe('There is nobody, or none, from this day on'),
      from: z.iso.date().optional().describe('Today without it'),
      to: z.iso.date().optional(),
    }),
    answer: z.object({ saved: z.literal(true) }),
    created: true,
  },
}

export const ALERT_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/data-alerts': {
    summary: 'What an administrator keeps and is missing today',
    answer: z.object({ alerts: z.array(z.object({ code: z.string(), message: z.string(), href: z.string() })) }),
  },
}

const people = z.looseObject({
  name: z.string(),
  programmes: z.array(
    z.looseObject({
      ref: z.string(),
      contacts: z.array(
        z.looseObject({
          role: z.string(),
          of: z.enum(['school', 'trust', 'authority', 'diocese']),
          name: z.string(),
          holders: z.array(z.looseObject({ name: z.string(), email: z.string() })),
          missing: z.boolean(),
          office: z.string().nullable(),
        }),
      ),
      region: z.array(z.looseObject({ title: z.string(), holders: z.array(z.looseObject({ name: z.string() })) })),
    }),
  ),
})

export const PLACE_PEOPLE_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/schools/:urn/people': {
    summary: 'Who is written to at a school, its trust, authority and diocese, and who looks after its region',
    answer: people,
  },
  'GET /api/v1/trusts/:uid/people': {
    summary: 'Who is written to at a trust, and who looks after its region',
    answer: people,
  },
}
