import type { Refusal } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { caseHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { formStatusOf, maySubmit, submitForm } from './form-api.ts'
import { type FormDesk, NO_FORM, openFormDesk, receiversInWords } from './form-desk.ts'
import { formInWords } from './form-words.ts'
import { NO_CASE_WORDS, shownRefusals } from './pages-case.ts'
import { sectionLines, signatureLines } from './present-form.ts'
import { findSeenCase } from './read-case.ts'

/** The pages of a case's form: its sections as tasks, one section a page, the whole on one page, handing in. */
export function formPages(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const form = '/cases/:reference/form'
  return [
    {
      ...get,
      path: form,
      handle: (request) => onForm(parts, request, (desk) => taskPage(desk, request), noFormYet),
    },
    { ...get, path: `${form}/print`, handle: (request) => onForm(parts, request, (desk) => printPage(desk, request)) },
    {
      ...post,
      path: `${form}/submit`,
      audit: 'form-submitted',
      handle: (request) => onForm(parts, request, (desk) => submit(parts, desk, request)),
    },
  ]
}

/** A case's form for whoever sees the whole case. */
export async function onForm(
  parts: CaseParts,
  { params, actor }: RouteRequest,
  work: (desk: FormDesk) => Answer | Promise<Answer>,
  without: () => Answer = () => notFound(NO_FORM.message),
): Promise<Answer> {
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return notFound(NO_CASE_WORDS)
  const desk = await openFormDesk(parts, db, seen.record)
  return desk ? work(desk) : without()
}

function noFormYet(): Answer {
  return page('platform/web/message.njk', { title: 'No form yet', section: 'cases', lines: [NO_FORM.message] })
}

export function formHref({ record }: Pick<FormDesk, 'record'>): string {
  return `${caseHref(record.reference)}/form`
}

export function formFrame(desk: FormDesk, title: string) {
  const { record, form } = desk
  const href = formHref(desk)
  return {
    title,
    caption: `Case ${record.reference} · ${record.name}`,
    section: 'cases',
    href,
    caseHref: caseHref(record.reference),
    breadcrumbs: [
      { text: 'Cases', href: '/cases' },
      { text: record.reference, href: caseHref(record.reference) },
      ...(title === form.title ? [] : [{ text: form.title, href }]),
      { text: title },
    ],
  }
}

export const STATUS_WORDS = {
  open: 'The form is being filled.',
  returned: 'The form was returned and is to be corrected.',
  submitted: 'The form is handed in and being reviewed.',
  forwarded: 'The form is handed in, reviewed and passed on.',
}
const STATE_TAGS = {
  empty: { text: 'Empty', classes: 'govuk-tag--grey' },
  draft: { text: 'Draft', classes: 'govuk-tag--blue' },
  complete: { text: 'Complete', classes: 'govuk-tag--green' },
}

export function taskPage(desk: FormDesk, { actor, query }: RouteRequest, refusals: readonly Refusal[] = []): Answer {
  const { form, stored } = desk
  const href = formHref(desk)
  const tasks = sectionLines(desk, actor).map((line) => ({
    title: { text: `${line.number}. ${line.title}` },
    hint: {
      text: [
        line.writers.length > 0 ? `Filled by: ${line.writers.join(', ')}` : 'Filled by the service',
        ...(line.savedOn ? [`saved ${longDate(line.savedOn)} by ${line.savedBy}`] : []),
      ].join('; '),
    },
    href: `${href}/sections/${line.id}`,
    status: { tag: STATE_TAGS[line.state] },
  }))
  const shown = shownRefusals(refusals)
  const model = {
    ...formFrame(desk, form.title),
    errors: shown.errors,
    message: DONE_WORDS[query.get('done') ?? ''],
    where: STATUS_WORDS[stored.status],
    returned: stored.status === 'returned' ? stored.returnedWords : null,
    help: form.help,
    tasks,
    signatures: signatureLines(desk, actor).map((line) => presentSignature(line, href)),
    submissions: stored.submissions.map((one) => ({
      receipt: one.receipt,
      words: `handed in ${longDate(one.submittedOn)} by ${one.submittedBy} to ${one.destination}${one.late ? ', late' : ''}`,
    })),
    maySubmit: maySubmit(desk, actor),
    receivers: receiversInWords(desk) || 'nobody is named for the region yet',
  }
  return page('cases/form.njk', model, refusals.length > 0 ? formStatusOf(refusals) : 200)
}

const DONE_WORDS: Readonly<Record<string, string>> = {
  saved: 'Saved as a draft. You can come back to it at any time.',
  complete: 'The section is complete.',
  signed: 'Your signature is on the form.',
  submitted: 'The form is handed in. The receipt is below.',
}

/** A signature in words, with the link to give it for whoever is asked. */
export function presentSignature(line: ReturnType<typeof signatureLines>[number], href: string) {
  const signed = line.signedBy ? `${line.signedBy}, ${longDate(line.signedOn)}` : ''
  const words = {
    valid: `Given by ${signed}.`,
    void: `Given by ${signed}, void since: ${line.voidReason ?? 'what it covers has changed'}.`,
    none: `Given by: ${line.by}. ${line.dueOn ? `Due by ${longDate(line.dueOn)}.` : ''}`,
  }
  const asked = line.isMine && (line.isAsked || line.mayAgain)
  return {
    title: line.title,
    state: line.state,
    words: words[line.state],
    href: asked ? `${href}/signatures/${line.id}` : null,
    link: 'Check your answers and sign',
  }
}

function printPage(desk: FormDesk, { actor }: RouteRequest): Answer {
  const { stored, form } = desk
  return page('cases/form-sign.njk', {
    ...formFrame(desk, `${form.title}, whole`),
    where: STATUS_WORDS[stored.status],
    sections: formInWords(desk, actor),
    may: false,
    notNow: signatureLines(desk, actor)
      .map((line) => `${line.title}: ${presentSignature(line, '').words}`)
      .join(' '),
  })
}

async function submit(parts: CaseParts, desk: FormDesk, request: RouteRequest): Promise<Answer> {
  const decision = await submitForm(parts, desk, request)
  if (decision.ok) return redirect(`${formHref(desk)}?done=submitted`)
  return taskPage(desk, request, decision.refusals)
}
