import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const text = z.string().optional()
const subject = {
  urn: text.describe('School that it is asked for'),
  trust: text.describe('Number of a trust, in place of a school'),
  on: text.describe('Day, YYYY-MM-DD; today without it'),
}
const areas = text.describe('Focus areas by id, with commas between them')
const entry = z.looseObject({ id: z.string(), title: z.string() })
const suggestion = z.looseObject({
  id: z.string(),
  title: z.string(),
  reasons: z.array(z.string()),
  check: z.array(z.string()),
})

export const CATALOGUE_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/programmes/:ref/catalogue': {
    summary: 'Approved programmes in their groups, filtered and searched',
    query: z.object({
      ...subject,
      areas,
      phase: text,
      stage: text,
      'no-application': text.describe('yes: only what needs none'),
      q: text,
    }),
    answer: z.looseObject({
      total: z.int(),
      groups: z.array(z.looseObject({ number: z.int().nullable(), name: z.string(), entries: z.array(entry) })),
    }),
  },
  'GET /api/v1/programmes/:ref/catalogue/suggestions': {
    summary: 'Which programmes fit a school or trust, each with its reason, and why the others do not',
    query: z.object({ ...subject, areas, subjects: text.describe('Subjects by id, with commas between them') }),
    answer: z.looseObject({
      suggested: z.array(suggestion),
      additional: z.array(suggestion),
      notSuggested: z.array(
        z.looseObject({ id: z.string(), because: z.array(z.object({ code: z.string(), text: z.string() })) }),
      ),
    }),
  },
  'GET /api/v1/programmes/:ref/catalogue/:entry': {
    summary: 'One approved programme as it stands on a day, and for a school',
    query: z.object(subject),
    answer: entry,
  },
  'GET /api/v1/programmes/:ref/catalogue/:entry/calculation': {
    summary: 'What a programme pays or costs, worked out; nothing is saved',
    query: z.object({
      ...subject,
      calculator: text.describe('Needed where the entry has several'),
      setting: text,
      phase: text,
      pupils: text,
      participants: text,
      cost: text,
      runBy: text,
      region: text,
      days: text,
    }),
    answer: z.looseObject({
      outcome: z.string(),
      words: z.string(),
      total: z.number().nullable(),
      atMost: z.number().nullable(),
    }),
  },
  'GET /api/v1/programmes/:ref/catalogue/:entry/signposting-check': {
    summary: 'Whether a programme may be signposted to a school so; nothing is saved',
    query: z.object({
      ...subject,
      kind: text.describe('signposted, in-use, not-relevant or note'),
      pathway: text,
      days: text,
      funding: text,
      fixedPrice: text,
      confirmed: text,
      hub: text,
      reason: text,
      note: text,
      answer: text,
      words: text,
    }),
    answer: z.looseObject({
      entry: z.string(),
      route: z.array(z.string()),
      warnings: z.array(z.looseObject({ code: z.string() })),
    }),
  },
  'GET /api/v1/programmes/:ref/resources': {
    summary: 'Material and guidance by focus area or step',
    query: z.object({ ...subject, areas, step: text }),
    answer: z.looseObject({
      resources: z.array(z.looseObject({ id: z.string(), title: z.string(), link: z.string().nullable() })),
    }),
  },
  'GET /api/v1/programmes/:ref/local-places': {
    summary: 'Local hubs and marked areas, with their dates',
    answer: z.looseObject({
      places: z.array(z.looseObject({ id: z.int(), kind: z.string(), area: z.string(), name: z.string() })),
    }),
  },
  'POST /api/v1/programmes/:ref/local-places': {
    summary: 'Enter a local hub or mark an area; the one before it ends the day before',
    body: z.object({
      kind: z.string(),
      areaKind: z.string().describe('region, authority or school'),
      area: z.string().describe('Name of the region, code of the authority, URN of the school'),
      name: z.string(),
      link: text,
      from: z.string().describe('First day, YYYY-MM-DD'),
    }),
    answer: z.object({ id: z.int() }),
    created: true,
  },
  'POST /api/v1/programmes/:ref/local-places/:id/end': {
    summary: 'End a local hub or mark with today',
    answer: z.object({ id: z.int() }),
  },
}
