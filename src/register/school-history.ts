import { londonDay } from '../platform/clock.ts'
import type { RegisterChange, SchoolState } from './school-history-store.ts'

const FACT_WORDS: Readonly<Record<string, string>> = {
  name: 'name',
  status: 'status',
  type: 'type',
  type_group: 'kind of establishment',
  phase: 'phase',
  authority_code: 'authority code',
  laestab: 'LAESTAB',
  ukprn: 'UKPRN',
  postcode: 'postcode',
  pupils: 'pupils',
  opened: 'opening date',
  closed: 'closing date',
  trust_uid: 'trust UID',
  trust_code: 'trust UID',
  trust_name: 'trust',
  fsm_percent: 'free school meals, per cent',
  head_title: 'title of the head',
  low_age: 'lowest age',
  high_age: 'highest age',
  overall: 'overall grade',
  not_listed_since: 'not listed since',
  link_type: 'kind of link',
  joined: 'joined',
  left_on: 'left',
  values: 'figures',
}

const RECORD_WORDS: Readonly<Record<string, string>> = {
  inspection: 'Inspection',
  membership: 'Trust or group',
  link: 'Link',
  measure: 'Published figures',
}

type Change = { readonly fact: string; readonly old: string; readonly new: string }

/** The dated states, latest first, each with what differs from the one before it. */
export function presentStates(states: readonly SchoolState[]) {
  return states
    .map((state, index) => ({
      asAt: state.as_at,
      lastSeen: state.last_seen,
      file: state.file_title,
      first: index === 0,
      changes: differences(states[index - 1], state),
    }))
    .reverse()
}

const COMPARED = [
  'name',
  'status',
  'type',
  'phase',
  'authority_code',
  'laestab',
  'ukprn',
  'postcode',
  'pupils',
] as const

/** A file that lacks a fact says nothing about it, so only two held values can differ. */
function differences(before: SchoolState | undefined, after: SchoolState): Change[] {
  if (!before) return []
  return COMPARED.flatMap((fact) => {
    const [was, is] = [before[fact], after[fact]]
    return was !== null && is !== null && was !== is ? [{ fact: wordsOf(fact), old: String(was), new: String(is) }] : []
  })
}

/** What imports changed, latest first; an import's instant is when it was taken in, its date what the file says. */
export function presentChanges(changes: readonly RegisterChange[]) {
  return changes.map((change) => ({
    record: RECORD_WORDS[change.record] ?? 'School',
    of: change.record_key.split(' ').slice(1).join(' '),
    file: change.file_title,
    fileAsAt: change.file_as_at,
    takenIn: londonDay(change.changed_at),
    changes: Object.keys({ ...change.old_values, ...change.new_values })
      .sort()
      .map((fact) => ({
        fact: wordsOf(fact),
        old: readable(change.old_values[fact]),
        new: readable(change.new_values[fact]),
      })),
  }))
}

function wordsOf(fact: string): string {
  return FACT_WORDS[fact] ?? fact.replaceAll('_', ' ')
}

function readable(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'not held'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
