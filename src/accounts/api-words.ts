import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const person = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string(),
  state: z.enum(['invited', 'active', 'removed']),
  organisations: z.string().describe('Names, with commas between'),
})

const invitation = z.object({
  email: z.string().describe('The person must sign in with exactly this address'),
  name: z.string().optional(),
  organisation: z.string().optional().describe('Number of an organisation'),
  role: z
    .string()
    .optional()
    .describe('programme/role, or /administrator; any other is refused with the roles that there are'),
  scope: z
    .string()
    .optional()
    .describe(
      'national, region, authority, organisation, establishment or leader; national without it. Any other is refused with those of the role',
    ),
  values: z.string().optional().describe('Which ones, with commas between'),
  from: z.string().optional().describe('First day; today without it'),
  to: z.string().optional().describe('Last day'),
})

/** What the API's document says of the routes for people. */
export const PEOPLE_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/people': { summary: 'Everybody with an account', answer: z.array(person) },
  'POST /api/v1/people': {
    summary: 'Invites somebody under one address',
    body: invitation,
    answer: z.object({
      person: z.int(),
      invitation: z
        .string()
        .nullable()
        .describe('The address to send on; works once. None in a demonstration, where nobody signs in'),
      role: z
        .string()
        .nullable()
        .describe('The role that was granted and for which part, in words; none without a role'),
    }),
    created: true,
  },
  'GET /api/v1/organisations/:id/token': {
    summary: 'The tokens that an organisation had, the one that works first; never the token itself',
    answer: z.looseObject({
      organisation: z.string(),
      tokens: z.array(z.looseObject({ id: z.int(), name: z.string(), lastDay: z.iso.date() })),
    }),
  },
  'POST /api/v1/organisations/:id/token': {
    summary: "Makes the token of an organisation's program; the one before ends at once",
    body: invitation.pick({ role: true, scope: true, values: true, to: true }).extend({ name: z.string() }),
    answer: z.object({ id: z.int(), token: z.string().describe('Shown once') }),
    created: true,
  },
  'POST /api/v1/organisations/:id/token/revoke': {
    summary: 'Ends the token of an organisation',
    body: z.object({}),
    answer: z.object({ revoked: z.int() }),
  },
}
