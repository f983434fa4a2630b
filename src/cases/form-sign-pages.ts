import type { Refusal } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import type { CaseParts } from './case-parts.ts'
import { findOpen } from './case-state.ts'
import { formStatusOf } from './form-api.ts'
import { type FormDesk, mayWrite, sectionOf, signatureOf } from './form-desk.ts'
import { formFrame, formHref, onForm } from './form-pages.ts'
import { signForm } from './form-sign.ts'
import { formInWords, presentFormFields } from './form-words.ts'
import { shownRefusals } from './pages-case.ts'
import { flowOf, partyTitle } from './present-case.ts'
import { signatureLines } from './present-form.ts'
import { typedAnswers } from './read-answers.ts'

/** Checking one's answers and signing them. */
export function formSignPages(parts: CaseParts): Route[] {
  const path = '/cases/:reference/form/signatures/:signature'
  return [
    {
      method: 'GET',
      path,
      allow: 'see-cases',
      audit: null,
      handle: (request) => onForm(parts, request, (desk) => signPage(desk, request)),
    },
    {
      method: 'POST',
      path,
      allow: 'see-cases',
      audit: 'form-signed',
      handle: (request) => onForm(parts, request, (desk) => sign(parts, desk, request)),
    },
  ]
}

function signPage(desk: FormDesk, request: RouteRequest, refusals: readonly Refusal[] = []): Answer {
  const { params, actor, body } = request
  const signature = signatureOf(desk, params['signature'] ?? '')
  if (!signature) return notFound('The form has no such signature.')
  const { record, today } = desk
  const step = flowOf(record).steps[signature.step]
  const line = signatureLines(desk, actor).find(({ id }) => id === signature.id)
  const isOpen = findOpen(record.state, signature.step) !== undefined
  const may = line?.isMine === true && (isOpen || line.mayAgain)
  const outcomes = Object.entries((isOpen && step?.outcomes) || {})
  const chosen = textOf(body, 'outcome')
  const needsReason = outcomes.filter(([, one]) => one.reason).map(([, one]) => one.title)
  const fields = (isOpen && step?.fields) || {}
  const shown = shownRefusals(refusals)
  const model = {
    ...formFrame(desk, signature.title),
    errors: shown.errors,
    where: `Given by: ${partyTitle(record, signature.by)}.`,
    help: step?.help,
    sections: formInWords(desk, actor, [...signature.covers, ...(signature.also ?? [])]).map((one) => {
      const section = sectionOf(desk, one.id)
      const mine = section && may && mayWrite(desk, actor, section)
      return { ...one, change: mine ? `${formHref(desk)}/sections/${one.id}` : null }
    }),
    may,
    notNow: line?.isMine ? 'This signature is not asked for now.' : 'Only the one whose signature it is can give it.',
    action: request.url,
    heading2: signature.title,
    outcomes: outcomes.map(([value, one]) => ({ value, text: one.title, checked: value === chosen })),
    fields: presentFormFields(fields, typedAnswers(fields, body), { prefix: '', refusals, facts: desk.facts }),
    asksReason: needsReason.length > 0 ? `Needed for: ${needsReason.join('; ')}` : null,
    typedReason: textOf(body, 'reason'),
    wrong: wrongOf(refusals),
    name: actor.name,
    today,
    button: outcomes.length > 0 ? 'Give this answer' : 'Sign the form',
  }
  return page('cases/form-sign.njk', model, refusals.length > 0 ? formStatusOf(refusals) : 200)
}

function wrongOf(refusals: readonly Refusal[]) {
  return Object.fromEntries(refusals.flatMap(({ field, message }) => (field ? [[field, { text: message }]] : [])))
}

async function sign(parts: CaseParts, desk: FormDesk, request: RouteRequest): Promise<Answer> {
  const { params, body, actor } = request
  const decision = await signForm(parts, {
    reference: desk.record.reference,
    signature: params['signature'] ?? '',
    body,
    by: actor,
    submission: submissionOf(request),
  })
  if (decision.ok) return redirect(`${formHref(desk)}?done=signed`)
  return signPage(desk, request, decision.refusals)
}
