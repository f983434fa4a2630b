import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { StudyRules } from '../programmes/index.ts'

export type StudyState = 'draft' | 'published' | 'withdrawn'

/** A school or trust that a study is about, with the case of its support where one is linked. */
export type StudySubject = {
  readonly id: number
  /** "urn:900001" or "trust:T-01": who agrees to the study, however many of its cases are linked. */
  readonly key: string
  readonly name: string
  readonly urn: number | null
  readonly trust: string | null
  readonly region: string | null
  readonly caseId: number | null
  readonly caseReference: string | null
  readonly caseStage: string | null
}

export type StudySupporter = {
  readonly id: number
  readonly leader: string | null
  readonly name: string
  readonly organisation: string | null
}

/** What came of the support, with its day. `judged` is the URN of the school where the entry is a judgement of it. */
export type StudyEntry = {
  readonly id: number
  readonly section: string
  readonly on: string
  readonly words: string
  readonly judged: number | null
  readonly source: string | null
}

export type StudyApproval = {
  readonly textVersion: number
  readonly on: string
  readonly by: string
  readonly as: string | null
}

export type StudyConsent = {
  readonly textVersion: number
  readonly key: string
  readonly answer: 'yes' | 'no'
  readonly givenBy: string
  readonly givenOn: string
  readonly way: string
  readonly recordedOn: string
  readonly recordedBy: string
}

/** A case study as stored; approvals and consents newest first. Days are ISO. */
export type Study = {
  readonly id: number
  readonly reference: string
  readonly programme: string
  readonly edition: string
  readonly title: string
  readonly state: StudyState
  readonly version: number
  readonly textVersion: number
  readonly startedOn: string
  readonly startedBy: string
  readonly publishedOn: string | null
  readonly publishedBy: string | null
  readonly withdrawnOn: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
  /** Texts by section. */
  readonly texts: Readonly<Record<string, string>>
  readonly subjects: readonly StudySubject[]
  readonly supporters: readonly StudySupporter[]
  readonly entries: readonly StudyEntry[]
  readonly approvals: readonly StudyApproval[]
  readonly consents: readonly StudyConsent[]
}

export const TITLE_LENGTH = 200
export const TEXT_LENGTH = 10_000
export const ENTRY_LENGTH = 500

export const PUBLISHED: Refusal = {
  code: 'study.published',
  message: 'This case study is published, so it does not change. Withdraw it first',
}
export const MOVED_ON: Refusal = {
  code: 'moved-on',
  message: 'Somebody else changed this case study since you opened it',
}

/** The texts of a study as somebody typed them; a section that is not there keeps its text. `version` is the one they opened. */
export type TypedText = {
  readonly title: string
  readonly texts: Readonly<Record<string, string>>
  readonly version: number | null
}

/** Saves what was typed as it is; a draft may be incomplete (TSI-146). */
export function decideText(study: Study, rules: StudyRules, typed: TypedText): Decision<Omit<TypedText, 'version'>> {
  if (study.state === 'published') return refuse(PUBLISHED)
  if (typed.version !== study.version) return refuse(MOVED_ON)
  const known = new Map(rules.sections.map(({ id, title }) => [id, title]))
  const refusals = [
    ...titleRefusals(typed.title),
    ...Object.entries(typed.texts).flatMap(([id, words]): Refusal[] => {
      const title = known.get(id)
      if (title === undefined)
        return [{ code: 'section.unknown', message: `A case study of this programme has no section ${id}`, field: id }]
      if (words.length <= TEXT_LENGTH) return []
      const most = TEXT_LENGTH.toLocaleString('en-GB')
      return [{ code: 'section.too-long', message: `${title}: at most ${most} characters`, field: `text-${id}` }]
    }),
  ]
  return refusals.length > 0 ? refuse(...refusals) : accept({ title: typed.title, texts: typed.texts })
}

export function titleRefusals(title: string): Refusal[] {
  if (!title) return [{ code: 'title.missing', message: 'Enter a title', field: 'title' }]
  if (title.length <= TITLE_LENGTH) return []
  return [{ code: 'title.too-long', message: `The title has at most ${TITLE_LENGTH} characters`, field: 'title' }]
}

/** Sections that must not be empty and are, in the order of the pack. Dated entries fill the section that they stand in. */
export function emptySections({ texts, entries }: Pick<Study, 'texts' | 'entries'>, rules: StudyRules) {
  return rules.sections.filter(
    ({ id, required }) => required && !texts[id]?.trim() && !entries.some(({ section }) => section === id),
  )
}

/** `void`: it was of another text than the one that stands now. */
export type Standing<T> = { readonly state: 'none' | 'void' | 'valid'; readonly last: T | undefined }

export function approvalOf({ approvals, textVersion }: Study, rules: StudyRules): Standing<StudyApproval> {
  return standingOf(approvals[0], textVersion, rules.approval?.['void-on'])
}

/** What a school or trust last said. */
export function consentOf({ consents, textVersion }: Study, rules: StudyRules, key: string): Standing<StudyConsent> {
  const last = consents.find((one) => one.key === key)
  return standingOf(last, textVersion, rules.consent?.['void-on'])
}

function standingOf<T extends { readonly textVersion: number }>(
  last: T | undefined,
  textVersion: number,
  voidOn: 'change' | undefined,
): Standing<T> {
  if (!last) return { state: 'none', last }
  return { state: voidOn === 'change' && last.textVersion !== textVersion ? 'void' : 'valid', last }
}

/** Each school or trust once. */
export function subjectsOnce({ subjects }: Pick<Study, 'subjects'>): readonly StudySubject[] {
  return [...new Map(subjects.map((one) => [one.key, one])).values()]
}

/**
 * Publishes, or refuses with everything that is missing: each empty section by its name (TSI-146), the approval, and the consent
 * of each school or trust (TSI-149). `approvers` says in words who approves.
 */
export function decidePublish(study: Study, rules: StudyRules, approvers: string): Decision<void> {
  if (study.state === 'published') return refuse({ code: 'study.published', message: 'This case study is published' })
  const refusals = missingToPublish(study, rules, approvers)
  return refusals.length > 0 ? refuse(...refusals) : accept(undefined)
}

/** Everything that is missing before a study is published; none when it can be. */
export function missingToPublish(study: Study, rules: StudyRules, approvers: string): Refusal[] {
  return [
    ...emptySections(study, rules).map(({ id, title }) => ({
      code: 'section.empty',
      message: `“${title}” is empty`,
      field: `text-${id}`,
    })),
    ...(rules.approval ? approvalRefusals(approvalOf(study, rules), approvers) : []),
    ...(rules.consent
      ? subjectsOnce(study).flatMap(({ key, name }) => consentRefusals(consentOf(study, rules, key), name))
      : []),
  ]
}

function approvalRefusals({ state }: Standing<StudyApproval>, approvers: string): Refusal[] {
  if (state === 'valid') return []
  const message =
    state === 'void'
      ? `It was changed after it was approved. To approve it again: ${approvers}`
      : `It is not approved yet. To approve it: ${approvers}`
  return [{ code: `approval.${state === 'void' ? 'void' : 'missing'}`, message, field: 'approval' }]
}

function consentRefusals({ state, last }: Standing<StudyConsent>, name: string): Refusal[] {
  const field = 'consents'
  if (last?.answer === 'no') return [{ code: 'consent.refused', message: `${name} does not agree to it`, field }]
  if (state === 'void')
    return [{ code: 'consent.void', message: `It was changed after ${name} agreed; ask for consent again`, field }]
  return state === 'none' ? [{ code: 'consent.missing', message: `The consent of ${name} is not recorded`, field }] : []
}

export function decideWithdraw(study: Study, reason: string): Decision<string> {
  if (study.state !== 'published')
    return refuse({ code: 'study.not-published', message: 'Only a published case study can be withdrawn' })
  if (!reason) return refuse({ code: 'reason.missing', message: 'Say why it is withdrawn', field: 'reason' })
  return accept(reason)
}

export function decideApprove(study: Study, rules: StudyRules): Decision<void> {
  if (study.state === 'published') return refuse(PUBLISHED)
  if (!rules.approval) return refuse({ code: 'approval.not-asked', message: 'This programme asks for no approval' })
  if (approvalOf(study, rules).state === 'valid')
    return refuse({ code: 'approval.there', message: 'It is approved already as it stands' })
  return accept(undefined)
}

/** A consent as it was given: by whom, when and how; `today` in ISO. */
export type TypedConsent = {
  readonly subject: string
  readonly answer: string
  readonly givenBy: string
  /** Null when nothing was typed, undefined when what was typed is no date. */
  readonly givenOn: string | null | undefined
  readonly way: string
}

export type AcceptedConsent = Pick<StudyConsent, 'key' | 'answer' | 'givenBy' | 'givenOn' | 'way'>

export function decideConsent(
  study: Study,
  rules: StudyRules,
  typed: TypedConsent,
  today: string,
): Decision<AcceptedConsent> {
  const { consent } = rules
  if (study.state === 'published') return refuse(PUBLISHED)
  if (!consent) return refuse({ code: 'consent.not-asked', message: 'This programme asks for no consent' })
  const subject = study.subjects.find(({ key, urn, trust }) => [key, String(urn), trust].includes(typed.subject))
  const way = consent.ways.find(({ id }) => id === typed.way)
  const answer = typed.answer === 'yes' || typed.answer === 'no' ? typed.answer : undefined
  const { givenOn } = typed
  const refusals: Refusal[] = [
    ...(subject
      ? []
      : [{ code: 'subject.missing', message: 'Choose a school or trust of this study', field: 'subject' }]),
    ...(answer
      ? []
      : [{ code: 'answer.missing', message: 'Choose whether they agree', field: 'answer', allowed: ['yes', 'no'] }]),
    ...(typed.givenBy ? [] : [{ code: 'given-by.missing', message: 'Enter who said so', field: 'givenBy' }]),
    ...(way
      ? []
      : [
          {
            code: 'way.missing',
            message: 'Choose how they said so',
            field: 'way',
            allowed: consent.ways.map(({ id }) => id),
          },
        ]),
    ...dayRefusals(givenOn, today, 'givenOn'),
  ]
  if (!subject || !way || !answer || !givenOn || refusals.length > 0) return refuse(...refusals)
  return accept({ key: subject.key, answer, givenBy: typed.givenBy, givenOn, way: way.id })
}

/** A day that must be there and lie in the past or be today. */
export function dayRefusals(on: string | null | undefined, today: string, field: string): Refusal[] {
  if (on === null) return [{ code: 'date.missing', message: 'Enter a date', field }]
  if (on === undefined) return [{ code: 'date.wrong', message: 'Enter a date that there is', field }]
  return on > today ? [{ code: 'date.future', message: 'The date is in the future', field }] : []
}

export type TypedEntry = { readonly section: string; readonly on: string | null | undefined; readonly words: string }

export function decideEntry(
  study: Study,
  rules: StudyRules,
  typed: TypedEntry,
  today: string,
): Decision<{ section: string; on: string; words: string }> {
  if (study.state === 'published') return refuse(PUBLISHED)
  const section = rules.sections.find(({ id, entries }) => id === typed.section && entries)
  const refusals: Refusal[] = [
    ...(section
      ? []
      : [{ code: 'section.no-entries', message: 'This section has no dated entries', field: 'section' }]),
    ...dayRefusals(typed.on, today, 'on'),
    ...(typed.words ? [] : [{ code: 'words.missing', message: 'Say what is different', field: 'words' }]),
    ...(typed.words.length > ENTRY_LENGTH
      ? [{ code: 'words.too-long', message: `At most ${ENTRY_LENGTH} characters`, field: 'words' }]
      : []),
  ]
  if (!section || !typed.on || refusals.length > 0) return refuse(...refusals)
  return accept({ section: section.id, on: typed.on, words: typed.words })
}

/** What is to be linked: a case with its school or trust, or a school or trust alone. */
export type NewSubject = Pick<StudySubject, 'key' | 'caseId' | 'name'>

export function decideLink(study: Study, subject: NewSubject): Decision<void> {
  if (study.state === 'published') return refuse(PUBLISHED)
  const twice = study.subjects.some(
    (one) => one.key === subject.key && (subject.caseId === null || one.caseId === subject.caseId),
  )
  if (twice) return refuse({ code: 'subject.twice', message: `${subject.name} is linked already`, field: 'subject' })
  return accept(undefined)
}

/** A study is always about a case: who sees its draft follows from that. */
export function decideUnlink(study: Study, id: number): Decision<StudySubject> {
  if (study.state === 'published') return refuse(PUBLISHED)
  const subject = study.subjects.find((one) => one.id === id)
  if (!subject) return refuse({ code: 'subject.unknown', message: 'It is not linked to this case study' })
  const cases = study.subjects.filter(({ caseId }) => caseId !== null)
  if (subject.caseId !== null && cases.length === 1)
    return refuse({
      code: 'study.last-case',
      message: 'A case study is about at least one case. Link another before you take this one away',
    })
  return accept(subject)
}

/** Whether a case is not far enough yet to be written about; one at a stage that the order does not have is taken as early. */
export function isEarly(stages: readonly string[], stage: string | null, fineFrom: string): boolean {
  return stage !== null && stages.indexOf(stage) < stages.indexOf(fineFrom)
}

/** A leader by reference, or somebody named with an organisation; what is not typed is empty. */
export type TypedSupporter = { readonly leader: string; readonly name: string; readonly organisation: string }
export type AcceptedSupporter = {
  readonly leaderId: number | null
  readonly name: string | null
  readonly organisation: string | null
  /** What the person is called, and the field that named them. */
  readonly shown: string
  readonly field: string
}

/** `leader` is the one that the reference names; undefined where there is none that the asker may name. */
export function decideSupporter(
  study: Study,
  typed: TypedSupporter,
  leader: { readonly id: number; readonly name: string } | undefined,
): Decision<AcceptedSupporter> {
  if (study.state === 'published') return refuse(PUBLISHED)
  if (leader)
    return accept({ leaderId: leader.id, name: null, organisation: null, shown: leader.name, field: 'leader' })
  if (typed.leader)
    return refuse({
      code: 'leader.unknown',
      message: `There is no leader ${typed.leader} that you may see`,
      field: 'leader',
    })
  const { name, organisation } = typed
  if (!name) return refuse({ code: 'name.missing', message: 'Enter the number of a leader, or a name', field: 'name' })
  if (!organisation)
    return refuse({ code: 'organisation.missing', message: 'Enter the organisation', field: 'organisation' })
  return accept({ leaderId: null, name, organisation, shown: name, field: 'name' })
}
