import type { ListColumn, ListQuery } from '../platform/web/list.ts'
import { readListQuery } from '../platform/web/list.ts'
import type { Query } from '../platform/web/route.ts'
import type { TableColumn, TableRow } from '../platform/web/table-file.ts'
import { ROSTER_SORTS, type RosterQuery, type RosterRow } from './roster.ts'
import {
  academicYear,
  currentTerm,
  type LeaderVocabulary,
  PHASES,
  SCHOOL_TYPES,
  STATES,
  titleOf,
  type Word,
} from './vocabulary.ts'

export const FILTERS = ['text', 'type', 'region', 'phase', 'expertise', 'state', 'term', 'free'] as const

/** An address of the roster as a question to the store, and as the parts of a list page. */
export function readRosterQuery(query: Query, vocabulary: LeaderVocabulary, today: string) {
  const asked = readListQuery(query, ROSTER_SORTS, FILTERS)
  const filter = (name: (typeof FILTERS)[number]) => asked.filters[name] ?? ''
  const term = vocabulary.terms.find((one) => one.id === filter('term')) ?? currentTerm(vocabulary.terms, today)
  const roster: RosterQuery = {
    text: filter('text'),
    type: filter('type'),
    region: filter('region'),
    phase: filter('phase'),
    expertise: filter('expertise'),
    state: filter('state'),
    free: filter('free') !== '',
    term,
    year: academicYear(term?.from ?? today),
    sort: ROSTER_SORTS.find((one) => one === asked.sort) ?? 'reference',
    descending: asked.direction === 'desc',
    page: asked.page,
  }
  return { asked, roster }
}

/** What a chosen filter says on its chip. */
export function filterTexts(
  { filters }: ListQuery,
  { leaderTypes, focusAreas, terms }: LeaderVocabulary,
): Record<string, string> {
  const named: Record<string, readonly Word[]> = {
    type: leaderTypes,
    phase: PHASES,
    expertise: focusAreas,
    state: STATES,
    term: terms,
  }
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => {
      if (name === 'free') return [name, 'Has free days']
      if (name === 'text') return [name, `“${value}”`]
      return [name, titleOf(named[name] ?? [], value)]
    }),
  )
}

export function rosterColumns(term: string): ListColumn[] {
  return [
    { id: 'choose', text: 'Choose' },
    { id: 'name', text: 'Leader', sortable: true },
    { id: 'type', text: 'Type', sortable: true },
    { id: 'organisation', text: 'Organisation', sortable: true },
    { id: 'region', text: 'Region', sortable: true },
    { id: 'phases', text: 'Phases' },
    { id: 'expertise', text: 'Expertise' },
    { id: 'free', text: `Free days, ${inSentence(term)}`, sortable: true, number: true },
    { id: 'state', text: 'State' },
  ]
}

const DECLARED = {
  'not-declared': 'Not declared yet',
  nothing: 'Nothing to declare',
  declared: 'Interests declared',
} as const

export function leaderHref(reference: string): string {
  return `/leaders/${encodeURIComponent(reference)}`
}

/** "Spring term 2024" in the middle of a sentence. */
export function inSentence(title: string): string {
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`
}

/** A row as the page prints it. */
export function presentRow(row: RosterRow, { leaderTypes, focusAreas }: LeaderVocabulary) {
  const list = (words: readonly Word[], ids: readonly string[]) => ids.map((id) => titleOf(words, id)).join(', ')
  return {
    reference: row.reference,
    title: row.name ?? row.reference,
    exercise: row.exercise,
    href: leaderHref(row.reference),
    type: [row.type, ...row.also_types].map((id) => titleOf(leaderTypes, id)).join(', also '),
    organisation: row.organisation,
    region: row.region,
    phases: list(PHASES, row.phases),
    expertise: list(focusAreas, row.expertise),
    free: freeText(row),
    state: titleOf(STATES, row.state),
    active: row.state === 'active',
    declared: row.exercise ? '' : DECLARED[row.declared],
    undeclared: row.declared === 'not-declared' && !row.exercise,
  }
}

/** "2.5 of 8": free days of those available in the term shown. */
function freeText(row: RosterRow): string {
  if (row.blocked) return 'on leave'
  return row.available > 0 ? `${row.free / 2} of ${row.available / 2}` : '0'
}

/** The columns of the download; the same file can be taken in again. */
export function fileColumns({ terms }: LeaderVocabulary): TableColumn[] {
  const texts: [string, string][] = [
    ['reference', 'Reference'],
    ['name', 'Name'],
    ['email', 'E-mail'],
    ['type', 'Type'],
    ['alsoTypes', 'Also types'],
    ['organisation', 'Organisation'],
    ['organisationName', 'Organisation name'],
    ['base', 'Base'],
    ['region', 'Home region'],
    ['worksOutOfRegion', 'Works outside the region'],
    ['travelLimitMiles', 'Travel limit in miles'],
    ['phases', 'Phases'],
    ['schoolTypes', 'School types'],
    ['expertise', 'Expertise'],
    ['state', 'State'],
    ...terms.map((term): [string, string] => [term.id, `Days ${term.title}`]),
    ['free', 'Free days in the term shown'],
    ['declared', 'Interests'],
    ['exercise', 'Invented for an exercise'],
  ]
  return texts.map(([key, head]) => ({ key, head }))
}

export function fileRow(row: RosterRow, { leaderTypes, focusAreas, terms }: LeaderVocabulary): TableRow {
  const list = (words: readonly Word[], ids: readonly string[]) => ids.map((id) => titleOf(words, id)).join('; ')
  return {
    reference: row.reference,
    name: row.name,
    email: row.email,
    type: titleOf(leaderTypes, row.type),
    alsoTypes: list(leaderTypes, row.also_types),
    organisation: row.organisation_key,
    organisationName: row.organisation,
    base: row.base_key,
    region: row.region,
    worksOutOfRegion: row.works_out_of_region ? 'yes' : 'no',
    travelLimitMiles: row.travel_limit_miles,
    phases: list(PHASES, row.phases),
    schoolTypes: list(SCHOOL_TYPES, row.school_types),
    expertise: list(focusAreas, row.expertise),
    state: titleOf(STATES, row.state),
    ...Object.fromEntries(
      terms.map((term) => {
        const halfDays = row.days[term.id]
        return [term.id, halfDays === undefined ? null : halfDays / 2]
      }),
    ),
    free: row.free / 2,
    declared: row.exercise ? 'Not asked' : DECLARED[row.declared],
    exercise: row.exercise ? 'yes' : 'no',
  }
}
