import { z } from 'zod'
import { type ApiDescription, described } from '../platform/web/api-description.ts'
import { type Answer, json, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import type { CaseParts } from './case-parts.ts'
import { formStatusOf, withForm } from './form-api.ts'
import type { FormDesk } from './form-desk.ts'
import { workbook, XLSX } from './form-file-pages.ts'
import { type ComparedFile, takeFile, uploadFile } from './form-file-take.ts'

const FILE = '/api/v1/cases/:reference/form/file'

/** The form of a case as a workbook, for other programs: read it, send it filled, take its differences. */
export function formFileApi(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const routes: Route[] = [
    { ...get, path: FILE, handle: (request) => withForm(parts, request, (desk) => workbook(desk, request)) },
    { ...post, path: FILE, audit: 'form-file-read', handle: (request) => upload(parts, request) },
    { ...post, path: `${FILE}/taken`, audit: 'form-saved', handle: (request) => take(parts, request) },
  ]
  return described(routes, FILE_API)
}

function upload(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withForm(parts, request, async (desk: FormDesk) => {
    const decision = await uploadFile(parts, desk, { upload: request.uploads['file'], by: request.actor })
    if (!decision.ok) return problem(decision.refusals, formStatusOf(decision.refusals))
    return json(comparedJson(decision.value), 201)
  })
}

function comparedJson({ file: { id, fileName, sha256 }, comparison }: ComparedFile) {
  const { values: _values, ...told } = comparison
  return { upload: id, fileName, sha256, ...told }
}

function take(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withForm(parts, request, async (desk) => {
    const { body, actor } = request
    const decision = await takeFile(parts, {
      reference: desk.record.reference,
      upload: typeof body['upload'] === 'number' ? body['upload'] : null,
      seen: typeof body['seen'] === 'string' ? body['seen'] : null,
      take: Array.isArray(body['take']) ? body['take'].map(String) : null,
      by: actor,
      submission: submissionOf(request),
    })
    return decision.ok ? json(decision.value) : problem(decision.refusals, formStatusOf(decision.refusals))
  })
}

const named = { id: z.string(), section: z.string(), question: z.string(), sheet: z.string(), row: z.number() }

const FILE_API: Readonly<Record<string, ApiDescription>> = {
  [`GET ${FILE}`]: {
    summary: 'The form as a workbook (XLSX) with what it holds, a sheet for each section; bank details are never in it',
    answer: z.string(),
    media: XLSX,
  },
  [`POST ${FILE}`]: {
    summary: 'Send a filled workbook (XLSX or ODS) and learn its differences from the form; nothing is taken yet',
    file: 'file',
    created: true,
    answer: z.object({
      upload: z.number(),
      fileName: z.string(),
      sha256: z.string(),
      changes: z.array(
        z
          .object({ ...named, now: z.string(), file: z.string(), meanwhile: z.string().nullable() })
          .describe('meanwhile: what the form said when the file was made, where it says something else now'),
      ),
      faults: z.array(z.object({ ...named, file: z.string(), code: z.string(), reason: z.string() })),
      moved: z.array(z.object({ ...named, was: z.string(), now: z.string() })),
      follow: z.array(z.object({ section: z.string(), question: z.string(), now: z.string() })),
      unchanged: z.number(),
      seen: z.string(),
    }),
  },
  [`POST ${FILE}/taken`]: {
    summary: 'Take differences of the file that was sent last, all of them together or none',
    body: z.object({
      take: z
        .array(z.string())
        .optional()
        .describe('Ids of differences; without it all but those changed at both places'),
      upload: z.number().optional().describe('The file that was looked at; another one now is answered 409'),
      seen: z.string().optional().describe('As told with the differences; a form saved since is answered 409'),
    }),
    answer: z.object({
      taken: z.number(),
      left: z.number(),
      sections: z.array(z.looseObject({ section: z.string(), state: z.string(), version: z.number() })),
    }),
  },
}
