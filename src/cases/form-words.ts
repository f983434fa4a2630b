import type { Actor } from '../platform/actor.ts'
import type { Refusal } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import {
  type CaseFacts,
  type FormFields,
  type FormGroup,
  type FormSection,
  judgeCondition,
} from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import { type FormDesk, groupRowsOf, mayRead, receiversInWords } from './form-desk.ts'
import { outcomeFacts, plannedOutcomes, signpostedOutcomes } from './form-outcomes.ts'
import type { Copy, SectionAnswers, StoredSection } from './form-state.ts'
import { answersOf, findSection } from './form-state.ts'
import { answerInWords, conditionParts, type NestedField, nestFields, presentFields } from './present-fields.ts'
import { claimContent, copiesOf, sectionContent, tellsResults } from './present-form.ts'

/** A section in words, for reading, printing and checking before signing. */
export type SectionWords = {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly copied: readonly Copy[]
  readonly copiedOn: string
  readonly facts: readonly Copy[]
  readonly groups: readonly { title: string; rows: readonly { title: string; facts: readonly Copy[] }[] }[]
  readonly nothing: string | null
}

/** What a section says. A secret is never in it; whoever may not read a section does not get it at all. */
export function sectionInWords(desk: FormDesk, section: FormSection, saved?: StoredSection): SectionWords {
  const { id, number, title, kind } = section
  const base = { id, number, title, copied: [], copiedOn: '', facts: [], groups: [], nothing: null }
  if (kind === 'copies') return { ...base, copied: copiesOf(desk.stored), copiedOn: desk.stored.copies.on }
  if (kind === 'secret') return { ...base, nothing: secretWords(desk, section) }
  if (kind === 'confirm' || kind === 'destination') return { ...base, ...signedWords(desk, section) }
  const answers = saved?.answers ?? answersOf(desk.stored, id)
  const claim = kind === 'claim' ? claimWords(desk) : []
  const facts = [...claim, ...answersInWords(section.fields ?? {}, answers.fields)]
  const rows = groupRowsOf(desk, section)
  const groups = Object.entries(section.groups ?? {}).map(([name, group]) => ({
    title: group.title,
    rows: Object.entries(answers.rows?.[name] ?? {}).map(([key, row]) => ({
      title: (rows[name] ?? []).find((one) => one.key === key)?.title ?? `${group.row ?? key} ${key}`,
      facts: [...besideRow(desk, section, group, key), ...answersInWords(group.fields, row)],
    })),
  }))
  const filled = groups.filter((group) => group.rows.length > 0)
  return {
    ...base,
    facts,
    groups: filled,
    nothing: facts.length + filled.length === 0 ? 'Nothing is filled in yet.' : null,
  }
}

function secretWords({ stored }: FormDesk, { id }: FormSection): string {
  return findSection(stored, id) ? 'Saved. Only those who pay see it.' : 'Nothing is filled in yet.'
}

function signedWords(desk: FormDesk, section: FormSection): Pick<SectionWords, 'facts' | 'nothing'> {
  if (section.kind === 'destination') {
    const facts = desk.stored.submissions.flatMap((one) => [
      { title: 'Receipt', value: one.receipt },
      { title: 'Handed in', value: `${longDate(one.submittedOn)}${one.late ? ', late' : ''}` },
      { title: 'To', value: one.destination },
    ])
    const to = receiversInWords(desk) || `nobody is named for ${desk.record.region ?? 'the region'} yet`
    return {
      facts: [{ title: 'It goes to', value: to }, ...facts],
      nothing: facts.length > 0 ? null : 'The form is not handed in yet.',
    }
  }
  const content = sectionContent(desk, section)
  const answer = 'answer' in content ? content.answer : undefined
  if (!answer) return { facts: [], nothing: 'There is no answer yet.' }
  return {
    nothing: null,
    facts: [
      { title: 'Answer', value: answer.title },
      ...(answer.comment ? [{ title: 'Comment', value: answer.comment }] : []),
      { title: 'Name', value: answer.name ?? '' },
      { title: 'Date', value: longDate(answer.date) },
    ],
  }
}

function claimWords(desk: FormDesk): Copy[] {
  const { days, amountPounds, lines } = claimContent(desk)
  return [...lines, { title: 'Claimed', value: `${days} days, £${amountPounds.toLocaleString('en-GB')}` }]
}

function answersInWords(fields: FormFields, answers: Answers): Copy[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = answers[name]
    if (value === undefined || value.length === 0) return []
    const words = field.type === 'date' ? longDate(String(value)) : answerInWords(field, value)
    return [{ title: field.title, value: words }]
  })
}

/** Every section that somebody may read, in words. */
export function formInWords(desk: FormDesk, by: Actor, ids?: readonly string[]): SectionWords[] {
  return desk.form.sections
    .filter((section) => mayRead(desk, by, section) && (ids === undefined || ids.includes(section.id)))
    .map((section) => sectionInWords(desk, section))
}

/** Whether a field or group is shown at all: what its condition asks of the case holds, whatever will be typed. */
export function isShown(when: string | undefined, facts: CaseFacts): boolean {
  return conditionParts(when).every((part) => part.includes('field(') || judgeCondition(part, facts) === 'met')
}

/** Fields as their macro prints them; names begin with `prefix`, and what hangs on an option stands under it. */
export function presentFormFields(
  fields: FormFields,
  typed: Answers,
  { prefix, refusals, facts }: { prefix: string; refusals: readonly Refusal[]; facts: CaseFacts },
): NestedField[] {
  const visible = Object.fromEntries(Object.entries(fields).filter(([, { when }]) => isShown(when, facts)))
  const shown = presentFields(visible, typed, [])
  const named = shown.map((one) => {
    const name = `${prefix}${one.name}`
    return { ...one, name, error: refusals.find(({ field }) => field === name)?.message ?? null }
  })
  return nestFields(visible, named, prefix)
}

/** What was planned of an activity, where the row says what came of it. */
function besideRow(desk: FormDesk, section: FormSection, { rows }: FormGroup, key: string): Copy[] {
  if (rows !== 'activities' || !tellsResults(desk, section)) return []
  const planned = plannedOutcomes(desk.form, desk.stored, desk.record.pack)
  return planned.filter((one) => one.key === key).flatMap(outcomeFacts)
}

/** The programmes that the school was told of with what was to come of them, for a section that says what came of the plan. */
export function programmesBeside(desk: FormDesk, section: FormSection): { title: string; facts: Copy[] }[] {
  if (!tellsResults(desk, section)) return []
  return signpostedOutcomes(desk.signposts).map((one) => ({ title: one.title, facts: outcomeFacts(one) }))
}

/** The groups of a section with a set of fields for each row, and one more for a free one. */
export function presentGroups(
  desk: FormDesk,
  section: FormSection,
  { answers, refusals }: { answers: SectionAnswers; refusals: readonly Refusal[] },
) {
  const rowsOf = groupRowsOf(desk, section)
  return Object.entries(section.groups ?? {})
    .filter(([, { when }]) => isShown(when, desk.facts))
    .map(([name, group]) => {
      const isFree = group.rows === 'free'
      const typed = answers.rows?.[name] ?? {}
      const free = Array.from({ length: Object.keys(typed).length + 1 }, (_, index) => String(index + 1))
      const rows = isFree
        ? free.map((key) => ({ key, title: `${group.row ?? group.title} ${key}` }))
        : (rowsOf[name] ?? [])
      return {
        title: group.title,
        help: group.help ?? null,
        isFree,
        one: (group.row ?? group.title).toLowerCase(),
        nothing: 'Nothing to fill in here yet: this list comes from earlier sections.',
        rows: rows.map(({ key, title }) => ({
          title,
          beside: besideRow(desk, section, group, key),
          fields: presentFormFields(group.fields, typed[key] ?? {}, {
            prefix: `${name}.${key}.`,
            refusals,
            facts: desk.facts,
          }),
        })),
      }
    })
}
