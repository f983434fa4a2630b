import type { Decision, Refusal } from '../platform/decision.ts'
import { readDateField } from '../platform/web/date-field.ts'
import { type RouteRequest, textOf, wholeNumber } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { addEntry, removeEntry } from './change-study.ts'
import { linkSubject, unlinkSubject } from './link-study.ts'
import type { StudyTab } from './present-study.ts'
import { approveStudy, publishStudy, recordConsent, withdrawStudy } from './publish-study.ts'
import type { StudyAsk, StudyParts } from './study-desk.ts'
import { addSupporter, removeSupporter } from './supporters.ts'

/** What somebody does to a study beside writing its texts: the same by page and by API. */
export type StudyAction = {
  /** Below the address of the study. */
  readonly path: string
  readonly audit: string
  /** The page that it is done on, and what that page says afterwards. */
  readonly tab: StudyTab
  readonly done: string
  run(parts: StudyParts, request: RouteRequest): Promise<Decision<{ readonly reference: string }>>
}

const askOf = (request: RouteRequest): StudyAsk => ({
  reference: request.params['reference'] ?? '',
  by: request.actor,
  submission: submissionOf(request),
})
const numbered = (request: RouteRequest) => ({ ...askOf(request), id: wholeNumber(request.params['id']) })

const ABOUT = { audit: 'case-study-changed', tab: '/about', done: 'changed' } as const
const ENTRIES = { audit: 'case-study-changed', tab: '/entries', done: 'changed' } as const
const PUBLISHING = { tab: '/publishing', done: 'changed' } as const

export const STUDY_ACTIONS: readonly StudyAction[] = [
  {
    ...ABOUT,
    path: '/subjects',
    run: (parts, request) => linkSubject(parts, { ...askOf(request), ...readLink(request) }),
  },
  { ...ABOUT, path: '/subjects/:id/remove', run: (parts, request) => unlinkSubject(parts, numbered(request)) },
  {
    ...ABOUT,
    path: '/supporters',
    run: (parts, request) => addSupporter(parts, { ...askOf(request), ...readSupporter(request) }),
  },
  { ...ABOUT, path: '/supporters/:id/remove', run: (parts, request) => removeSupporter(parts, numbered(request)) },
  {
    ...ENTRIES,
    path: '/entries',
    run: (parts, request) => addEntry(parts, { ...askOf(request), ...readEntry(request) }),
  },
  { ...ENTRIES, path: '/entries/:id/remove', run: (parts, request) => removeEntry(parts, numbered(request)) },
  {
    ...PUBLISHING,
    path: '/approval',
    audit: 'case-study-approved',
    run: (parts, request) => approveStudy(parts, { ...askOf(request), version: readVersion(request) }),
  },
  {
    ...PUBLISHING,
    path: '/consents',
    audit: 'case-study-consent',
    run: (parts, request) => recordConsent(parts, { ...askOf(request), ...readConsent(request) }),
  },
  {
    path: '/publish',
    audit: 'case-study-published',
    tab: '/publishing',
    done: 'published',
    run: (parts, request) => publishStudy(parts, askOf(request)),
  },
  {
    path: '/withdraw',
    audit: 'case-study-withdrawn',
    tab: '/publishing',
    done: 'withdrawn',
    run: (parts, request) => withdrawStudy(parts, { ...askOf(request), reason: textOf(request.body, 'reason') }),
  },
]

/** A text, or a number that JSON sends as one; empty for everything else. */
function plainText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}

/** By the API as `case`, `urn` or `trust`; at the page as one field for any of them. */
function readLink({ body }: RouteRequest) {
  const subject = textOf(body, 'subject')
  const urn = plainText(body['urn'])
  if (/^\d{6}$/.test(subject)) return { case: '', urn: subject, trust: '' }
  return { case: textOf(body, 'case') || subject, urn, trust: textOf(body, 'trust') || subject }
}

function readSupporter({ body }: RouteRequest) {
  return { leader: textOf(body, 'leader'), name: textOf(body, 'name'), organisation: textOf(body, 'organisation') }
}

function readEntry({ body }: RouteRequest) {
  return {
    section: textOf(body, 'section'),
    judgement: textOf(body, 'judgement'),
    on: readDateField(body, 'on'),
    words: textOf(body, 'words'),
  }
}

function readConsent(request: RouteRequest) {
  const { body } = request
  return {
    subject: textOf(body, 'subject'),
    answer: textOf(body, 'answer'),
    givenBy: textOf(body, 'givenBy'),
    givenOn: readDateField(body, 'givenOn'),
    way: textOf(body, 'way'),
    version: readVersion(request),
  }
}

/** Texts as typed: `text-<section>` of a form, or `sections` by id in JSON. White space at the ends goes, nothing else. */
export function readTexts({ body }: RouteRequest): Record<string, string> {
  const given = body['sections']
  const inJson = typeof given === 'object' && given !== null ? Object.entries(given) : []
  const inForm = Object.entries(body).flatMap(([name, value]) =>
    name.startsWith('text-') ? [[name.slice('text-'.length), value] as const] : [],
  )
  return Object.fromEntries(
    [...inJson, ...inForm].map(([id, words]) => [
      id,
      typeof words === 'string' ? words.replaceAll('\r\n', '\n').trim() : '',
    ]),
  )
}

/** The version that a change was made on; null where none was sent. */
export function readVersion({ body }: RouteRequest): number | null {
  const given = plainText(body['version'])
  return /^\d{1,9}$/.test(given) ? Number(given) : null
}

/** The cases named: a list, or one text with commas, spaces or lines between them; `case` and `urns` too. */
export function readCases({ body }: RouteRequest): string[] {
  return ['cases', 'case', 'urns', 'urn']
    .flatMap((name) => {
      const given = body[name]
      return Array.isArray(given) ? given : [given]
    })
    .flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? String(one).split(/[\s,;]+/) : []))
    .filter(Boolean)
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'moved-on': 409,
  'study.published': 409,
  'study.not-published': 409,
  'approval.there': 409,
  'not-responsible': 403,
  'study.unknown': 404,
}

/** 409: it moved on; 403: somebody else's to do; 404: not there; 422: something entered is wrong or missing. */
export function studyStatus([first]: readonly Refusal[]): number {
  return STATUS_BY_CODE[first?.code ?? ''] ?? 422
}
