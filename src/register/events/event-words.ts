import { longDate } from '../../platform/words.ts'
import { findField, sayValue } from '../corrections/correction-fields.ts'
import { gradeName, INSPECTION_KINDS } from '../inspection-words.ts'
import type { EventKind, RegisterEvent } from './register-event.ts'

/** Each kind as the head of a count: "3 schools closed". */
export const EVENT_WORDS: Readonly<Record<EventKind, string>> = {
  opened: 'Opened',
  closed: 'Closed',
  converted: 'Converted',
  merged: 'Merged',
  split: 'Split',
  'moved-trust': 'Moved trust',
  'moved-authority': 'Moved authority',
  'moved-region': 'Moved region',
  renamed: 'Renamed',
  graded: 'New grade',
  inspected: 'Other new inspection',
  corrected: 'Corrected here',
  'correction-ended': 'Correction ended',
}

/** What happened, as a sentence without the school's name. */
export function sayEvent({ kind, from, to, other }: RegisterEvent): string {
  switch (kind) {
    case 'opened':
      return `Status: ${textOf(to.status)}`
    case 'closed':
      return to.notListedSince
        ? 'Missing from the newest whole file: it has closed or changed its type'
        : [textOf(to.status), textOf(to.reason, '')].filter(Boolean).join(': ')
    case 'converted':
      return `Goes on as ${nameOf(other)}`
    case 'merged':
      return `Joined with ${nameOf(other)} (${textOf(to.link)})`
    case 'split':
      return `Split; goes on in ${nameOf(other)}`
    case 'moved-trust':
      return `From ${trustOf(from)} to ${trustOf(to)}`
    case 'moved-authority':
      return `From ${textOf(from.name ?? from.code)} to ${textOf(to.name ?? to.code)}`
    case 'moved-region':
      return `From ${textOf(from.region)} to ${textOf(to.region)}`
    case 'renamed':
      return `Was ${textOf(from.name)}`
    case 'graded':
      return `${gradeOf(to.grade)}${from.grade ? `, before: ${gradeOf(from.grade)} on ${longDate(textOf(from.on))}` : ', the first held'}`
    case 'corrected':
    case 'correction-ended':
      return `${findField(String(to.field))?.title ?? 'Fact'}: was ${sayValue(from)}, now ${sayValue(to)}`
    case 'inspected':
      return textOf(Object.entries(INSPECTION_KINDS).find(([id]) => id === to.kind)?.[1])
  }
}

function textOf(value: unknown, otherwise = 'not held'): string {
  return value === null || value === undefined || value === '' ? otherwise : String(value)
}

function trustOf({ uid, name }: RegisterEvent['to']): string {
  return uid ? textOf(name ?? uid) : 'no trust'
}

function nameOf(other: RegisterEvent['other']): string {
  return other ? `${other.name} (URN ${other.urn ?? 'none'})` : 'a school that is not held'
}

function gradeOf(grade: unknown): string {
  return typeof grade === 'number' ? gradeName(grade) : 'grade not held'
}
