import type { Refusal } from '../platform/decision.ts'
import {
  type Answer,
  file,
  page,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  textsOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { countOf } from '../platform/words.ts'
import type { CaseParts } from './case-parts.ts'
import { formStatusOf } from './form-api.ts'
import { type FormDesk, mayWrite } from './form-desk.ts'
import type { FileChange } from './form-file-read.ts'
import { type ComparedFile, findComparedFile, takeFile, uploadFile } from './form-file-take.ts'
import { formFileName, isInFile, writeFormFile } from './form-file-write.ts'
import { formFrame, formHref, onForm } from './form-pages.ts'
import { shownRefusals } from './pages-case.ts'

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** Filling the form off line: its workbook, sending it, its differences from the form, taking them. */
export function formFilePages(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const path = '/cases/:reference/form/file'
  const on = (work: (desk: FormDesk, request: RouteRequest) => Promise<Answer>) => (request: RouteRequest) =>
    onForm(parts, request, (desk) => work(desk, request))
  return [
    { ...get, path, handle: on((desk, request) => filePage(parts, desk, request)) },
    { ...get, path: '/cases/:reference/form.xlsx', handle: on((desk, request) => workbook(desk, request)) },
    { ...post, path, audit: 'form-file-read', handle: on((desk, request) => upload(parts, desk, request)) },
    { ...get, path: `${path}/differences`, handle: on((desk, request) => differences(parts, desk, request)) },
    {
      ...post,
      path: `${path}/differences`,
      audit: 'form-saved',
      handle: on((desk, request) => take(parts, desk, request)),
    },
  ]
}

/** The workbook for whoever asks, as a download. */
export async function workbook(desk: FormDesk, { actor }: RouteRequest): Promise<Answer> {
  const bytes = await writeFormFile(desk, actor)
  return file(formFileName(desk, desk.stored.form), XLSX, Buffer.from(bytes))
}

const TITLE = 'Fill the form off line'

async function filePage(
  { database }: CaseParts,
  desk: FormDesk,
  { actor, query }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const shown = shownRefusals(refusals)
  const own = desk.form.sections.filter((section) => isInFile(section) && mayWrite(desk, actor, section))
  const waiting = await findComparedFile(database.db, desk, actor)
  const { status } = desk.stored
  const model = {
    ...formFrame(desk, TITLE),
    errors: shown.errors,
    wrong: { file: refusals.length > 0 ? { text: refusals.map(({ message }) => message).join('. ') } : undefined },
    own: own.map(({ number, title }) => `${number}. ${title}`),
    isOpen: status === 'open' || status === 'returned',
    waiting: waiting && { name: waiting.file.fileName, count: waiting.comparison.changes.length },
    taken: takenWords(query.get('taken'), query.get('left')),
  }
  return page('cases/form-file.njk', model, refusals.length > 0 ? formStatusOf(refusals) : 200)
}

function takenWords(taken: string | null, left: string | null): string | null {
  if (wholeNumber(taken) === 0) return null
  const rest = wholeNumber(left)
  return `${countOf(wholeNumber(taken), 'answer')} taken into the form.${rest > 0 ? ` ${countOf(rest, 'other')} left out.` : ''}`
}

async function upload(parts: CaseParts, desk: FormDesk, request: RouteRequest): Promise<Answer> {
  const decision = await uploadFile(parts, desk, { upload: request.uploads['file'], by: request.actor })
  if (decision.ok) return redirect(`${formHref(desk)}/file/differences`)
  return filePage(parts, desk, request, decision.refusals)
}

async function differences(
  parts: CaseParts,
  desk: FormDesk,
  request: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const found = await findComparedFile(parts.database.db, desk, request.actor)
  if (!found && refusals.length === 0) return redirect(`${formHref(desk)}/file`)
  if (!found) return filePage(parts, desk, request, refusals)
  const chosen = refusals.length > 0 ? textsOf(request.body, 'take') : null
  const model = {
    ...formFrame(desk, 'Differences of the file'),
    errors: shownRefusals(refusals.map((one) => ({ ...one, field: 'take' }))).errors,
    ...differencesModel(found, chosen),
    wrong: refusals.length > 0 ? { text: refusals.map(({ message }) => message).join('. ') } : undefined,
  }
  return page('cases/form-differences.njk', model, refusals.length > 0 ? formStatusOf(refusals) : 200)
}

function differencesModel({ file: { id, fileName }, comparison }: ComparedFile, chosen: readonly string[] | null) {
  const { changes, faults, moved, follow, unchanged, seen } = comparison
  // What was changed at both places is ticked by whoever looks at it.
  const isTicked = (one: FileChange) => (chosen ? chosen.includes(one.id) : one.meanwhile === null)
  return {
    upload: id,
    fileName,
    seen,
    summary: [
      `${countOf(changes.length, 'difference')} can be taken`,
      `${countOf(unchanged, 'answer')} unchanged`,
      ...(faults.length > 0 ? [`${countOf(faults.length, 'answer')} not taken`] : []),
    ].join(', '),
    changes: changes.map((one, index) => ({ ...one, at: index + 1, isTicked: isTicked(one) })),
    isStale: moved.length > 0 || changes.some(({ meanwhile }) => meanwhile !== null),
    faults,
    moved,
    follow,
  }
}

async function take(parts: CaseParts, desk: FormDesk, request: RouteRequest): Promise<Answer> {
  const { body, actor } = request
  const decision = await takeFile(parts, {
    reference: desk.record.reference,
    upload: wholeNumber(textOf(body, 'upload')),
    seen: textOf(body, 'seen'),
    take: textsOf(body, 'take'),
    by: actor,
    submission: submissionOf(request),
  })
  if (!decision.ok) return differences(parts, desk, request, decision.refusals)
  const { taken, left } = decision.value
  return redirect(`${formHref(desk)}/file?taken=${taken}&left=${left}`)
}
