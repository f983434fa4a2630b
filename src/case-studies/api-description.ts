import * as z from 'zod'
import type { ApiDescription } from '../platform/web/api-description.ts'

const day = z.string().describe('YYYY-MM-DD')
const done = z.object({ reference: z.string() })
const entry = z.looseObject({ id: z.int(), on: day, words: z.string(), source: z.string().nullable() })
const section = z.object({
  id: z.string(),
  title: z.string(),
  required: z.boolean(),
  words: z.string(),
  entries: z.array(entry),
})
const about = z.looseObject({ id: z.int(), name: z.string(), urn: z.int().nullable(), case: z.string().nullable() })
const study = z.looseObject({
  reference: z.string(),
  programme: z.string(),
  title: z.string(),
  state: z.enum(['draft', 'published', 'withdrawn']),
  version: z.int(),
  publishedOn: day.nullable(),
  regions: z.array(z.string()),
  about: z.array(about),
  supportedBy: z.array(z.looseObject({ id: z.int(), name: z.string(), organisation: z.string().nullable() })),
  sections: z.array(section).describe('In the order of the programme'),
  rests: z.array(z.string()),
})
const version = z.int().optional().describe('The one that was read; 409 where it was changed since')
const STUDY = '/api/v1/case-studies/:reference'

export const STUDY_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/case-studies': {
    summary: 'Published case studies of your programmes, and drafts about cases that you see',
    query: z.object({
      q: z.string().optional().describe('Words of the title or text, a school, trust, URN or number'),
      programme: z.string().optional(),
      region: z.string().optional(),
      state: z.string().optional().describe('draft, published or withdrawn'),
      page: z.string().optional(),
      sort: z.string().optional(),
    }),
    answer: z.object({
      total: z.int(),
      page: z.int(),
      caseStudies: z.array(z.looseObject({ reference: z.string(), title: z.string(), state: z.string() })),
    }),
  },
  'POST /api/v1/case-studies': {
    summary: 'Begin a draft about one or several cases; what they say already stands in its sections',
    body: z.object({
      cases: z.array(z.string()).describe('Numbers of cases, or URNs of their schools'),
      title: z.string().optional().describe('The names of the schools or trusts without it'),
    }),
    answer: z.object({ reference: z.string(), warnings: z.array(z.string()) }),
    created: true,
  },
  [`GET ${STUDY}`]: {
    summary:
      'One case study. Those who see its draft also get its warnings, approval, consents, what is missing, and judgements that can be added',
    answer: study,
  },
  [`POST ${STUDY}`]: {
    summary: 'Save title and texts as they are, complete or not; what is not sent stays',
    body: z.object({
      version: z.int().describe('The one that the change was made on; 409 where somebody saved since'),
      title: z.string().optional(),
      sections: z.record(z.string(), z.string()).optional().describe('Texts by id of the section'),
    }),
    answer: z.object({ reference: z.string(), version: z.int() }),
  },
  [`GET ${STUDY}/history`]: {
    summary: 'Who changed what, when and why, newest first',
    answer: z.object({ changes: z.array(z.looseObject({ action: z.string(), name: z.string() })) }),
  },
  [`POST ${STUDY}/subjects`]: {
    summary: 'Link a case, or a school or trust; a case that is not far enough gives a warning',
    body: z.object({
      case: z.string().optional(),
      urn: z.string().optional(),
      trust: z.string().optional(),
    }),
    answer: z.object({ reference: z.string(), name: z.string(), warnings: z.array(z.string()) }),
  },
  [`POST ${STUDY}/subjects/:id/remove`]: { summary: 'Take a link away; the last case stays', answer: done },
  [`POST ${STUDY}/supporters`]: {
    summary: 'Name who supported: a leader by number, or a name with an organisation',
    body: z.object({
      leader: z.string().optional(),
      name: z.string().optional(),
      organisation: z.string().optional(),
    }),
    answer: done,
  },
  [`POST ${STUDY}/supporters/:id/remove`]: { summary: 'Take a supporter away', answer: done },
  [`POST ${STUDY}/entries`]: {
    summary: 'Add a dated result to a section: typed, or one of the judgements offered',
    body: z.object({
      section: z.string(),
      on: day.optional(),
      words: z.string().optional(),
      judgement: z.string().optional().describe('As the study offers it, "urn:day"; without date and words'),
    }),
    answer: done,
  },
  [`POST ${STUDY}/entries/:id/remove`]: { summary: 'Take a dated result away', answer: done },
  [`POST ${STUDY}/approval`]: {
    summary: 'Approve the study as it stands',
    body: z.object({ version }),
    answer: done,
  },
  [`POST ${STUDY}/consents`]: {
    summary: 'Record whether a school or trust agrees to the study as it stands: who said so, when and how',
    body: z.object({
      subject: z.string().describe('As the study names it, such as urn:900001'),
      answer: z.string().describe('yes or no'),
      givenBy: z.string(),
      givenOn: day,
      way: z.string(),
      version,
    }),
    answer: done,
  },
  [`POST ${STUDY}/publish`]: {
    summary: 'Publish; refused with each empty section, the approval and each consent that is missing',
    answer: done,
  },
  [`POST ${STUDY}/withdraw`]: {
    summary: 'Take a published study back',
    body: z.object({ reason: z.string() }),
    answer: done,
  },
}
