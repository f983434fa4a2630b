import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { CaseParts } from './case-parts.ts'
import { findOpen } from './case-state.ts'
import { findCase } from './case-store.ts'
import {
  auditForeign,
  type FormDesk,
  foreignRefusal,
  hatFor,
  NO_FORM,
  openFormDesk,
  signatureOf,
  stateOfSignature,
} from './form-desk.ts'
import { voidSignatures } from './form-void.ts'
import { NO_CASE, runStep, type StepAnswer } from './run-step.ts'

export type SignAsk = {
  readonly reference: string
  readonly signature: string
  readonly body: Readonly<Record<string, unknown>>
  readonly by: Actor
  readonly submission?: string | undefined
}

/**
 * Signs the form for one party, by the step that asks for it or, where only the signature fell, by the action that asks again.
 * Whoever else tries is refused (`not-responsible`), and that is audited (TSI-062).
 */
export async function signForm(parts: CaseParts, ask: SignAsk): Promise<Decision<StepAnswer>> {
  const { reference, by } = ask
  const { db } = parts.database
  const record = await findCase(db, reference)
  if (!record) return refuse(NO_CASE)
  const desk = await openFormDesk(parts, db, record)
  if (!desk) return refuse(NO_FORM)
  const signature = signatureOf(desk, ask.signature)
  if (!signature) return refuse({ code: 'signature.unknown', message: `The form has no signature ${ask.signature}` })
  if (!hatFor(desk, by, [signature.by])) {
    await auditForeign(parts.database, { reference, by, what: signature.title })
    return refuse(foreignRefusal(desk, signature.title, [signature.by]))
  }
  const recalled = await recallChanged(parts, reference, by)
  if (!recalled.ok) return recalled
  const state = recalled.value?.record.state ?? record.state
  const fell = stateOfSignature(recalled.value ?? desk, signature).state === 'void'
  const step = !findOpen(state, signature.step) && fell && signature.again ? signature.again : signature.step
  const { body, submission } = ask
  return runStep(parts, { reference, step, body, by, submission })
}

/**
 * Voids signatures over what is counted and not typed, such as validated days, when that has changed since; the slice that
 * changes it calls this after. Answers the form as it is then, undefined without one.
 */
export function recallChanged(parts: CaseParts, reference: string, by: Actor): Promise<Decision<FormDesk | undefined>> {
  return allOrNothing(parts.database.db, async (db) => {
    const record = await findCase(db, reference, true)
    const desk = record && (await openFormDesk(parts, db, record))
    if (!desk) return accept(undefined)
    const signatures = (desk.form.signatures ?? []).filter((one) => {
      const { state, row } = stateOfSignature(desk, one)
      return state === 'void' && row?.voidedAt === null
    })
    const claim = desk.form.sections.find(({ kind }) => kind === 'claim')
    if (signatures.length === 0 || !claim) return accept(desk)
    const reason = `What section ${claim.number} counts has changed since`
    await voidSignatures(db, desk, { signatures, section: claim.id, by, reason })
    const after = await findCase(db, reference)
    return accept(after && (await openFormDesk(parts, db, after)))
  })
}
