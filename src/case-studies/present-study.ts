import { countOf, longDate } from '../platform/words.ts'
import { offeredJudgements } from './change-study.ts'
import { warningsOf } from './link-study.ts'
import { mayRecord } from './publish-study.ts'
import { textParts } from './story-text.ts'
import {
  approvalOf,
  consentOf,
  missingToPublish,
  type Study,
  type StudyState,
  type StudySubject,
  subjectsOnce,
} from './study.ts'
import { partyTitles, type StudyDesk } from './study-desk.ts'

export function studyHref(reference: string, part = ''): string {
  return `/case-studies/${encodeURIComponent(reference)}${part}`
}

export const STATES: Readonly<Record<StudyState, { readonly text: string; readonly tag: string }>> = {
  draft: { text: 'Draft', tag: 'blue' },
  published: { text: 'Published', tag: 'green' },
  withdrawn: { text: 'Withdrawn', tag: 'orange' },
}

type StateDays = Pick<Study, 'state' | 'publishedOn' | 'startedOn' | 'withdrawnOn'>

/** Since when it stands as it does, beside a tag that says how. */
export function sinceInWords({ state, publishedOn, startedOn, withdrawnOn }: StateDays): string {
  if (state === 'published') return `Published on ${longDate(publishedOn)}`
  return state === 'withdrawn' ? `Withdrawn on ${longDate(withdrawnOn)}` : `Begun on ${longDate(startedOn)}`
}

/** The same beside a tag that names the state. */
function besideTag({ state, publishedOn, publishedBy, withdrawnOn, withdrawnBy, startedOn, startedBy }: Study): string {
  if (state === 'published') return `Since ${longDate(publishedOn)}, by ${publishedBy}`
  return state === 'withdrawn'
    ? `Since ${longDate(withdrawnOn)}, by ${withdrawnBy}`
    : `Begun on ${longDate(startedOn)} by ${startedBy}`
}

export function stateInWords(study: StateDays): string {
  return study.state === 'draft' ? `${STATES.draft.text}, begun on ${longDate(study.startedOn)}` : sinceInWords(study)
}

export type StudyTab = '' | '/edit' | '/entries' | '/about' | '/publishing' | '/history'

const DONE: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  changed: 'Done. It stands in the history of the case study.',
  published: 'The case study is published.',
  withdrawn: 'The case study is withdrawn.',
}

/** The head of every page of a study: its tabs are for those who see its draft. */
export function studyFrame(desk: StudyDesk, tab: StudyTab, done: string | null = null) {
  const { study, pack, isInside, rules } = desk
  const { reference } = study
  const tabs: readonly { text: string; part: StudyTab }[] = [
    { text: 'Case study', part: '' },
    { text: 'Write', part: '/edit' },
    ...(rules.sections.some(({ entries }) => entries) ? [{ text: 'Dated results', part: '/entries' } as const] : []),
    { text: 'Schools and supporters', part: '/about' },
    { text: 'Approval and publishing', part: '/publishing' },
    { text: 'History', part: '/history' },
  ]
  const name = tabs.find(({ part }) => part === tab)?.text
  return {
    title: tab === '' ? study.title : `${study.title}: ${name}`,
    heading: study.title,
    caption: `Case study ${reference} · ${pack.title}`,
    section: 'case-studies',
    breadcrumbs: [{ text: 'Case studies', href: '/case-studies' }, { text: reference }],
    href: studyHref(reference),
    state: { ...STATES[study.state], words: isInside ? besideTag(study) : sinceInWords(study) },
    withdrawnReason: study.withdrawnReason,
    tabs: isInside
      ? tabs.map(({ text, part }) => ({ text, href: studyHref(reference, part), active: part === tab }))
      : [],
    isPublished: study.state === 'published',
    mayWrite: desk.isOf(rules.write.by),
    writers: partyTitles(pack, rules.write.by),
    message: DONE[done ?? ''] ?? null,
    warnings: isInside ? warningsOf(desk, study.subjects) : [],
  }
}

/** The study as readers see it: the headings in the order of the pack, and what it rests on. */
export function presentStudy(desk: StudyDesk) {
  const { study, rules } = desk
  return {
    facts: [
      { title: study.subjects.length > 1 ? 'Schools' : 'School or trust', lines: subjectsOnce(study).map(subjectLine) },
      { title: 'Region', lines: regionsOf(study).map((text) => ({ text, href: null })) },
      {
        title: 'Supported by',
        lines: study.supporters.map(({ name, organisation }) => ({
          text: organisation ? `${name}, ${organisation}` : name,
          href: null,
        })),
      },
    ].filter(({ lines }) => lines.length > 0),
    sections: rules.sections.map(({ id, title }) => ({
      id,
      title,
      parts: textParts(study.texts[id] ?? ''),
      entries: study.entries
        .filter(({ section }) => section === id)
        .map(({ on, words, source }) => ({ on: longDate(on), words, source })),
    })),
    rests: restsOf(desk),
  }
}

function subjectLine({ name, urn, trust }: StudySubject) {
  return { text: name, href: urn === null ? `/trusts/${encodeURIComponent(trust ?? '')}` : `/schools/${urn}` }
}

export function regionsOf({ subjects }: Pick<Study, 'subjects'>): string[] {
  return [...new Set(subjects.flatMap(({ region }) => region ?? []))].toSorted()
}

/** What the study rests on: its cases, linked for those who see them, and who stands behind it. */
function restsOf(desk: StudyDesk): { text: string; href: string | null }[] {
  const { study, seen, rules } = desk
  const cases = study.subjects
    .filter(({ caseReference }) => caseReference !== null)
    .map(({ caseReference, name }) => {
      const record = seen.find((one) => one.record.reference === caseReference)?.record
      if (!record) return { text: `The support of ${name}`, href: null }
      const days = countOf((record.state.agreedHalfDays + record.state.extraHalfDays) / 2, 'day')
      return {
        text: `Case ${caseReference}: ${name}, begun on ${longDate(record.startedOn)}, ${days} agreed`,
        href: `/cases/${encodeURIComponent(caseReference ?? '')}`,
      }
    })
  const approval = approvalOf(study, rules)
  const agreed = subjectsOnce(study).flatMap(({ key, name }) => {
    const { state, last } = consentOf(study, rules, key)
    return state === 'valid' && last?.answer === 'yes'
      ? [{ text: `${name} agreed on ${longDate(last.givenOn)}`, href: null }]
      : []
  })
  const approved =
    approval.state === 'valid' && approval.last
      ? [{ text: `Approved on ${longDate(approval.last.on)}`, href: null }]
      : []
  return [...cases, ...agreed, ...approved]
}

/** How the approval stands, in words. */
function approvalWords(desk: StudyDesk): string {
  const { state, last } = approvalOf(desk.study, desk.rules)
  const who = partyTitles(desk.pack, desk.rules.approval?.by ?? [])
  if (!last) return `Not approved yet. To approve it: ${who}.`
  const said = `Approved on ${longDate(last.on)} by ${last.by}${last.as ? `, ${last.as}` : ''}`
  return state === 'valid' ? `${said}.` : `${said}; it was changed afterwards. To approve it again: ${who}.`
}

function consentWords({ study, rules }: StudyDesk, key: string): string {
  const { state, last } = consentOf(study, rules, key)
  if (!last) return 'Not recorded yet'
  const way = rules.consent?.ways.find(({ id }) => id === last.way)?.title ?? last.way
  const said = `${last.answer === 'yes' ? 'Agreed' : 'Did not agree'} on ${longDate(last.givenOn)}: ${last.givenBy} (${way.toLowerCase()}), recorded by ${last.recordedBy}`
  return state === 'valid' ? said : `${said}. It was changed afterwards: ask again`
}

/** Approval, consents, what is missing and what the asker can do about it. */
export function presentPublishing(desk: StudyDesk) {
  const { study, rules, pack } = desk
  const isOpen = study.state !== 'published'
  const recordable = subjectsOnce(study).filter(({ key }) =>
    study.subjects.some((one) => one.key === key && mayRecord(desk, one)),
  )
  return {
    missing: isOpen ? missingToPublish(study, rules, partyTitles(pack, rules.approval?.by ?? [])) : [],
    approval: rules.approval ? { words: approvalWords(desk) } : null,
    mayApprove:
      isOpen &&
      rules.approval !== undefined &&
      desk.isOf(rules.approval.by) &&
      approvalOf(study, rules).state !== 'valid',
    consents: rules.consent
      ? subjectsOnce(study).map(({ key, name }) => ({ name, words: consentWords(desk, key) }))
      : [],
    recordable: isOpen && rules.consent ? recordable.map(({ key, name }) => ({ value: key, text: name })) : [],
    ways: rules.consent?.ways.map(({ id, title }) => ({ value: id, text: title })) ?? [],
    mayPublish: isOpen && desk.isOf(rules.publish.by),
    publishers: partyTitles(pack, rules.publish.by),
    mayWithdraw: !isOpen && desk.isOf(rules.withdraw.by),
    withdrawers: partyTitles(pack, rules.withdraw.by),
    endsOnChange: rules.approval?.['void-on'] === 'change' || rules.consent?.['void-on'] === 'change',
  }
}

/** The study for other programs; what is only for those who see its draft is left out for everybody else. */
export async function studyJson(desk: StudyDesk) {
  const { study, rules, pack, seen, isInside } = desk
  const { reference, programme, edition, title, state, version, publishedOn } = study
  const isSeen = (one: string | null) => seen.some(({ record }) => record.reference === one)
  const base = {
    reference,
    programme,
    edition,
    title,
    state,
    version,
    publishedOn,
    regions: regionsOf(study),
    about: study.subjects.map(({ id, name, urn, trust, region, caseReference }) => ({
      id,
      name,
      urn,
      trust,
      region,
      case: isSeen(caseReference) ? caseReference : null,
    })),
    supportedBy: study.supporters.map(({ id, name, organisation }) => ({ id, name, organisation })),
    sections: rules.sections.map(({ id, title: heading, required }) => ({
      id,
      title: heading,
      required: required ?? false,
      words: study.texts[id] ?? '',
      entries: study.entries.filter(({ section }) => section === id).map(({ section: _, ...entry }) => entry),
    })),
    rests: restsOf(desk).map(({ text }) => text),
  }
  if (!isInside) return base
  const approval = approvalOf(study, rules)
  return {
    ...base,
    startedOn: study.startedOn,
    startedBy: study.startedBy,
    publishedBy: study.publishedBy,
    withdrawnOn: study.withdrawnOn,
    withdrawnReason: study.withdrawnReason,
    warnings: warningsOf(desk, study.subjects),
    approval: { state: approval.state, on: approval.last?.on ?? null, by: approval.last?.by ?? null },
    consents: subjectsOnce(study).map(({ key, name }) => {
      const { state: standing, last } = consentOf(study, rules, key)
      return {
        subject: key,
        name,
        state: standing,
        answer: last?.answer ?? null,
        givenBy: last?.givenBy ?? null,
        givenOn: last?.givenOn ?? null,
        way: last?.way ?? null,
      }
    }),
    missing: state === 'published' ? [] : missingToPublish(study, rules, partyTitles(pack, rules.approval?.by ?? [])),
    judgements: (await offeredJudgements(desk)).map(({ urn, name, on, grade, source }) => ({
      judgement: `${urn}:${on}`,
      urn,
      name,
      on,
      grade,
      source,
    })),
  }
}
