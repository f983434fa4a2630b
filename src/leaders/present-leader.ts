import { type HistoryWords, plainValue } from '../platform/web/history.ts'
import { longDate } from '../platform/words.ts'
import type { LeaderCapacity, TermCapacity } from './capacity.ts'
import type { Interest } from './interests.ts'
import { declarationState } from './interests.ts'
import type { LeaderRecord } from './leader-record.ts'
import type { LedgerEntry } from './leader-tables.ts'
import { daysInWords } from './ledger.ts'
import { inSentence, leaderHref } from './present-roster.ts'
import {
  academicYear,
  currentTerm,
  type LeaderVocabulary,
  PHASES,
  SCHOOL_TYPES,
  STATES,
  titleOf,
  type Word,
  yearInWords,
} from './vocabulary.ts'

type Tab = 'capacity' | 'interests' | 'history'

/** The frame that all pages of a leader share. */
export function presentFrame(leader: LeaderCapacity, tab: Tab, vocabulary: LeaderVocabulary, today: string) {
  const href = leaderHref(leader.reference)
  const types = [leader.type, ...leader.alsoTypes].map((id) => titleOf(vocabulary.leaderTypes, id))
  const name = leader.name || leader.reference
  return {
    heading: name,
    title: tab === 'capacity' ? name : `${name}: ${tab}`,
    section: 'leaders',
    caption: leader.exercise ? 'Invented leader' : `Leader · ${leader.reference}`,
    exercise: leader.exercise,
    href,
    where: {
      kind: types.join(', also '),
      organisation: { text: leader.organisation.name, href: organisationHref(leader) },
      region: leader.region,
      state: titleOf(STATES, leader.state),
      active: leader.state === 'active',
      free: freeSentence(leader, vocabulary, today),
    },
    tabs: [
      { text: 'Capacity', href, active: tab === 'capacity' },
      { text: 'Interests', href: `${href}/interests`, active: tab === 'interests' },
      { text: 'History', href: `${href}/history`, active: tab === 'history' },
    ],
    breadcrumbs: [{ text: 'Leaders', href: '/leaders' }],
  }
}

function organisationHref({ organisation }: LeaderCapacity): string | null {
  if (organisation.kind === 'invented') return null
  return organisation.kind === 'school' ? `/schools/${organisation.key}` : `/trusts/${organisation.key}`
}

function freeSentence(leader: LeaderCapacity, { terms }: LeaderVocabulary, today: string): string {
  const term = currentTerm(terms, today)
  const capacity = leader.capacity.find((one) => one.term === term?.id)
  if (!term || !capacity) return 'No term is loaded'
  if (capacity.blocked) return `On leave for the whole of ${inSentence(term.title)}`
  const free = daysInWords(capacity.free)
  return `${free.charAt(0).toUpperCase()}${free.slice(1)} free in ${inSentence(term.title)}`
}

const BAR_WIDTH = 300

/** Terms as bars on one scale, with the same in numbers. */
export function presentCapacity(leader: LeaderCapacity, { terms }: LeaderVocabulary) {
  const longest = Math.max(1, ...leader.capacity.map((one) => Math.max(one.available, one.held + one.promised)))
  return leader.capacity.map((capacity) => {
    const title = titleOf(terms, capacity.term)
    const days = (halfDays: number) => String(halfDays / 2)
    const free = capacity.blocked ? 'on leave' : days(capacity.free)
    return {
      term: title,
      available: leader.days[capacity.term] === undefined ? 'not given' : days(capacity.available),
      promised: days(capacity.promised),
      held: days(capacity.held),
      free,
      over: capacity.over > 0 ? `${daysInWords(capacity.over)} more than available` : '',
      bar: {
        text: `${title}: ${daysInWords(capacity.promised)} promised, ${daysInWords(capacity.held)} held, ${capacity.blocked ? free : `${daysInWords(capacity.free)} free`}`,
        ...drawBar(capacity, (BAR_WIDTH - 4) / longest),
      },
    }
  })
}

function drawBar(capacity: TermCapacity, unit: number) {
  const parts: { kind: string; x: number; width: number; hatch: string }[] = []
  let at = 1
  const draw = (kind: string, halfDays: number) => {
    if (halfDays <= 0) return
    const width = halfDays * unit
    parts.push({ kind, x: round(at), width: round(width), hatch: hatchOf(at, width) })
    at += width
  }
  draw('promised', capacity.promised)
  draw('held', capacity.held)
  draw(capacity.blocked ? 'blocked' : 'free', capacity.available - capacity.held - capacity.promised)
  return { parts, limit: capacity.over > 0 && !capacity.blocked ? round(1 + capacity.available * unit) : null }
}

/** Slanted lines, so that held days differ from promised ones without colour. */
function hatchOf(x: number, width: number): string {
  const lines = []
  for (let line = x + 6; line + 6 < x + width; line += 8) lines.push(`M${round(line)} 21 L${round(line + 6)} 1`)
  return lines.join(' ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

export function presentFacts(leader: LeaderCapacity, { focusAreas }: LeaderVocabulary) {
  const list = (words: readonly Word[], ids: readonly string[]) =>
    ids.length > 0 ? ids.map((id) => titleOf(words, id)).join(', ') : 'not given'
  return {
    work: [
      { name: 'Phases', value: list(PHASES, leader.phases) },
      { name: 'School types', value: list(SCHOOL_TYPES, leader.schoolTypes) },
      { name: 'Expertise', value: list(focusAreas, leader.expertise) },
    ],
    place: [
      { name: 'Base', value: leader.base?.name ?? 'not given' },
      {
        name: 'Travel limit',
        value: leader.travelLimitMiles === null ? 'none given' : `${leader.travelLimitMiles} miles`,
      },
      { name: 'Outside the region', value: leader.worksOutOfRegion ? 'Yes' : 'No' },
    ],
    email: leader.email,
    leave: leader.leave.map((one) => ({ text: `${longDate(one.from)} to ${longDate(one.to)}` })),
  }
}

const KINDS = { hold: 'Held', promise: 'Promised' } as const

export function presentEntries({ entries }: LeaderRecord, { terms }: LeaderVocabulary) {
  const present = (entry: LedgerEntry) => ({
    what: KINDS[entry.kind],
    days: daysInWords(entry.half_days),
    term: titleOf(terms, entry.term),
    takenFor: entry.taken_for,
    made: `${moment(entry.made_at)}, ${entry.made_by}`,
    reason: entry.over_reason,
    released:
      entry.released_at && `Given back ${moment(entry.released_at)}: ${entry.release_reason ?? 'no reason given'}`,
  })
  return entries.map(present)
}

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' })

function moment(at: Date): string {
  return moments.format(at)
}

/** The declarations by year; the current year is always there, answered or not. */
export function presentInterests(interests: readonly Interest[], leader: LeaderCapacity, today: string) {
  const current = academicYear(today)
  const years = [...new Set([current, ...interests.map((one) => one.year)])].sort((a, b) => b - a)
  const words = {
    'not-declared': 'Not declared yet. This does not mean that there is nothing to declare.',
    nothing: 'Nothing to declare, as confirmed.',
    declared: '',
  }
  return years.map((year) => ({
    year: yearInWords(year),
    state: words[declarationState(interests, year)],
    rows: interests
      .filter((one) => one.year === year)
      .map((one) => ({
        target: one.kind === 'nothing' ? 'Nothing to declare' : `${one.name} (${one.key})`,
        nature: one.nature ?? '',
        declared: `${longDate(one.declaredOn)}, ${one.declaredBy}`,
        withdrawn: one.withdrawnAt && `Withdrawn ${longDate(one.withdrawnOn)}: ${one.withdrawnReason ?? ''}`,
        withdraw: one.withdrawnAt ? null : `${leaderHref(leader.reference)}/interests/${one.id}/withdraw`,
      })),
  }))
}

const FIELD_NAMES: Readonly<Record<string, string>> = {
  reference: 'Reference',
  name: 'Name',
  email: 'E-mail',
  type: 'Type',
  alsoTypes: 'Also',
  organisation: 'Organisation',
  base: 'Base',
  region: 'Home region',
  phases: 'Phases',
  schoolTypes: 'School types',
  expertise: 'Expertise',
  travelLimitMiles: 'Travel limit in miles',
  worksOutOfRegion: 'Works outside the region',
  state: 'State',
  exercise: 'Invented for an exercise',
  term: 'Term',
  days: 'Days',
  for: 'For',
  year: 'Academic year',
  interest: 'Interest',
  from: 'From',
  to: 'To',
}

/** How a leader's history says its fields, terms, types and areas. */
export function historyWords({ leaderTypes, focusAreas, terms }: LeaderVocabulary): HistoryWords {
  const titles = [...leaderTypes, ...focusAreas, ...terms, ...PHASES, ...SCHOOL_TYPES, ...STATES]
  const inWords = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(inWords).join(', ')
    return typeof value === 'string' ? titleOf(titles, value) : plainValue(value)
  }
  const fieldInWords = (field: string) =>
    field.startsWith('days ') ? `Days in ${titleOf(terms, field.slice(5))}` : undefined
  return { fields: FIELD_NAMES, fieldInWords, inWords }
}
