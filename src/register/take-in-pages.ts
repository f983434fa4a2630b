import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import { type Answer, json, page, problem, type Route, type RouteRequest, textOf } from '../platform/web/route.ts'
import { importFile } from './import-file.ts'
import type { ImportReport } from './import-report.ts'

/** The kinds of official file that a person may take in, with the words of the page. */
const KINDS = [
  { value: 'schools', text: 'Schools: the register of establishments' },
  { value: 'groups', text: 'Trusts and other groups, or which school is in which' },
  { value: 'links', text: 'Links between schools' },
  { value: 'inspections', text: 'Inspections: Ofsted management information' },
] as const

type TakeInParts = { readonly database: Database; readonly clock: Clock }

/** Taking in an official file by page and API, with what came of every row; the command `import` does the same. */
export function takeInPages(parts: TakeInParts): Route[] {
  const path = '/about-the-data/take-in'
  const change = { method: 'POST', allow: 'administer', audit: 'register-file-taken-in' } as const
  return [
    { method: 'GET', path, allow: 'administer', audit: null, handle: () => takeInPage({ typed: {} }) },
    { ...change, path, handle: (request) => fromPage(parts, request) },
    { ...change, path: '/api/v1/register-files', handle: (request) => fromApi(parts, request) },
  ]
}

async function fromPage(parts: TakeInParts, request: RouteRequest): Promise<Answer> {
  const decision = await takeIn(parts, request)
  return takeInPage({
    typed: request.body,
    ...(decision.ok ? { report: decision.value } : { refusals: decision.refusals }),
  })
}

async function fromApi(parts: TakeInParts, request: RouteRequest): Promise<Answer> {
  const decision = await takeIn(parts, request)
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals)
}

/** The upload is put down under its own name for the import, which reads its date from there, and removed at the end. */
async function takeIn(
  { database, clock }: TakeInParts,
  { body, uploads, actor: by }: RouteRequest,
): Promise<Decision<ImportReport>> {
  const kind = KINDS.find((one) => one.value === textOf(body, 'kind'))?.value
  const upload = uploads.file
  const refusals: Refusal[] = []
  if (!kind) refusals.push({ code: 'import.kind', message: 'Choose what the file holds', field: 'kind' })
  if (!upload || upload.bytes.length === 0)
    refusals.push({ code: 'file.missing', message: 'Choose a file, CSV or CSV.gz', field: 'file' })
  if (!kind || !upload || refusals.length > 0) return refuse(...refusals)
  const folder = await mkdtemp(join(tmpdir(), 'alongside-upload-'))
  try {
    const file = join(folder, basename(upload.fileName) || 'upload.csv')
    await writeFile(file, upload.bytes)
    const asAt = textOf(body, 'asAt') || undefined
    const strict = textOf(body, 'strict') === 'yes'
    // The register is everybody's, and an import of a whole file puts indexes aside, which only their owner may.
    return await runAsMachine(() => importFile(database, { kind, file, asAt, strict, by, clock }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Shown = { typed: RouteRequest['body']; report?: ImportReport; refusals?: readonly Refusal[] }

function takeInPage({ typed, report, refusals = [] }: Shown): Answer {
  // A fault of a row names the row's own field; on this page it belongs to the file.
  const shown = refusals.map((refusal) => ({
    ...refusal,
    field: FIELDS.find((field) => field === refusal.field) ?? 'file',
  }))
  const model = {
    title: 'Take in an official file',
    breadcrumbs: [{ text: 'About the data', href: '/about-the-data' }],
    kinds: KINDS.map((kind) => ({ ...kind, checked: kind.value === typed.kind })),
    typed,
    report,
    errors: shown.map(({ message, field }) => ({ text: message, href: `#${field}` })),
    wrong: Object.fromEntries(shown.map(({ message, field }) => [field, { text: message }])),
  }
  return page('register/take-in.njk', model, refusals.length > 0 ? 422 : 200)
}

const FIELDS = ['kind', 'file', 'asAt', 'strict'] as const
