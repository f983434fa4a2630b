import type { Refusal } from '../platform/decision.ts'
import {
  type CaseFacts,
  type FormCheck,
  type FormField,
  type FormFields,
  type FormGroup,
  type FormSection,
  fillWords,
  judgeCondition,
} from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import type { FormRow, SectionAnswers } from './form-state.ts'
import { askedFields, readAnswers, typedAnswers } from './read-answers.ts'

type Body = Readonly<Record<string, unknown>>
/** The rows of each group that are not free. */
export type GroupRows = Readonly<Record<string, readonly FormRow[]>>

/**
 * What was typed into a section, before anything is checked: as a form sends it ("areas.behaviour.focus"), or as JSON with
 * `fields` and `rows`. Free rows that are empty go, and the others are counted anew.
 */
export function typedSection(section: FormSection, groupRows: GroupRows, body: Body): SectionAnswers {
  const fields = trimDigits(section.fields ?? {}, typedAnswers(section.fields ?? {}, partOf(body['fields']) ?? body))
  const rows = Object.entries(section.groups ?? {}).map(([name, group]) => [
    name,
    typedRows(name, group, groupRows[name] ?? [], body),
  ])
  return { fields, rows: Object.fromEntries(rows) }
}

/** A part of a body that has names; undefined for anything else. */
export function partOf(value: unknown): Body | undefined {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined
}

/**
 * What JSON names in `fields` and `rows` that the section does not have: it is refused and not dropped without a word. A row that
 * the plan does not hold any more is no such thing: it goes, as at the page.
 */
export function unknownIn(section: FormSection, body: Body): Refusal[] {
  const groups = section.groups ?? {}
  const fields = Object.keys(partOf(body['fields']) ?? {}).filter((name) => !(name in (section.fields ?? {})))
  const rows = Object.entries(partOf(body['rows']) ?? {}).flatMap(([name, given]) =>
    unknownRows(name, groups[name], partOf(given) ?? {}),
  )
  return [...fields, ...rows].map((name) => ({
    code: 'field.unknown',
    message: `Section ${section.number}, ${section.title}, takes no “${name}”`,
    field: name,
  }))
}

function unknownRows(name: string, group: FormGroup | undefined, given: Body): string[] {
  if (!group) return [name]
  return Object.entries(given).flatMap(([key, row]) =>
    Object.keys(partOf(row) ?? {})
      .filter((field) => !(field in group.fields))
      .map((field) => `${name}.${key}.${field}`),
  )
}

function typedRows(name: string, group: FormGroup, rows: readonly FormRow[], body: Body): Record<string, Answers> {
  const given = partOf(partOf(body['rows'])?.[name])
  const flat = new Map<string, Record<string, unknown>>()
  for (const [key, value] of Object.entries(body)) {
    const [at, row, ...rest] = key.split('.')
    if (at === name && row && rest.length === 1) flat.set(row, { ...flat.get(row), [rest.join('.')]: value })
  }
  const typedAt = (key: string) => typedAnswers(group.fields, partOf(given?.[key]) ?? flat.get(key) ?? {})
  if (group.rows !== 'free') return withoutEmpty(rows.map(({ key }) => [key, typedAt(key)]))
  const keys = given ? Object.keys(given) : [...flat.keys()]
  const filled = keys
    .sort((a, b) => Number(a) - Number(b))
    .map(typedAt)
    .filter((row) => Object.keys(row).length > 0)
  return Object.fromEntries(filled.map((row, index) => [String(index + 1), row]))
}

function withoutEmpty(rows: [string, Answers][]): Record<string, Answers> {
  return Object.fromEntries(rows.filter(([, row]) => Object.keys(row).length > 0))
}

/** Numbers such as a sort code may be written with spaces or hyphens. */
function trimDigits(fields: FormFields, typed: Answers): Answers {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [
      name,
      fields[name]?.digits && typeof value === 'string' ? value.replaceAll(/[\s-]/g, '') : value,
    ]),
  )
}

/**
 * What a section holds and what is wrong with it. `invalid` stops any saving; `missing` stops its completion; `warnings` stop
 * nothing. Refusals name their field as "focus" or "areas.behaviour.focus".
 */
export type SectionJudgement = {
  readonly answers: SectionAnswers
  readonly invalid: Refusal[]
  readonly missing: Refusal[]
  readonly warnings: string[]
}

/** The facts of a case with a section, or one of its rows, as what is being entered. */
export function sectionFacts(facts: CaseFacts, answers: SectionAnswers, more: Answers = {}): CaseFacts {
  const text = (value: string | readonly string[] | undefined) =>
    typeof value === 'string' ? value : (value ?? []).join(', ')
  return {
    ...facts,
    field: (name) => text(more[name] ?? answers.fields[name]),
    rows: (group, field, value) =>
      Object.values(answers.rows[group] ?? {}).filter((row) => {
        const held = row[field]
        return value === '' || held === value || (Array.isArray(held) && held.includes(value))
      }).length,
  }
}

/** Judges what was typed. `given` are values of the section that are counted and not typed. */
export function judgeSection(
  section: FormSection,
  typed: SectionAnswers,
  {
    facts,
    groupRows,
    today,
    given = {},
  }: { facts: CaseFacts; groupRows: GroupRows; today: string; given?: Answers | undefined },
): SectionJudgement {
  const whole = sectionFacts(facts, typed, given)
  const fields = judgeFields(section.fields ?? {}, typed.fields, { facts: whole, today })
  const rows: Record<string, Record<string, Answers>> = {}
  const refusals = [...fields.refusals]
  const warnings: string[] = []
  for (const [name, group] of Object.entries(section.groups ?? {})) {
    if (group.when && judgeCondition(group.when, whole) !== 'met') continue
    const judged = judgeGroup(name, group, { typed, facts, groupRows, today })
    rows[name] = judged.rows
    refusals.push(...judged.refusals)
    warnings.push(...judged.warnings)
  }
  const answers = { fields: fields.kept, rows }
  const checked = judgeChecks(section.checks ?? [], sectionFacts(facts, answers, given))
  const all = [...refusals, ...checked.refusals]
  return {
    answers,
    invalid: all.filter(({ code }) => !STOPS_COMPLETION.test(code)),
    missing: all.filter(({ code }) => STOPS_COMPLETION.test(code)),
    warnings: [...warnings, ...checked.warnings],
  }
}

const STOPS_COMPLETION = /^(field\.missing$|rows\.missing$|complete\.)/

function judgeFields(
  fields: FormFields,
  typed: Answers,
  { facts, today }: { facts: CaseFacts; today: string },
): { kept: Answers; refusals: Refusal[] } {
  const asked: FormFields = askedFields(fields, facts)
  const kept = Object.fromEntries(Object.entries(typed).filter(([name]) => name in asked))
  const read = readAnswers(asked, kept, today)
  return { kept, refusals: [...(read.ok ? [] : read.refusals), ...digitFaults(asked, kept)] }
}

function digitFaults(fields: FormFields, typed: Answers): Refusal[] {
  return Object.entries(fields).flatMap(([name, { digits, title }]: [string, FormField]) => {
    const value = typed[name]
    if (!digits || !value || new RegExp(`^\\d{${digits}}$`).test(String(value))) return []
    return [{ code: 'field.not-digits', message: `${title} must be ${digits} digits`, field: name }]
  })
}

function judgeGroup(
  name: string,
  group: FormGroup,
  { typed, facts, groupRows, today }: { typed: SectionAnswers; facts: CaseFacts; groupRows: GroupRows; today: string },
) {
  const given = typed.rows[name] ?? {}
  const titles: readonly FormRow[] =
    group.rows === 'free'
      ? Object.keys(given).map((key) => ({ key, title: `${group.row ?? group.title} ${key}` }))
      : (groupRows[name] ?? [])
  const rows: Record<string, Answers> = {}
  const refusals: Refusal[] = []
  const warnings: string[] = []
  for (const { key, title } of titles) {
    const typedRow = given[key] ?? {}
    const rowFacts = sectionFacts(facts, typed, { ...blanks(group.fields), ...typedRow, row: key, 'row-title': title })
    const judged = judgeFields(group.fields, typedRow, { facts: rowFacts, today })
    const checked = judgeChecks(group.checks ?? [], rowFacts)
    if (Object.keys(judged.kept).length > 0) rows[key] = judged.kept
    warnings.push(...checked.warnings)
    for (const refusal of [...judged.refusals, ...checked.refusals]) {
      const { message, field = '' } = refusal
      refusals.push({
        ...refusal,
        message: `${title}: ${message}`,
        field: `${name}.${key}.${field || firstName(group.fields)}`,
      })
    }
  }
  return { rows, refusals: [...refusals, ...countFaults(name, group, Object.keys(rows).length)], warnings }
}

/** In a row, `field()` never falls back to a field of the section of the same name. */
function blanks(fields: FormFields): Answers {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, '']))
}

function countFaults(name: string, group: FormGroup, count: number): Refusal[] {
  if (group.least !== undefined && count < group.least)
    return [
      {
        code: 'rows.missing',
        message: `${group.title}: enter at least ${group.least}`,
        field: `${name}.1.${firstName(group.fields)}`,
      },
    ]
  if (group.most !== undefined && count > group.most)
    return [
      {
        code: 'rows.too-many',
        message: `${group.title}: at most ${group.most}`,
        field: `${name}.1.${firstName(group.fields)}`,
      },
    ]
  return []
}

function firstName(fields: FormFields): string {
  return Object.keys(fields)[0] ?? ''
}

function judgeChecks(checks: readonly FormCheck[], facts: CaseFacts): { refusals: Refusal[]; warnings: string[] } {
  const raised = checks.filter((check) => judgeCondition(check.when, facts) === 'met')
  return {
    warnings: raised.filter(({ level }) => level === 'warn').map(({ say }) => fillWords(say, facts)),
    refusals: raised
      .filter(({ level }) => level === 'refuse')
      .map(({ id, at, say, field }) => ({
        code: at === 'save' ? `check.${id}` : `complete.${id}`,
        message: fillWords(say, facts),
        ...(field && { field }),
      })),
  }
}
