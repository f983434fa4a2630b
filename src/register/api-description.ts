import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'
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
