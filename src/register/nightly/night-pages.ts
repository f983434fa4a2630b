import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Decision, Refusal } from '../../platform/decision.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../../platform/web/route.ts'
import { momentInWords } from '../../platform/words.ts'
import { type HeldDecision, takeInAnyway, throwAway } from './decide-held.ts'
import { findNightFile, listHeldFiles, listNights, type NightFile } from './night-store.ts'

type Parts = { readonly database: Database; readonly clock: Clock }

const SHOWN_NIGHTS = 30
const PATH = '/about-the-data/nights'
const API = '/api/v1/register-nights'

/** The nights of the register, what waits for a person, and the two answers to it. */
export function nightPages(parts: Parts): Route[] {
  const { db } = parts.database
  const read = { method: 'GET', allow: 'administer', audit: null } as const
  const taken = { method: 'POST', allow: 'administer', audit: 'register-file-taken-in' } as const
  const thrown = { method: 'POST', allow: 'administer', audit: 'register-file-thrown-away' } as const
  return [
    { ...read, path: PATH, handle: () => nightsPage(db) },
    { ...read, path: `${PATH}/files/:id`, handle: (request) => filePage(db, request) },
    { ...taken, path: `${PATH}/files/:id/take-in`, handle: (request) => answerPage(parts, request, takeInAnyway) },
    { ...thrown, path: `${PATH}/files/:id/throw-away`, handle: (request) => answerPage(parts, request, throwAway) },
    {
      ...read,
      path: API,
      handle: async () =>
        json({
          held: (await listHeldFiles(db)).map(fileJson),
          nights: (await listNights(db, SHOWN_NIGHTS)).map(nightJson),
        }),
    },
    { ...taken, path: `${API}/files/:id/take-in`, handle: (request) => answerApi(parts, request, takeInAnyway) },
    { ...thrown, path: `${API}/files/:id/throw-away`, handle: (request) => answerApi(parts, request, throwAway) },
  ]
}

type Decide = (parts: Parts, asked: HeldDecision) => Promise<Decision<unknown>>

function askedOf({ params, body, actor }: RouteRequest): HeldDecision {
  return { id: wholeNumber(params['id']), reason: textOf(body, 'reason'), by: actor }
}

async function answerPage(parts: Parts, request: RouteRequest, decide: Decide): Promise<Answer> {
  const decision = await decide(parts, askedOf(request))
  if (decision.ok) return redirect(`${PATH}/files/${wholeNumber(request.params['id'])}`)
  return filePage(parts.database.db, request, decision.refusals)
}

async function answerApi(parts: Parts, request: RouteRequest, decide: Decide): Promise<Answer> {
  const decision = await decide(parts, askedOf(request))
  return decision.ok ? json(decision.value) : problem(decision.refusals, statusOf(decision.refusals))
}

function statusOf(refusals: readonly Refusal[]): number {
  const has = (code: string) => refusals.some((refusal) => refusal.code === code)
  return has('held.unknown') ? 404 : has('held.decided') ? 409 : 422
}

async function nightsPage(db: Database['db']): Promise<Answer> {
  const [held, nights] = await Promise.all([listHeldFiles(db), listNights(db, SHOWN_NIGHTS)])
  return page('register/nightly/nights.njk', {
    title: 'The nightly register',
    section: 'administration',
    breadcrumbs: [{ text: 'About the data', href: '/about-the-data' }],
    held: held.map(presentFile),
    nights: nights.map((night) => ({
      started: momentInWords(night.startedAt),
      source: night.source,
      state: night.failed ?? (night.endedAt ? null : 'It did not come to its end.'),
      files: night.files.map(presentFile),
    })),
  })
}

const OUTCOMES: Readonly<Record<NightFile['outcome'], string>> = {
  taken: 'Taken in',
  held: 'Waits for a person',
  'taken-anyway': 'Taken in anyway',
  'thrown-away': 'Thrown away',
  superseded: 'A newer file was taken in',
}

function presentFile(file: NightFile) {
  return {
    ...file,
    href: `${PATH}/files/${file.id}`,
    outcomeInWords: OUTCOMES[file.outcome],
    found: momentInWords(file.foundAt),
    decided: file.decidedAt && momentInWords(file.decidedAt),
    fileHref: file.dataFileId && `/about-the-data/${file.dataFileId}`,
  }
}

async function filePage(
  db: Database['db'],
  { params, body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const file = await findNightFile(db, wholeNumber(params['id']))
  if (!file) return notFound('No night found a file of this number.')
  const model = {
    title: file.name,
    caption: 'File of the nightly register',
    section: 'administration',
    breadcrumbs: [
      { text: 'About the data', href: '/about-the-data' },
      { text: 'The nightly register', href: PATH },
    ],
    file: presentFile(file),
    typed: textOf(body, 'reason'),
    errors: refusals.map(({ message, field }) => ({ text: message, href: field ? `#${field}` : '#main-content' })),
    wrong: refusals.find(({ field }) => field === 'reason'),
  }
  return page('register/nightly/night-file.njk', model, refusals.length > 0 ? statusOf(refusals) : 200)
}

function fileJson({ path: _place, ...file }: NightFile) {
  return file
}

function nightJson({ files, ...night }: Awaited<ReturnType<typeof listNights>>[number]) {
  return { ...night, files: files.map(fileJson) }
}
