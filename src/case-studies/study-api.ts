import { described } from '../platform/web/api-description.ts'
import { asTheMachine } from '../platform/web/as-machine.ts'
import { readListQuery } from '../platform/web/list.ts'
import { type Answer, json, problem, type Route, type RouteRequest, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { STUDY_API } from './api-description.ts'
import { beginStudy } from './begin-study.ts'
import { saveText } from './change-study.ts'
import { warningsOf } from './link-study.ts'
import { studyJson } from './present-study.ts'
import { readCases, readTexts, readVersion, STUDY_ACTIONS, studyStatus } from './study-actions.ts'
import { NO_STUDY, openStudy, type StudyParts } from './study-desk.ts'
import { listStudies, STUDY_FILTERS, STUDY_SORTS } from './study-list.ts'
import { readStudyHistory } from './study-pages.ts'

const STUDY = '/api/v1/case-studies/:reference'

/** Case studies for other programs; the same answers as the pages. */
export function studyApi(parts: StudyParts): Route[] {
  const get = { method: 'GET', allow: 'signed-in', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const lists: Route[] = [{ ...get, path: '/api/v1/case-studies', handle: (request) => list(parts, request) }]
  const single: Route[] = [
    { ...post, path: '/api/v1/case-studies', audit: 'case-study-begun', handle: (request) => begin(parts, request) },
    { ...get, path: STUDY, handle: (request) => read(parts, request) },
    { ...post, path: STUDY, audit: 'case-study-changed', handle: (request) => save(parts, request) },
    { ...get, allow: 'see-cases', path: `${STUDY}/history`, handle: (request) => history(parts, request) },
    ...STUDY_ACTIONS.map(
      ({ path, audit, run }): Route => ({
        ...post,
        path: `${STUDY}${path}`,
        audit,
        async handle(request) {
          const decision = await run(parts, request)
          return decision.ok ? json(decision.value) : problem(decision.refusals, studyStatus(decision.refusals))
        },
      }),
    ),
  ]
  return described([...lists, ...single.map(asTheMachine)], STUDY_API)
}

async function list({ database }: StudyParts, { query, actor }: RouteRequest): Promise<Answer> {
  const asked = readListQuery(query, STUDY_SORTS, STUDY_FILTERS)
  const { total, rows } = await listStudies(database.db, asked, { by: actor })
  return json({ total, page: asked.page, caseStudies: rows })
}

async function begin(parts: StudyParts, request: RouteRequest): Promise<Answer> {
  const decision = await beginStudy(parts, {
    cases: readCases(request),
    title: textOf(request.body, 'title'),
    by: request.actor,
    submission: submissionOf(request),
  })
  if (!decision.ok) return problem(decision.refusals, studyStatus(decision.refusals))
  const desk = await openStudy(parts, parts.database.db, { reference: decision.value.reference, by: request.actor })
  return json({ ...decision.value, warnings: desk ? warningsOf(desk, desk.study.subjects) : [] }, 201)
}

async function read(parts: StudyParts, { params, actor }: RouteRequest): Promise<Answer> {
  const desk = await openStudy(parts, parts.database.db, { reference: params['reference'] ?? '', by: actor })
  return desk ? json(await studyJson(desk)) : problem([NO_STUDY], 404)
}

/** What is not sent stays as it is; the version is the one that the change was made on. */
async function save(parts: StudyParts, request: RouteRequest): Promise<Answer> {
  const reference = request.params['reference'] ?? ''
  const desk = await openStudy(parts, parts.database.db, { reference, by: request.actor })
  const decision = await saveText(parts, {
    reference,
    by: request.actor,
    title: request.body['title'] === undefined ? (desk?.study.title ?? '') : textOf(request.body, 'title'),
    texts: readTexts(request),
    version: readVersion(request),
  })
  return decision.ok ? json(decision.value) : problem(decision.refusals, studyStatus(decision.refusals))
}

async function history(parts: StudyParts, { params, actor }: RouteRequest): Promise<Answer> {
  const desk = await openStudy(parts, parts.database.db, { reference: params['reference'] ?? '', by: actor })
  if (!desk?.isInside) return problem([NO_STUDY], 404)
  const changes = await readStudyHistory(desk)
  return json({
    changes: changes.map(({ at, name, role, door, action, old, new: now, reason }) => ({
      at,
      name,
      role,
      door,
      action,
      old,
      new: now,
      reason,
    })),
  })
}
