import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const contact = z.object({ name: z.string(), email: z.string() })

const request = z.looseObject({
  id: z.int(),
  ref: z.string(),
  row: z.string(),
  urn: z.int().nullable(),
  uid: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  region: z.string().nullable(),
  origin: z.string(),
  reason: z.string(),
  askedOn: z.iso.date(),
  state: z.enum(['requested', 'approved', 'refused']),
  status: z.string().describe("The state in the edition's own words"),
})

const subject = z.looseObject({
  ref: z.string(),
  on: z.iso.date(),
  kind: z.string().describe('single school, school in MAT or trust: read from the register'),
  name: z.string(),
  outcome: z.enum(['eligible', 'not-eligible', 'not-categorised']).nullable(),
  status: z.string(),
  marks: z.array(z.string()),
  through: z.array(z.int()).describe('Of a trust: the schools through which it qualifies'),
  rows: z.array(z.looseObject({ id: z.string(), title: z.string(), result: z.string(), evidence: z.string() })),
  requests: z.array(request),
  contact: z.looseObject({ contact: contact.nullable(), standIns: z.array(contact) }).nullable(),
})

const about = {
  row: z.string().describe('Which row of the edition'),
  urn: z.union([z.string(), z.int()]).optional(),
  uid: z.string().optional().describe('A trust, where no URN is given'),
}
const asAt = z.looseObject({ on: z.iso.date().optional().describe("Without it the programme's usual day") })

export const SUBJECT_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/eligibility/:ref/:kind/:subject': {
    summary: 'One school (schools/URN) or trust (trusts/UID): what it qualifies by, whom to ask, what was asked for',
    query: asAt,
    answer: subject,
  },
  'GET /api/v1/eligibility/:ref/:kind/:subject/entitlement': {
    summary: 'That it is entitled, as a case would keep it; refused with the reason of each criterion otherwise',
    query: asAt.extend({ kind: z.string().optional().describe('Refused where the register says otherwise') }),
    answer: z.looseObject({
      on: z.iso.date(),
      subject: z.looseObject({ kind: z.string(), name: z.string() }),
      rows: z.array(z.looseObject({ id: z.string(), evidence: z.string() })),
      reason: z.string(),
      byException: z.boolean(),
      origin: z.string().nullable(),
    }),
  },
  'POST /api/v1/eligibility/:ref/judgements': {
    summary: 'Record what only a person may judge, in a role that may, for a school or trust of its place',
    body: z.looseObject({
      ...about,
      rationale: z.string(),
      on: z.iso.date().optional().describe('Today without it'),
      holds: z.boolean().optional().describe('True without it'),
    }),
    answer: z.object({ id: z.int() }),
    created: true,
  },
  'GET /api/v1/eligibility/:ref/requests': {
    summary: 'What was asked for, in the places of who asks; those that wait come first',
    answer: z.object({ ref: z.string(), requests: z.array(request) }),
  },
  'POST /api/v1/eligibility/:ref/requests': {
    summary: 'Ask for a row that is asked for, with where it begins and why',
    body: z.looseObject({
      ...about,
      origin: z.string().optional().describe('May be left out where only one is open to who asks'),
      reason: z.string(),
      kind: z.string().optional().describe('Refused where the register says otherwise'),
    }),
    answer: request,
    created: true,
  },
  'GET /api/v1/eligibility-requests/:id': { summary: 'One request and its decision', answer: request },
  'POST /api/v1/eligibility-requests/:id/decide': {
    summary: 'Approve or refuse a request, in a role that may',
    body: z.looseObject({ outcome: z.enum(['approved', 'refused']), rationale: z.string() }),
    answer: request,
  },
}
