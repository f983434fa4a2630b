import type { Actor } from '../platform/actor.ts'
import { type FormField, type FormSection, judgeCondition } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import { findOpen, findStep } from './case-state.ts'
import { type FormDesk, groupRowsOf, hatFor, mayRead, mayWrite, stateOfSignature } from './form-desk.ts'
import { outcomeWarnings, plannedOutcomes, signpostedOutcomes } from './form-outcomes.ts'
import { judgeSection } from './form-section.ts'
import {
  claimedOf,
  claimGiven,
  currentPlan,
  findSection,
  NO_ANSWERS,
  type SectionAnswers,
  type SectionState,
  type StoredForm,
  type StoredSection,
  sectionState,
} from './form-state.ts'
import { partyTitle } from './present-case.ts'

/** A section as a list of the form shows it: what, how it stands, who fills it. */
export type SectionLine = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly kind: FormSection['kind']
  readonly state: SectionState
  readonly writers: readonly string[]
  readonly mayWrite: boolean
  readonly savedOn: string | null
  readonly savedBy: string | null
}

/** The sections that somebody may know of, in their order. */
export function sectionLines(desk: FormDesk, by: Actor): SectionLine[] {
  return desk.form.sections
    .filter((section) => mayRead(desk, by, section))
    .map((section) => {
      const saved = findSection(desk.stored, section.id)
      return {
        id: section.id,
        number: section.number,
        title: section.title,
        kind: section.kind,
        state: sectionState(desk.form, desk.stored, section, desk.claim),
        writers: (section.writers ?? []).map((party) => partyTitle(desk.record, party)),
        mayWrite: mayWrite(desk, by, section),
        savedOn: saved?.savedOn ?? null,
        savedBy: saved?.savedBy ?? null,
      }
    })
}

/** A signature with how it stands, when it is due and whether this person gives it. */
export function signatureLines(desk: FormDesk, by: Actor) {
  return (desk.form.signatures ?? []).map((signature) => {
    const { state, row } = stateOfSignature(desk, signature)
    const open = findOpen(desk.record.state, signature.step)
    return {
      id: signature.id,
      title: signature.title,
      by: partyTitle(desk.record, signature.by),
      state,
      signedBy: row?.signedBy ?? null,
      signedOn: row?.signedOn ?? null,
      signedAt: row?.signedAt ?? null,
      voidedBy: row?.voidedBy ?? null,
      voidReason: row?.voidReason ?? null,
      dueOn: open?.dueOn ?? null,
      isAsked: open !== undefined,
      isMine: hatFor(desk, by, [signature.by]) !== undefined,
      mayAgain: signature.again !== undefined && state === 'void' && !open,
    }
  })
}

/** What a section holds, for those who may read it. A secret is never in it: see `showSecret`. */
export function sectionContent(desk: FormDesk, section: FormSection, saved?: StoredSection) {
  const { stored, form } = desk
  const shown = saved ?? findSection(stored, section.id)
  switch (section.kind) {
    case 'copies':
      return { copied: copiesOf(stored), copiedOn: stored.copies.on }
    case 'secret':
      return { held: shown !== undefined }
    case 'claim':
      return { ...contentOf(desk, section, shown?.answers), claim: claimContent(desk) }
    case 'confirm':
      return confirmContent(desk, section)
    case 'destination':
      return { receivers: desk.receivers, submissions: stored.submissions }
    case 'answers': {
      const plan =
        form.plan?.section === section.id || section.groups ? currentPlan(form, stored, desk.record.pack) : []
      return {
        ...contentOf(desk, section, shown?.answers),
        plan: plan.map(({ key, title }) => ({ id: key, title })),
        ...besideResults(desk, section),
      }
    }
  }
}

/** What a section still lacks, in words; nothing for one that the form does not have. */
export function missingIn(desk: FormDesk, sectionId: string): string[] {
  const section = desk.form.sections.find(({ id }) => id === sectionId)
  return section ? contentOf(desk, section, undefined).missing.map(({ message }) => message) : []
}

function contentOf(desk: FormDesk, section: FormSection, given: SectionAnswers | undefined) {
  const answers = given ?? blankAnswers(desk, section)
  const groupRows = groupRowsOf(desk, section)
  const rows = Object.fromEntries(Object.entries(groupRows).filter(([name]) => section.groups?.[name]?.rows !== 'free'))
  const judged = judgeSection(section, answers, {
    facts: desk.facts,
    groupRows,
    today: desk.today,
    given: claimGiven(desk.claim),
  })
  const missing = [...judged.invalid, ...judged.missing].map(({ message, field }) => ({
    message,
    field: field ?? null,
  }))
  return { answers, rowsOf: rows, missing, warnings: [...judged.warnings, ...outcomesLacking(desk, section)] }
}

/** What a section is warned of because the plan does not say what something is for. */
export function outcomesLacking({ form, stored, record, signposts }: FormDesk, { id }: FormSection): string[] {
  const outcomes = form.plan?.outcomes
  if (!outcomes || outcomes.warns !== id) return []
  const planned = plannedOutcomes(form, stored, record.pack)
  return outcomeWarnings(outcomes.say, [...planned, ...signpostedOutcomes(signposts)])
}

/** Whether a section says what came of the planned activities, so that what was planned belongs beside it. */
export function tellsResults({ form }: FormDesk, { id, groups = {} }: FormSection): boolean {
  const asks = form.plan?.outcomes?.section
  return asks !== undefined && asks !== id && Object.values(groups).some(({ rows }) => rows === 'activities')
}

/** What was planned of each activity and each programme named, for a section that says what came of it. */
function besideResults(desk: FormDesk, section: FormSection) {
  if (!tellsResults(desk, section)) return {}
  const planned = plannedOutcomes(desk.form, desk.stored, desk.record.pack)
  return { planned, programmes: signpostedOutcomes(desk.signposts) }
}

/** What a section holds before anybody wrote into it: what the case began for, and what the pack presets in its rows. */
export function blankAnswers(desk: FormDesk, section: FormSection): SectionAnswers {
  const rows = Object.entries(section.groups ?? {}).map(([name, { presets = [] }]) => {
    const held = presets.filter(({ when }) => judgeCondition(when, desk.facts) === 'met')
    return [name, Object.fromEntries(held.map(({ row, field, value }) => [row, { [field]: value }]))] as const
  })
  return {
    ...NO_ANSWERS,
    fields: prefilled(desk, section),
    rows: Object.fromEntries(rows.filter(([, preset]) => Object.keys(preset).length > 0)),
  }
}

function prefilled(desk: FormDesk, section: FormSection): Answers {
  return Object.fromEntries(
    Object.entries(section.fields ?? {}).flatMap(([name, field]) => {
      const value = field.prefill === 'basis' ? firstBasis(desk, field) : undefined
      return value ? [[name, value]] : []
    }),
  )
}

function firstBasis({ facts }: FormDesk, { options = [] }: FormField): string | undefined {
  return options.find(({ id }) => facts.basis(id))?.id
}

export function copiesOf({ copies, leaderKey }: StoredForm) {
  return [...copies.subject, ...(copies.leaders[String(leaderKey)] ?? [])]
}

export function claimContent({ form, stored, claim }: FormDesk) {
  const { halfDays, pounds } = claimedOf(form, stored, claim)
  return {
    claimableDays: claim.claimableHalfDays / 2,
    ratePounds: claim.ratePounds,
    days: halfDays / 2,
    amountPounds: pounds,
    lines: claim.lines,
  }
}

function confirmContent(desk: FormDesk, section: FormSection) {
  const step = findStep(desk.record.state, section.step ?? '')
  const last = desk.record.state.steps.findLast((one) => one.step === section.step && one.state === 'done')
  const outcomes = desk.record.pack.process?.flows?.[desk.record.flow]?.steps[section.step ?? '']?.outcomes ?? {}
  return {
    dueOn: step?.state === 'open' ? step.dueOn : null,
    isAsked: step?.state === 'open',
    answer: last && {
      outcome: last.outcome,
      title: outcomes[last.outcome]?.title ?? last.outcome,
      comment: Object.values({ ...last.fields, ...last.reasons }).join('. '),
      name: last.doneBy,
      date: last.doneOn,
      superseded: last.superseded,
    },
  }
}

/** The form for the API. */
export function formJson(desk: FormDesk, by: Actor) {
  const { record, form, stored } = desk
  return {
    reference: record.reference,
    form: stored.form,
    title: form.title,
    status: stored.status,
    returnedWords: stored.returnedWords,
    openedOn: stored.openedOn,
    leader: desk.leader?.reference ?? null,
    sections: sectionLines(desk, by),
    signatures: signatureLines(desk, by),
    plan: currentPlan(form, stored, record.pack).map(({ key, title, means }) => ({ id: key, title, means })),
    claim: claimContent(desk),
    receivers: desk.receivers,
    submissions: stored.submissions,
  }
}
