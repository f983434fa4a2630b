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
  role: z.string().optional().describe('programme/role, or /administrator'),
  scope: z.string().optional().describe('national, region, authority, organisation, establishment or leader'),
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
    answer: z.object({ person: z.int(), invitation: z.string().describe('The address to send on; works once') }),
    created: true,
  },
}
