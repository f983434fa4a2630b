import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'
import { EVENT_KINDS } from './events/register-event.ts'
import { SCHOOL_FILTERS } from './school-list.ts'
import { TRUST_FILTERS } from './trust-store.ts'

const text = z.string().nullable()
const listPart = { total: z.int(), page: z.int(), pageSize: z.int() }
const listQuery = (filters: readonly string[]) =>
  z.object({
    ...Object.fromEntries(filters.map((name) => [name, z.string().optional()])),
    sort: z.string().optional().describe('A column; with - before it downward'),
    page: z.int().optional(),
  })

const schoolRow = z.looseObject({
  urn: z.int().nullable(),
  name: z.string(),
  status: z.string(),
  phase: text,
  type: text,
  region: text,
  latestGrade: z.int().nullable(),
  latestGradeOn: text,
})
const trustRow = z.looseObject({ uid: z.string(), name: z.string(), type: z.string(), status: text, schools: z.int() })
const event = z.looseObject({
  id: z.int(),
  kind: z.enum(EVENT_KINDS),
  urn: z.int().nullable(),
  name: z.string(),
  from: z.looseObject({}),
  to: z.looseObject({}),
  on: z.iso.date(),
  file: z.looseObject({ id: z.int(), title: z.string(), asAt: z.iso.date() }).nullable(),
})
const correctionBody = z.object({
  what: z
    .string()
    .describe(
      'A field such as phase, grade:17 of an inspection by its number, predecessor to add a link, predecessor:URN to cut one',
    ),
  value: z.string().optional(),
  source: z.string(),
  sourceDate: z.iso.date(),
  holdsFrom: z.iso.date().optional(),
  reason: z.string(),
})
const nightFile = z.looseObject({
  id: z.int(),
  name: z.string(),
  outcome: z.string(),
  reasons: z.array(z.looseObject({})),
})
const authority = z.looseObject({ code: z.string(), name: z.string(), region: text })

export const REGISTER_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/search': {
    summary: 'Schools, trusts and authorities by name, number, place or postcode',
    query: z.object({ q: z.string() }),
    answer: z.looseObject({
      schools: z.looseObject({ total: z.int(), close: z.boolean(), results: z.array(schoolRow) }),
      trusts: z.looseObject({ total: z.int(), results: z.array(z.looseObject({ uid: z.string() })) }),
      authorities: z.array(authority),
    }),
  },
  'GET /api/v1/schools': {
    summary: 'Schools, filtered and sorted',
    query: listQuery(SCHOOL_FILTERS),
    answer: z.looseObject({ ...listPart, close: z.boolean(), schools: z.array(schoolRow) }),
  },
  'GET /api/v1/schools/:urn': {
    summary: 'One school with its inspections, links and published figures',
    answer: z.looseObject({
      urn: z.int(),
      name: z.string(),
      status: z.string(),
      inspections: z.array(z.looseObject({ inspected_on: z.iso.date(), kind: z.string(), basis: z.string() })),
      links: z.array(z.looseObject({})),
      measures: z.array(z.looseObject({ dataset: z.string(), year: z.string() })),
    }),
  },
  'GET /api/v1/trusts': {
    summary: 'Trusts and other groups, filtered and sorted',
    query: listQuery(TRUST_FILTERS),
    answer: z.looseObject({ ...listPart, trusts: z.array(trustRow) }),
  },
  'GET /api/v1/trusts/:uid': {
    summary: 'One trust or group with its schools, present and past',
    answer: z.looseObject({
      uid: z.string(),
      name: z.string(),
      memberships: z.array(z.looseObject({ urn: z.int().nullable(), name: z.string(), joined: text, left_on: text })),
    }),
  },
  'GET /api/v1/authorities': {
    summary: 'Local authorities with their numbers of schools',
    answer: z.looseObject({ authorities: z.array(authority.extend({ open: z.int(), closed: z.int() })) }),
  },
  'GET /api/v1/authorities/:code': {
    summary: 'One authority with its schools by latest grade',
    answer: authority.extend({
      latestGrades: z.array(z.looseObject({ grade: z.int().nullable(), schools: z.int() })),
    }),
  },
  'GET /api/v1/schools/:urn/corrections': {
    summary: 'The facts of a school that can be corrected, and its corrections, in force and ended',
    query: correctionBody.partial().describe('With a correction, what it would change; nothing is stored'),
    answer: z.looseObject({
      facts: z.array(z.looseObject({ what: z.string(), title: z.string(), now: z.string() })),
      corrections: z.array(
        z.looseObject({ id: z.int(), title: z.string(), corrected: z.string(), register: z.string() }),
      ),
    }),
  },
  'POST /api/v1/schools/:urn/corrections': {
    summary: 'Correct a fact of the register until the register agrees',
    body: correctionBody,
    answer: z.looseObject({ id: z.int() }),
    created: true,
  },
  'POST /api/v1/schools/:urn/corrections/:id/end': {
    summary: 'End a correction: the register’s own value stands again',
    body: z.object({ reason: z.string() }),
    answer: z.looseObject({ id: z.int() }),
  },
  'GET /api/v1/register-changes': {
    summary: 'What one night changed in the register, the last one without a night',
    query: z.object({ night: z.iso.date().optional(), kind: z.enum(EVENT_KINDS).optional(), page: z.int().optional() }),
    answer: z.looseObject({
      night: z.iso.date().nullable(),
      counts: z.record(z.string(), z.int()),
      total: z.int(),
      events: z.array(event),
    }),
  },
  'GET /api/v1/register-events': {
    summary: 'Everything that changed in the register after an event, in the order in which it was seen, 500 at a time',
    query: z.object({ after: z.int().optional().describe('The last event that was read') }),
    answer: z.looseObject({ events: z.array(event), last: z.int() }),
  },
  'GET /api/v1/register-nights': {
    summary: 'Imports that are held for a person, and the last nights with their files',
    answer: z.looseObject({
      held: z.array(nightFile),
      nights: z.array(z.looseObject({ id: z.int(), files: z.array(nightFile) })),
    }),
  },
  'POST /api/v1/register-nights/files/:id/take-in': {
    summary: 'Take in a held import although it changes much',
    body: z.object({ reason: z.string() }),
    answer: z.looseObject({}),
  },
  'POST /api/v1/register-nights/files/:id/throw-away': {
    summary: 'Settle that a held import is not taken in',
    body: z.object({ reason: z.string() }),
    answer: z.looseObject({ id: z.int() }),
  },
  'POST /api/v1/register-files': {
    summary: 'Take in an official file of the register',
    body: z.object({
      kind: z.string().describe('schools, groups, links or inspections'),
      asAt: z.iso.date().optional(),
    }),
    file: 'file',
    answer: z.looseObject({}),
    created: true,
  },
}
