import { presentList } from '../platform/web/list.ts'
import { type Answer, page, type Route, type RouteRequest } from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf } from '../platform/words.ts'
import type { LeaderParts } from './leader-parts.ts'
import {
  fileColumns,
  fileRow,
  filterTexts,
  inSentence,
  presentRow,
  readRosterQuery,
  rosterColumns,
} from './present-roster.ts'
import { readRegions } from './register-facts.ts'
import { listRoster } from './roster.ts'
import { PHASES, STATES, type Word } from './vocabulary.ts'

/** The roster as a list with filters, and the same list as a file. */
export function rosterPages(parts: LeaderParts): Route[] {
  const get = { method: 'GET', allow: 'see-leaders', audit: null } as const
  return [
    { ...get, path: '/leaders', handle: (request) => rosterPage(parts, request) },
    { ...get, path: '/leaders.csv', handle: (request) => rosterFile(parts, request, 'csv') },
    { ...get, path: '/leaders.ods', handle: (request) => rosterFile(parts, request, 'ods') },
  ]
}

async function rosterPage(
  { database: { db }, vocabulary, clock }: LeaderParts,
  { query }: RouteRequest,
): Promise<Answer> {
  const words = vocabulary()
  const { asked, roster } = readRosterQuery(query, words, clock.today().toString())
  const { rows, total } = await listRoster(db, roster, words)
  const regions = (await readRegions(db)).map((region) => ({ id: region, title: region }))
  return page('leaders/roster.njk', {
    title: 'Leaders',
    section: 'leaders',
    wide: true,
    list: presentList(
      '/leaders',
      asked,
      rosterColumns(roster.term?.title ?? 'no term'),
      total,
      filterTexts(asked, words),
    ),
    counted: countOf(total, 'leader'),
    rows: rows.map((row) => presentRow(row, words)),
    exercise: rows.some((row) => row.exercise),
    termTitle: inSentence(roster.term?.title ?? 'no term'),
    filters: asked.filters,
    termId: roster.term?.id ?? '',
    options: {
      types: options(words.leaderTypes),
      regions: options(regions),
      phases: options(PHASES),
      expertise: options(words.focusAreas),
      states: options(STATES),
      terms: options(words.terms),
    },
    filtered: Object.keys(asked.filters).length > 0,
    message: query.get('done') === 'bulk' ? `${countOf(Number(query.get('count')) || 0, 'leader')} changed.` : null,
  })
}

function options(words: readonly Word[]): { value: string; text: string }[] {
  return words.map(({ id, title }) => ({ value: id, text: title }))
}

async function rosterFile(
  { database: { db }, vocabulary, clock }: LeaderParts,
  { query }: RouteRequest,
  format: 'csv' | 'ods',
): Promise<Answer> {
  const words = vocabulary()
  const { roster } = readRosterQuery(query, words, clock.today().toString())
  const { rows } = await listRoster(db, { ...roster, page: undefined }, words)
  return tableFile(
    format,
    'leaders',
    fileColumns(words),
    rows.map((row) => fileRow(row, words)),
  )
}
