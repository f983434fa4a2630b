import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { FormSignature } from '../programmes/index.ts'
import type { CaseParts, Effect, EffectCall } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { copiesOf } from './form-copies.ts'
import {
  type FormDesk,
  hatFor,
  NO_FORM,
  openFormDesk,
  receiversInWords,
  sectionOf,
  signatureOf,
  stateOfSignature,
} from './form-desk.ts'
import { formOf } from './form-facts.ts'
import { digestOf, findSection, sectionState } from './form-state.ts'
import {
  insertForm,
  insertSignature,
  insertSubmission,
  markSubmission,
  setFormStatus,
  voidSignature,
} from './form-store.ts'

/** What steps do to the form of their case: make it, sign it, hand it in, return it, pass it on. */
export function formEffects(parts: CaseParts): Record<string, Effect> {
  const withDesk =
    (work: (desk: FormDesk, call: EffectCall) => Promise<Decision<void>>): Effect =>
    async (call) => {
      const desk = await openFormDesk(parts, call.db, call.record)
      return desk ? work(desk, call) : refuse(NO_FORM)
    }
  return {
    'open-form': ({ db, record, leader, today }) => openForm(db, record, { leaderId: leader?.id ?? null, on: today }),
    'sign-form': withDesk(signNow),
    'submit-form': withDesk(submitNow),
    'return-form': withDesk(async ({ stored, today }, { db, reasons }) => {
      const words = reasons['reason'] ?? ''
      if (stored.status === 'submitted') await markSubmission(db, stored.id, { returnedOn: today, words })
      await setFormStatus(db, stored.id, 'returned', words)
      return accept(undefined)
    }),
    'forward-form': withDesk(async (desk, { db }) => {
      const fallen = signatureFaults(desk)
      if (fallen.length > 0) return refuse(...fallen)
      await markSubmission(db, desk.stored.id, { forwardedOn: desk.today })
      await setFormStatus(db, desk.stored.id, 'forwarded')
      return accept(undefined)
    }),
  }
}

/** Makes the form of a case with what the register and the leader's record say today. A case has one, also for a successor. */
export async function openForm(
  db: Db,
  record: CaseRecord,
  { leaderId, on }: { leaderId: number | null; on: string },
): Promise<Decision<void>> {
  const found = formOf(record)
  if (!found) return refuse({ code: 'form.none', message: 'This programme has no form for such cases' })
  const copies = await copiesOf(db, record, { form: found.form, leaderId, on })
  await insertForm(db, { caseId: record.id, form: found.id, copies, on })
  return accept(undefined)
}

/** Refusals in the order of the rules: whose signature, whether another comes first, what is not complete. */
async function signNow(desk: FormDesk, { db, words, by }: EffectCall): Promise<Decision<void>> {
  const { form, stored, claim, today } = desk
  const signature = signatureOf(desk, words[0] ?? '')
  if (!signature) throw new Error(`The form has no signature ${words[0]}`)
  const as = hatFor(desk, by, [signature.by])
  if (by.personId === null || !as)
    return refuse({ code: 'not-responsible', message: `${signature.title}: nobody else can give it` })
  const faults = [...orderFaults(desk, signature), ...incomplete(desk, signature)]
  if (faults.length > 0) return refuse(...faults)
  const { id, leaderKey } = { id: stored.id, leaderKey: stored.leaderKey }
  const reason = 'Signed again'
  await voidSignature(db, { formId: id, signature: signature.id, leaderKey, by, reason })
  const covered = [...signature.covers, ...(signature.also ?? [])]
  await insertSignature(db, {
    formId: id,
    signature: signature.id,
    leaderKey,
    digest: digestOf(form, stored, signature, claim),
    versions: Object.fromEntries(covered.map((one) => [one, findSection(stored, one)?.version ?? 0])),
    on: today,
    by: { name: by.name, personId: by.personId },
    as,
  })
  if (stored.status === 'returned' && stored.submissions.length === 0) await setFormStatus(db, id, 'open')
  return accept(undefined)
}

function orderFaults(desk: FormDesk, { after, title }: FormSignature): Refusal[] {
  const first = after && signatureOf(desk, after)
  if (!first || stateOfSignature(desk, first).state === 'valid') return []
  return [{ code: 'signature.order', message: `${title} comes after: ${first.title}, which is missing or void` }]
}

function incomplete(desk: FormDesk, { covers, also = [] }: FormSignature): Refusal[] {
  const { form, stored, claim } = desk
  return [...covers, ...also].flatMap((id) => {
    const section = sectionOf(desk, id)
    const state = section && sectionState(form, stored, section, claim)
    // What stands beside the covered sections may stay empty where a check of the step does not ask for it.
    if (!section || state === 'complete' || (state === 'empty' && also.includes(id))) return []
    return [{ code: 'section.incomplete', message: `Section ${section.number}, ${section.title}, is not complete` }]
  })
}

/** Every signature that is missing or no longer says what it said. */
function signatureFaults(desk: FormDesk): Refusal[] {
  return (desk.form.signatures ?? []).flatMap((one) => {
    const { state } = stateOfSignature(desk, one)
    const section = desk.form.sections.find(({ step }) => step === one.step)
    const name = section ? `section ${section.number}` : one.title
    return state === 'valid'
      ? []
      : [{ code: 'form.not-signed', message: `${name} not signed${state === 'void' ? ': the signature is void' : ''}` }]
  })
}

async function submitNow(desk: FormDesk, { db, by, name }: EffectCall): Promise<Decision<void>> {
  const { form, stored, record, today } = desk
  const faults = signatureFaults(desk)
  if (desk.receivers.length === 0)
    faults.push({
      code: 'form.no-receiver',
      message: `Nobody is named as ${record.pack.process?.parties[form.destination?.party ?? '']?.title ?? 'receiver'} for ${record.region ?? 'the region'}: the administrator must enter it`,
    })
  if (faults.length > 0) return refuse(...faults)
  const due = dueOf(record, name)
  const late = due !== null && today > due
  await insertSubmission(db, {
    formId: stored.id,
    leaderKey: stored.leaderKey,
    receipt: `${record.reference}-${stored.leaderKey}-${stored.submissions.length + 1}`,
    on: today,
    by,
    due,
    late,
    // The addresses as they were on that day.
    destination: receiversInWords(desk),
  })
  await setFormStatus(db, stored.id, 'submitted')
  return accept(undefined)
}

/** The day by which the step that hands the form in was due. */
function dueOf(record: CaseRecord, effect: string): string | null {
  const steps = record.pack.process?.flows?.[record.flow]?.steps ?? {}
  const isOne = (step: string) => steps[step]?.do?.some((one) => one.split(' ')[0] === effect) ?? false
  return record.state.steps.findLast((one) => one.state === 'done' && isOne(one.step))?.dueOn ?? null
}
