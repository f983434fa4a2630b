import type { FormField, FormFields, FormGroup, FormSection } from '../programmes/index.ts'
import { NOTE_LENGTH } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'
import { type FormDesk, groupRowsOf } from './form-desk.ts'
import type { SectionAnswers } from './form-state.ts'
import { isShown } from './form-words.ts'
import { choiceOptions, isOfOtherRow, parentOf } from './present-fields.ts'
import { copiesOf } from './present-form.ts'

/** One question of a section as a workbook asks it. `key` names it within the section: "why" or "areas.behaviour.focus". */
export type Question = {
  readonly key: string
  readonly part: string
  readonly title: string
  readonly field: FormField
  readonly help: string
}

type Place = { readonly prefix: string; readonly part: string; readonly row: string }
const OWN: Place = { prefix: '', part: '', row: '' }

/** Blank rows that a list of one's own making offers beside those that are filled. */
const BLANK_ROWS = 5
/** Rows that such a list may have where the pack sets no limit. */
const MOST_ROWS = 100

/** All that a section asks in this case, in the order of its page; `answers` say how many rows of one's own making there are. */
export function questionsOf(desk: FormDesk, section: FormSection, answers: SectionAnswers): Question[] {
  const own = fieldQuestions(desk, section.fields ?? {}, OWN)
  const rows = groupRowsOf(desk, section)
  const grouped = shownGroups(desk, section).flatMap(([name, group]) => {
    const list = group.rows === 'free' ? freeRows(group, answers.rows[name] ?? {}) : (rows[name] ?? [])
    return list.flatMap(({ key, title }) =>
      fieldQuestions(desk, group.fields, { prefix: `${name}.${key}.`, part: `${group.title}: ${title}`, row: key }),
    )
  })
  return [...own, ...grouped]
}

function shownGroups(desk: FormDesk, section: FormSection) {
  return Object.entries(section.groups ?? {}).filter(([, { when }]) => isShown(when, desk.facts))
}

function freeRows(group: FormGroup, held: Readonly<Record<string, Answers>>) {
  const most = group.most ?? MOST_ROWS
  const count = Math.min(most, Object.keys(held).length + BLANK_ROWS)
  return Array.from({ length: count }, (_, index) => freeRow(group, String(index + 1)))
}

function freeRow(group: FormGroup, key: string) {
  return { key, title: `${group.row ?? group.title} ${key}` }
}

function fieldQuestions({ facts }: FormDesk, fields: FormFields, { prefix, part, row }: Place): Question[] {
  return Object.entries(fields)
    .filter(([, { when }]) => isShown(when, facts) && !isOfOtherRow(when, row))
    .map(([name, field]) => ({
      key: `${prefix}${name}`,
      part,
      title: field.title,
      field,
      help: helpOf(fields, field),
    }))
}

/** The question of a key that came in a file, also in a row that the file added; undefined where this case has none such. */
export function findQuestion(desk: FormDesk, section: FormSection, key: string): Question | undefined {
  const [name = '', row, field, ...rest] = key.split('.')
  if (row === undefined) return fieldQuestions(desk, section.fields ?? {}, OWN).find((one) => one.key === key)
  if (field === undefined || rest.length > 0) return undefined
  const group = shownGroups(desk, section).find(([id]) => id === name)?.[1]
  if (!group) return undefined
  const rows = group.rows === 'free' ? allowedFree(group, row) : (groupRowsOf(desk, section)[name] ?? [])
  const found = rows.find((one) => one.key === row)
  if (!found) return undefined
  const at = { prefix: `${name}.${row}.`, part: `${group.title}: ${found.title}`, row }
  return fieldQuestions(desk, group.fields, at).find((one) => one.key === key)
}

function allowedFree(group: FormGroup, row: string) {
  const isOne = /^[1-9]\d{0,2}$/.test(row) && Number(row) <= (group.most ?? MOST_ROWS)
  return isOne ? [freeRow(group, row)] : []
}

function helpOf(fields: FormFields, field: FormField): string {
  const parent = parentOf(fields, field.when)
  const only =
    parent && `Only if “${fields[parent.parent]?.title}” is ${optionTitle(fields[parent.parent], parent.option)}`
  return [...(only ? [only] : []), kindInWords(field), ...(field.hint ? [field.hint] : [])].join('. ')
}

function optionTitle(field: FormField | undefined, option: string): string {
  return (field ? choiceOptions(field) : []).find(({ id }) => id === option)?.title ?? option
}

function kindInWords(field: FormField): string {
  const titles = choiceOptions(field).map(({ title }) => title)
  switch (field.type) {
    case 'yes-no':
      return 'Yes or No'
    case 'choice':
      return `One of: ${titles.join('; ')}`
    case 'choices':
      return `One or more, with semicolons between: ${titles.join('; ')}`
    case 'date':
      return 'A day, such as 27 March 2024'
    case 'days':
      return 'Whole or half days, such as 2.5'
    case 'number':
      return 'A number'
    default:
      return `In words, at most ${field.max ?? NOTE_LENGTH} characters`
  }
}

/** What a section says that nobody types, with its key. A file that says otherwise is refused there by name. */
export function fixedFacts(desk: FormDesk, section: FormSection): { key: string; title: string; value: string }[] {
  if (section.kind !== 'copies') return []
  return copiesOf(desk.stored).map((one, index) => ({ ...one, key: `copied.${index + 1}` }))
}

/** Answers by key as a section holds them. */
export function answersFromFlat(flat: Answers): SectionAnswers {
  const fields: Record<string, string | readonly string[]> = {}
  const rows: Record<string, Record<string, Record<string, string | readonly string[]>>> = {}
  for (const [key, value] of Object.entries(flat)) {
    const [group = '', row, name] = key.split('.')
    if (row === undefined || name === undefined) fields[key] = value
    else {
      const list = rows[group] ?? {}
      rows[group] = { ...list, [row]: { ...list[row], [name]: value } }
    }
  }
  return { fields, rows }
}
