import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { type CaseFacts, type Field, type Fields, judgeCondition, NOTE_LENGTH } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'

type Body = Readonly<Record<string, unknown>>

/** What was typed, field by field, before anything is checked: for keeping a draft and for showing a form again. */
export function typedAnswers(fields: Fields, body: Body): Answers {
  const typed: Record<string, string | string[]> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = typedValue(name, field, body)
    if (value.length > 0) typed[name] = value
  }
  return typed
}

function typedValue(name: string, field: Field, body: Body): string | string[] {
  const given = body[name]
  if (field.type === 'choices') return Array.isArray(given) ? given.map(String) : given ? [String(given)] : []
  if (typeof given === 'boolean') return given ? 'yes' : 'no'
  if (typeof given === 'string' || typeof given === 'number') return String(given).trim()
  if (field.type !== 'date') return ''
  const parts = ['year', 'month', 'day'].map((part) => String(body[`${name}-${part}`] ?? '').trim())
  if (parts.every((part) => part === '')) return ''
  return parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-')
}

/** The fields that are asked: one with a condition only where that holds. */
export function askedFields(fields: Fields, facts: CaseFacts): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, field]) => !field.when || judgeCondition(field.when, facts) === 'met'),
  )
}

/** Reads what was typed against the fields of a step; every fault at once, each at its field. `today` bounds days in the past. */
export function readAnswers(fields: Fields, typed: Answers, today: string): Decision<Answers> {
  const refusals = Object.entries(fields).flatMap(([name, field]) => faultsOf(name, field, typed[name] ?? '', today))
  return refusals.length > 0 ? refuse(...refusals) : accept(typed)
}

function faultsOf(name: string, field: Field, value: string | readonly string[], today: string): Refusal[] {
  const at = (code: string, message: string): Refusal[] => [{ code, message, field: name, ...allowedIn(field) }]
  if (value.length === 0) return field.required ? at('field.missing', missingWords(field)) : []
  if (typeof value !== 'string') return listFaults(name, field, value)
  switch (field.type) {
    case 'date':
      return dateFaults(name, field, value, today)
    case 'choice':
      return field.options?.some((one) => one.id === value) ? [] : at('field.not-a-choice', choiceWords(field))
    case 'yes-no':
      return value === 'yes' || value === 'no' ? [] : at('field.not-a-choice', `${field.title}: choose yes or no`)
    case 'number':
    case 'days':
      return numberFaults(name, field, value)
    default:
      return value.length > (field.max ?? NOTE_LENGTH)
        ? at(
            'field.too-long',
            `${field.title}: at most ${field.max ?? NOTE_LENGTH} characters, ${value.length} are written`,
          )
        : []
  }
}

function missingWords({ title, type }: Field): string {
  const verb = { date: 'Enter', choice: 'Choose', choices: 'Choose', 'yes-no': 'Answer', leader: 'Choose' }
  return `${verb[type as keyof typeof verb] ?? 'Enter'}: ${title.charAt(0).toLowerCase()}${title.slice(1)}` // the table is partial
}

/** The ids that a choice takes; nothing for a field of another type. */
function allowedIn({ type, options = [] }: Field): { allowed?: string[] } {
  if (type === 'yes-no') return { allowed: ['yes', 'no'] }
  return type === 'choice' || type === 'choices' ? { allowed: options.map(({ id }) => id) } : {}
}

function choiceWords({ title, options = [] }: Field): string {
  return `${title}: choose one of ${options.map((one) => one.title).join(', ')}`
}

function listFaults(name: string, field: Field, values: readonly string[]): Refusal[] {
  const { allowed = [] } = allowedIn(field)
  if (values.every((one) => allowed.includes(one))) return []
  return [{ code: 'field.not-a-choice', message: choiceWords(field), field: name, allowed }]
}

function dateFaults(name: string, field: Field, value: string, today: string): Refusal[] {
  if (!isDay(value))
    return [{ code: 'field.not-a-date', message: `${field.title} must be a real date, such as 27 3 2024`, field: name }]
  if (field.past && value > today)
    return [{ code: 'field.in-future', message: `${field.title} must be today or in the past`, field: name }]
  return []
}

export function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}

function numberFaults(name: string, field: Field, value: string): Refusal[] {
  const number = Number(value)
  const wrong = (code: string, message: string): Refusal[] => [
    { code, message: `${field.title}: ${message}`, field: name },
  ]
  if (!/^\d+(\.\d+)?$/.test(value)) return wrong('field.not-a-number', 'write a number, such as 5')
  if (field.type === 'days' && !Number.isInteger(number * 2))
    return wrong('field.not-half-days', 'write whole or half days')
  if (field.min !== undefined && number < field.min) return wrong('field.too-small', `at least ${field.min}`)
  if (field.max !== undefined && number > field.max) return wrong('field.too-large', `at most ${field.max}`)
  return []
}
