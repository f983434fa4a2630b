import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { FormSection } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { findCase, insertNotice } from './case-store.ts'
import {
  auditForeign,
  type FormDesk,
  foreignRefusal,
  groupRowsOf,
  mayWrite,
  NO_FORM,
  openFormDesk,
  partyActs,
  sectionOf,
} from './form-desk.ts'
import { judgeSection, partOf, type SectionJudgement, typedSection, unknownIn } from './form-section.ts'
import {
  answersOf,
  claimGiven,
  findSection,
  flatAnswers,
  leaderKeyOf,
  type SectionAnswers,
  secretAbout,
} from './form-state.ts'
import { insertSection } from './form-store.ts'
import { signaturesOver, voidSignatures } from './form-void.ts'
import { NO_CASE, runStep } from './run-step.ts'
import { findHat } from './who-acts.ts'

/** A section as a door sends it. `version` is the one that was read before, 0 for a section that was empty; null does not ask. */
export type SectionAsk = {
  readonly reference: string
  readonly section: string
  readonly body: Readonly<Record<string, unknown>>
  readonly complete: boolean
  readonly version: number | null
  readonly by: Actor
  readonly submission?: string | undefined
  /** Where the answers come from, for the audit, when they were not typed at a page or sent by a program. */
  readonly from?: string
}

/** How it was saved. `missing` is why it stays a draft though its completion was asked for. */
export type SectionSaved = {
  readonly section: string
  readonly state: 'draft' | 'complete'
  readonly version: number
  readonly missing: Refusal[]
  readonly warnings: string[]
  readonly voided: string[]
}

/**
 * Saves a section as a draft or as complete. What is missing keeps it a draft, and what was typed is kept all the same. Refuses
 * what is wrong (`field.…`, `check.…`), `moved-on` when somebody else saved meanwhile, and `not-responsible`, which is audited.
 * A step of the case that waits for this section ends with its completion.
 */
export async function saveSection(parts: CaseParts, ask: SectionAsk): Promise<Decision<SectionSaved>> {
  const decision = await allOrNothing(parts.database.db, (db) =>
    submitOnce(db, ask.submission, () => saveWithin(parts, db, ask)),
  )
  if (!decision.ok && decision.refusals.some(({ code }) => code === 'not-responsible'))
    await auditForeign(parts.database, { reference: ask.reference, by: ask.by, what: `Write section ${ask.section}` })
  if (decision.ok && decision.value.state === 'complete') await endStepOf(parts, ask)
  return decision
}

/** Saves a section within a transaction of the caller's, by the same rules. What follows a completion is the caller's to begin. */
export async function saveWithin(parts: CaseParts, db: Db, ask: SectionAsk): Promise<Decision<SectionSaved>> {
  const record = await findCase(db, ask.reference, true)
  if (!record) return refuse(NO_CASE)
  const desk = await openFormDesk(parts, db, record)
  if (!desk) return refuse(NO_FORM)
  const section = sectionOf(desk, ask.section)
  if (!section) return refuse({ code: 'section.unknown', message: `The form has no section ${ask.section}` })
  const stopped = stoppedBy(desk, section, ask)
  return stopped ? refuse(stopped) : saveInto(parts, db, { desk, section, ask })
}

/** Who may, whether the form can be written at all, and whether it moved on: in this order. */
export function stoppedBy(
  desk: FormDesk,
  section: FormSection,
  { by, version }: Pick<SectionAsk, 'by' | 'version'>,
): Refusal | undefined {
  if (!mayWrite(desk, by, section))
    return foreignRefusal(desk, `Section ${section.number}, ${section.title}`, section.writers ?? [])
  const { status } = desk.stored
  if (status === 'submitted' || status === 'forwarded')
    return { code: 'form.handed-in', message: 'The form is handed in; it can be changed when it is returned' }
  const now = findSection(desk.stored, section.id)
  if (version === null || version === (now?.version ?? 0)) return undefined
  return {
    code: 'moved-on',
    message: `${now?.savedBy ?? 'Somebody'} saved this section while you were working on it; what you typed is still here`,
  }
}

type Saving = { desk: FormDesk; section: FormSection; ask: SectionAsk }

async function saveInto(parts: CaseParts, db: Db, saving: Saving): Promise<Decision<SectionSaved>> {
  const { desk, section, ask } = saving
  const groupRows = groupRowsOf(desk, section)
  const typed = typedSection(section, groupRows, ask.body)
  const given = claimGiven(desk.claim)
  const judged = judgeSection(section, typed, { facts: desk.facts, groupRows, today: desk.today, given })
  const wrongAmount =
    section.kind === 'claim'
      ? (addedRefusal(section, ask.body) ?? amountRefusal(desk, judged.answers, ask.body))
      : undefined
  const isSecret = section.kind === 'secret'
  const unknown = section.kind === 'claim' ? [] : unknownIn(section, ask.body)
  const wrong = [
    ...unknown,
    ...judged.invalid,
    ...(wrongAmount ? [wrongAmount] : []),
    ...(isSecret ? judged.missing : []),
  ]
  if (wrong.length > 0) return refuse(...wrong, ...(ask.complete && !isSecret ? judged.missing : []))
  return isSecret ? saveSecret(parts, db, saving, judged) : saveAnswers(db, saving, judged)
}

/** What a claim section may be sent with beside its own fields. */
const OF_A_CLAIM = new Set(['amount', 'complete', 'fields', 'go', 'rows', 'submission', 'version'])

/** A claim is days at the rate and nothing else: another line, such as expenses or VAT, is refused and not dropped (TSI-197). */
function addedRefusal(section: FormSection, body: SectionAsk['body']): Refusal | undefined {
  const own = (name: string) => name in (section.fields ?? {})
  const { fields, rows } = body
  const inside = [fields, rows].flatMap((part) => Object.keys(partOf(part) ?? {}))
  const sent = [...Object.keys(body), ...inside.filter((name) => name !== 'amount')].filter(
    (name) => !OF_A_CLAIM.has(name),
  )
  const added = sent.find((name) => !own(name))
  if (added === undefined) return undefined
  return {
    code: 'claim.all-in',
    message: `The rate includes VAT and expenses: a claim has no line "${added}"`,
    field: added,
  }
}

/** The amount is worked out and never typed; whoever sends one must send the right one (TSI-141). */
function amountRefusal({ claim }: FormDesk, { fields }: SectionAnswers, body: SectionAsk['body']): Refusal | undefined {
  const sent = body['amount'] ?? partOf(body['fields'])?.['amount'] ?? ''
  if (sent === '') return undefined
  const days = fields['days'] ? Number(fields['days']) : claim.claimableHalfDays / 2
  const amount = days * claim.ratePounds
  if (Number(sent) === amount) return undefined
  return {
    code: 'amount.mismatch',
    message: `${days} days at £${claim.ratePounds} are £${amount}, not £${String(sent)}`,
    field: 'amount',
  }
}

async function saveAnswers(
  db: Db,
  { desk, section, ask }: Saving,
  { answers, missing, warnings }: SectionJudgement,
): Promise<Decision<SectionSaved>> {
  const now = findSection(desk.stored, section.id)
  const before = answersOf(desk.stored, section.id)
  const state = ask.complete && missing.length === 0 ? 'complete' : 'draft'
  const changed = changesBetween(before, answers)
  const isSame = now !== undefined && Object.keys(changed.new).length === 0
  if (isSame && (now.state === state || (now.state === 'complete' && !ask.complete)))
    return accept({ section: section.id, state: now.state, version: now.version, missing, warnings, voided: [] })
  const version = (now?.version ?? 0) + 1
  await store(db, { desk, section, ask }, { version, state, answers, sealed: null, tail: null })
  await writeAudit(db, {
    actor: ask.by,
    action: `Section ${section.number} ${state === 'complete' ? 'completed' : 'saved'}`,
    record: 'case',
    recordKey: desk.record.reference,
    ...changed,
    ...(ask.from && { reason: ask.from }),
  })
  const voided = isSame ? [] : await voidOver(db, { desk, section, ask }, Object.keys(changed.new))
  if (state === 'complete' && now?.state !== 'complete') await tellOf(db, desk, section)
  return accept({ section: section.id, state, version, missing: ask.complete ? missing : [], warnings, voided })
}

const TAIL = 3

async function saveSecret(
  { secrets }: CaseParts,
  db: Db,
  { desk, section, ask }: Saving,
  { answers }: SectionJudgement,
): Promise<Decision<SectionSaved>> {
  if (!secrets)
    return refuse({ code: 'secret.no-key', message: 'This installation has no key, so it keeps no bank details' })
  const { stored } = desk
  const version = (findSection(stored, section.id)?.version ?? 0) + 1
  const sealed = secrets.seal(JSON.stringify(answers.fields), secretAbout(stored.id, section.id, stored.leaderKey))
  // The last of its numbers in digits is the one that its owner knows it by.
  const last = Object.entries(section.fields ?? {}).findLast(([, field]) => field.digits)?.[0] ?? ''
  const tail = String(answers.fields[last] ?? '').slice(-TAIL)
  await store(db, { desk, section, ask }, { version, state: 'complete', answers: {}, sealed, tail })
  await writeAudit(db, {
    actor: ask.by,
    action: `Section ${section.number} saved`,
    record: 'case',
    recordKey: desk.record.reference,
    new: { kept: 'encrypted' },
  })
  const voided = await voidOver(db, { desk, section, ask }, [])
  return accept({ section: section.id, state: 'complete', version, missing: [], warnings: [], voided })
}

type Version = Pick<Parameters<typeof insertSection>[1], 'version' | 'state' | 'answers' | 'sealed' | 'tail'>

function store(db: Db, { desk, section, ask }: Saving, version: Version): Promise<void> {
  return insertSection(db, {
    ...version,
    formId: desk.stored.id,
    section: section.id,
    leaderKey: leaderKeyOf(section, desk.record.state.leaderId),
    on: desk.today,
    by: ask.by,
  })
}

function voidOver(db: Db, { desk, section, ask }: Saving, fields: readonly string[]): Promise<string[]> {
  const what = fields.length > 0 ? `: ${fields.join(', ')}` : ''
  return voidSignatures(db, desk, {
    signatures: signaturesOver(desk.form.signatures ?? [], section.id),
    section: section.id,
    by: ask.by,
    reason: `${ask.by.name} changed section ${section.number}${what}`,
  })
}

async function tellOf(db: Db, desk: FormDesk, section: FormSection): Promise<void> {
  for (const party of section.tell ?? [])
    await insertNotice(db, {
      caseId: desk.record.id,
      party,
      acts: partyActs(desk, [party]),
      words: `Section ${section.number}, ${section.title}, is complete`,
      on: desk.today,
    })
}

/** Old and new of every field that differs, by "group.row.field". */
export function changesBetween(before: SectionAnswers, after: SectionAnswers) {
  const [old, now] = [flatAnswers(before), flatAnswers(after)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]),
  )
  return {
    old: Object.fromEntries(names.flatMap((name) => (old[name] === undefined ? [] : [[name, old[name]]]))),
    new: Object.fromEntries(names.map((name) => [name, now[name] ?? null])),
  }
}

/** The step of the case that this section is for, where it is open and theirs. Its own checks may still keep it open. */
export async function endStepOf(
  parts: CaseParts,
  { reference, section, by }: Pick<SectionAsk, 'reference' | 'section' | 'by'>,
): Promise<void> {
  const record = await findCase(parts.database.db, reference)
  const desk = record && (await openFormDesk(parts, parts.database.db, record))
  if (!record || !desk) return
  const steps = record.pack.process?.flows?.[record.flow]?.steps ?? {}
  const waiting = record.state.steps.find((one) => one.state === 'open' && steps[one.step]?.section === section)
  const owner = waiting && steps[waiting.step]?.owner
  if (!waiting || typeof owner !== 'string' || !findHat(by, partyActs(desk, [owner]))) return
  await runStep(parts, { reference, step: waiting.step, body: {}, by })
}
