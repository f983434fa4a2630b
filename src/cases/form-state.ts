import { createHash } from 'node:crypto'
import type { Form, FormGroup, FormSection, FormSignature, Pack } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'

/** What a section holds: its fields, and by group the rows by key. */
export type SectionAnswers = {
  readonly fields: Answers
  readonly rows: Readonly<Record<string, Readonly<Record<string, Answers>>>>
}
export const NO_ANSWERS: SectionAnswers = { fields: {}, rows: {} }

/** Answers of a section by "field" and "group.row.field". */
export function flatAnswers({ fields, rows }: SectionAnswers): Answers {
  // What is sealed is stored without any.
  const flat = Object.entries(rows ?? {}).flatMap(([group, list]) =>
    Object.entries(list).flatMap(([row, answers]) =>
      Object.entries(answers).map(([name, value]) => [`${group}.${row}.${name}`, value] as const),
    ),
  )
  return { ...fields, ...Object.fromEntries(flat) }
}

/** The newest saving of a section. `tail` is what the one who entered a secret may see of it. */
export type StoredSection = {
  readonly section: string
  readonly version: number
  readonly state: 'draft' | 'complete'
  readonly answers: SectionAnswers
  readonly sealed: string | null
  readonly tail: string | null
  readonly savedAt: Date
  readonly savedOn: string
  readonly savedBy: string
}

export type StoredSignature = {
  readonly signature: string
  readonly digest: string
  readonly versions: Readonly<Record<string, number>>
  readonly signedOn: string
  readonly signedAt: Date
  readonly signedBy: string
  readonly signedAs: string
  readonly voidedAt: Date | null
  readonly voidedBy: string | null
  readonly voidReason: string | null
}

export type StoredSubmission = {
  readonly receipt: string
  readonly submittedAt: Date
  readonly submittedOn: string
  readonly submittedBy: string
  readonly dueOn: string | null
  readonly late: boolean
  readonly destination: string
  readonly returnedOn: string | null
  readonly returnWords: string | null
  readonly forwardedOn: string | null
}

/** One fact that was copied when the deployment began. */
export type Copy = { readonly title: string; readonly value: string }
export type FormCopies = {
  readonly on: string
  readonly subject: readonly Copy[]
  /** By leader: a successor's are added when that deployment begins. */
  readonly leaders: Readonly<Record<string, readonly Copy[]>>
}

/** A form as stored, with the sections and signatures of the leader who works on the case now. */
export type StoredForm = {
  readonly id: number
  readonly form: string
  readonly status: 'open' | 'returned' | 'submitted' | 'forwarded'
  readonly returnedWords: string | null
  readonly copies: FormCopies
  readonly openedOn: string
  readonly leaderKey: number
  readonly sections: readonly StoredSection[]
  readonly signatures: readonly StoredSignature[]
  readonly submissions: readonly StoredSubmission[]
}

/** What may be claimed: days in half days, the rate in pounds a day. `lines` explain it. */
export type ClaimFacts = {
  readonly claimableHalfDays: number
  readonly ratePounds: number
  readonly lines: readonly Copy[]
}

export type FormRow = { readonly key: string; readonly title: string }
export type SectionState = 'empty' | 'draft' | 'complete'

export function findSection(stored: StoredForm, section: string): StoredSection | undefined {
  return stored.sections.find((one) => one.section === section)
}

export function answersOf(stored: StoredForm, section: string): SectionAnswers {
  return findSection(stored, section)?.answers ?? NO_ANSWERS
}

/** The row under which a section is kept: the leader's own, or one for all. */
export function leaderKeyOf(section: FormSection, leaderId: number | null): number {
  return section.per === 'leader' ? (leaderId ?? 0) : 0
}

/** What a sealed section is bound to. */
export function secretAbout(formId: number, section: string, leaderKey: number): string {
  return `case_form ${formId} ${section} ${leaderKey}`
}

/** Areas of the plan as it stands: those chosen at first, then amended in the order of the amendments. */
export function currentPlan(form: Form, stored: StoredForm, pack: Pack): (FormRow & { means: readonly string[] })[] {
  const { plan } = form
  if (!plan) return []
  const first = answersOf(stored, plan.section).rows[plan.group] ?? {}
  const chosen = new Map<string, readonly string[]>()
  for (const [area, row] of Object.entries(first))
    if (row[plan.chosen] === 'yes') chosen.set(area, listOf(row[plan.means]))
  const { amended } = plan
  for (const row of Object.values(answersOf(stored, amended.section).rows[amended.group] ?? {})) {
    const area = String(row[amended.area] ?? '')
    if (row[amended.kind] === amended.removes) chosen.delete(area)
    else if (area && (row[amended.kind] === amended.adds || row[amended.kind] === amended.changes))
      chosen.set(area, listOf(row[amended.means]))
  }
  return (pack['focus-areas']?.areas ?? [])
    .filter(({ id }) => chosen.has(id))
    .map(({ id, name }) => ({ key: id, title: name, means: chosen.get(id) ?? [] }))
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}

/** Each way of support for each area is one planned activity. */
export function planAsActivities(form: Form, stored: StoredForm, pack: Pack): FormRow[] {
  const { plan } = form
  const group = form.sections.find(({ id }) => id === plan?.section)?.groups?.[plan?.group ?? '']
  const options = group?.fields[plan?.means ?? '']?.options ?? []
  return currentPlan(form, stored, pack).flatMap((area) =>
    area.means.map((means) => ({
      key: `${area.key}-${means}`,
      title: `${area.title}: ${options.find(({ id }) => id === means)?.title ?? means}`,
    })),
  )
}

/** The rows that a group has, but for the free ones, which are as many as were typed. */
export function rowsOf(
  group: FormGroup,
  { form, stored, pack }: { form: Form; stored: StoredForm; pack: Pack },
): readonly FormRow[] {
  switch (group.rows) {
    case 'areas':
      return (pack['focus-areas']?.areas ?? []).map(({ id, name }) => ({ key: id, title: name }))
    case 'plan':
      return currentPlan(form, stored, pack)
    case 'activities':
      return planAsActivities(form, stored, pack)
    case 'list':
      return (form.lists?.[group.list ?? ''] ?? []).map(({ id, title }) => ({ key: id, title }))
    case 'free':
      return []
  }
}

/** How a signature stands: `void` when anything that it covers is no longer what was signed. */
export function signatureState(
  stored: StoredForm,
  signature: FormSignature,
  digest: string,
): { state: 'none' | 'void' | 'valid'; row: StoredSignature | undefined } {
  const rows = stored.signatures.filter((one) => one.signature === signature.id)
  const live = rows.find((one) => one.voidedAt === null)
  if (live) return { state: live.digest === digest ? 'valid' : 'void', row: live }
  const last = rows.at(-1)
  return { state: last ? 'void' : 'none', row: last }
}

/** The digest of all that a signature covers, as it is now; `claim` because days and amount are counted and not typed. */
export function digestOf(form: Form, stored: StoredForm, signature: FormSignature, claim: ClaimFacts): string {
  const content = signature.covers.map((id) => {
    const section = form.sections.find((one) => one.id === id)
    if (section?.kind === 'copies') return [id, stored.copies]
    return [id, answersOf(stored, id), section?.kind === 'claim' ? [claim.claimableHalfDays, claim.ratePounds] : null]
  })
  const also = (signature.also ?? []).map((id) => [id, findSection(stored, id)?.version ?? 0])
  return createHash('sha256')
    .update(JSON.stringify([content, also]))
    .digest('hex')
}

/** What is claimed, in half days and pounds: all that may be, or as few days as the leader entered. */
export function claimedOf(form: Form, stored: StoredForm, claim: ClaimFacts): { halfDays: number; pounds: number } {
  const section = form.sections.find(({ kind }) => kind === 'claim')
  const field = Object.entries(section?.fields ?? {}).find(([, { type }]) => type === 'days')?.[0] ?? ''
  const given = section ? answersOf(stored, section.id).fields[field] : undefined
  const halfDays = given
    ? Math.min(Math.round(Number(given) * 2), claim.claimableHalfDays)
    : section
      ? claim.claimableHalfDays
      : 0
  return { halfDays, pounds: (halfDays * claim.ratePounds) / 2 }
}

/** What checks of a claim may ask beside what is typed: the most days, and the same with its amount, "10 (£6,000)". */
export function claimGiven({ claimableHalfDays, ratePounds }: ClaimFacts): Answers {
  const days = String(claimableHalfDays / 2)
  return { claimable: days, most: `${days} (£${((claimableHalfDays * ratePounds) / 2).toLocaleString('en-GB')})` }
}

/** Empty, draft or complete; what nobody fills is complete by itself, or by its signature or receipt. */
export function sectionState(form: Form, stored: StoredForm, section: FormSection, claim: ClaimFacts): SectionState {
  switch (section.kind) {
    case 'copies':
      return 'complete'
    case 'confirm': {
      const signature = form.signatures?.find(({ step }) => step === section.step)
      const valid =
        signature && signatureState(stored, signature, digestOf(form, stored, signature, claim)).state === 'valid'
      return valid ? 'complete' : 'empty'
    }
    case 'destination':
      return stored.status === 'submitted' || stored.status === 'forwarded' ? 'complete' : 'empty'
    default:
      return findSection(stored, section.id)?.state ?? 'empty'
  }
}
