import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import type { Refusal } from '../platform/decision.ts'
import type { CaseFacts, Form, FormSection, FormSignature } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { formOf, readMoreFacts } from './form-facts.ts'
import type { GroupRows } from './form-section.ts'
import { type ClaimFacts, digestOf, leaderKeyOf, rowsOf, type StoredForm, signatureState } from './form-state.ts'
import { contactRoles, type Holder, readHolders } from './holders.ts'
import { factsOf, findLeaderAtHand, type LeaderAtHand, placeOf } from './read-facts.ts'
import { readSignposts, type Signpost } from './signposts.ts'
import { actKeys, findHat } from './who-acts.ts'

/** A case's form with everything that reading and changing it is judged by. */
export type FormDesk = {
  readonly record: CaseRecord
  readonly form: Form
  readonly stored: StoredForm
  readonly leader: LeaderAtHand | undefined
  readonly facts: CaseFacts
  readonly claim: ClaimFacts
  readonly today: string
  /** What was decided about programmes of the catalogue. */
  readonly signposts: readonly Signpost[]
  /** Who gets the form when it is handed in: those of the region of the case today, as the administrator keeps them. */
  readonly receivers: readonly Receiver[]
}

export type Receiver = Pick<Holder, 'name' | 'email'>

export const NO_FORM: Refusal = {
  code: 'form.unknown',
  message: 'This case has no form yet. It is made when the deployment e-mail goes to the leader',
}

/** Reads a case's form; undefined where the pack has none or the deployment has not begun. */
export async function openFormDesk(parts: CaseParts, db: Db, record: CaseRecord): Promise<FormDesk | undefined> {
  const found = formOf(record)
  if (!found) return undefined
  const more = await readMoreFacts(parts, db, record)
  if (!more.form) return undefined
  const today = parts.clock.today().toString()
  const leader = await findLeaderAtHand(db, record, { id: record.state.leaderId })
  const holders = await readHolders(db, record, today)
  const contacts = contactRoles(record.pack, holders)
  const facts = factsOf(record, { leader, entered: {}, contacts, today, more })
  const signposts = await readSignposts({ db, record })
  const receivers = receiversOf(record, found.form, holders)
  return { record, form: found.form, ...more.form, leader, facts, today, signposts, receivers }
}

/** Everybody once, whatever several roles they hold. */
function receiversOf({ pack }: CaseRecord, { destination }: Form, holders: readonly Holder[]): Receiver[] {
  const roles = pack.process?.parties[destination?.party ?? '']?.roles ?? []
  const found = holders.filter(({ role }) => roles.includes(role))
  return [...new Map(found.map(({ personId, name, email }) => [personId, { name, email }])).values()]
}

/** "Ana Weir, ana.weir@example.org" of everybody who gets the form; empty where nobody is named. */
export function receiversInWords({ receivers }: Pick<FormDesk, 'receivers'>): string {
  return receivers.map(({ name, email }) => `${name}, ${email}`).join('; ')
}

export function sectionOf({ form }: Pick<FormDesk, 'form'>, id: string): FormSection | undefined {
  return form.sections.find((one) => one.id === id)
}

/** Where the versions of a section are kept. */
export function placeOfSection({ stored, record }: FormDesk, section: FormSection) {
  return { formId: stored.id, section: section.id, leaderKey: leaderKeyOf(section, record.state.leaderId) }
}

/** The rows of a section's groups as the form stands. */
export function groupRowsOf({ form, stored, record }: FormDesk, section: FormSection): GroupRows {
  const entries = Object.entries(section.groups ?? {}).map(([name, group]) => [
    name,
    rowsOf(group, { form, stored, pack: record.pack }),
  ])
  return Object.fromEntries(entries)
}

export function partyActs({ record, leader, facts }: FormDesk, parties: readonly string[]): string[] {
  return parties.flatMap((party) => actKeys(record.pack, party, placeOf(record, leader), facts))
}

/** The role by which somebody acts for one of the parties; undefined when they may not. */
export function hatFor(desk: FormDesk, by: Actor, parties: readonly string[]): string | undefined {
  return findHat(by, partyActs(desk, parties))
}

export function mayWrite(desk: FormDesk, by: Actor, section: FormSection): boolean {
  return hatFor(desk, by, section.writers ?? []) !== undefined
}

/** Whether somebody may know what a section holds. A secret says who; for the others, seeing the case is enough. */
export function mayRead(desk: FormDesk, by: Actor, section: FormSection): boolean {
  return section.readers === undefined || hatFor(desk, by, section.readers) !== undefined
}

export function seesInFull(desk: FormDesk, by: Actor, section: FormSection): boolean {
  return section.full !== undefined && hatFor(desk, by, section.full) !== undefined
}

export function signatureOf({ form }: Pick<FormDesk, 'form'>, id: string): FormSignature | undefined {
  return form.signatures?.find((one) => one.id === id)
}

/** How a signature of the form stands today. */
export function stateOfSignature(desk: FormDesk, signature: FormSignature) {
  return signatureState(desk.stored, signature, digestOf(desk.form, desk.stored, signature, desk.claim))
}

/** What only others may do. */
export function foreignRefusal(
  { record }: Pick<FormDesk, 'record'>,
  what: string,
  parties: readonly string[],
): Refusal {
  const titles = parties.map((party) => record.pack.process?.parties[party]?.title ?? party)
  const whose = titles.length > 0 ? `Responsible: ${titles.join(', ')}` : 'Nobody fills it: it is made by the service'
  return { code: 'not-responsible', message: `${what} is not yours to do. ${whose}` }
}

/** An attempt to do what only others may is kept, though nothing came of it (TSI-062). */
export function auditForeign(
  { db }: Database,
  { reference, by, what }: { reference: string; by: Actor; what: string },
): Promise<void> {
  return db.transaction().execute((transaction) =>
    writeAudit(transaction, {
      actor: by,
      action: 'Attempt refused',
      record: 'case',
      recordKey: reference,
      new: { attempt: what },
    }),
  )
}
