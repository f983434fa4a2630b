import { hatWith, wearing } from '../platform/actor.ts'
import { readAudit } from '../platform/audit-history.ts'
import { presentHistory } from '../platform/web/history.ts'
import { type Answer, notFound, page, type Route, type RouteRequest } from '../platform/web/route.ts'
import { declarationState, readInterests } from './interests.ts'
import type { LeaderParts } from './leader-parts.ts'
import { findLeaderRecord, type LeaderRecord } from './leader-record.ts'
import {
  historyWords,
  presentCapacity,
  presentEntries,
  presentFacts,
  presentFrame,
  presentInterests,
} from './present-leader.ts'
import { academicYear, yearInWords } from './vocabulary.ts'

/** The pages of one leader: capacity, interests, history. */
export function leaderPages(parts: LeaderParts): Route[] {
  const get = { method: 'GET', allow: 'see-leaders', audit: null } as const
  return [
    { ...get, path: '/leaders/:reference', handle: (request) => withLeader(parts, request, capacityPage) },
    { ...get, path: '/leaders/:reference/interests', handle: (request) => withLeader(parts, request, interestsPage) },
    { ...get, path: '/leaders/:reference/history', handle: (request) => withLeader(parts, request, historyPage) },
  ]
}

/** Finds the leader of an address for a page, or says that there is none. */
export async function withLeader(
  parts: LeaderParts,
  request: RouteRequest,
  show: (parts: LeaderParts, record: LeaderRecord, request: RouteRequest) => Promise<Answer>,
): Promise<Answer> {
  const reference = request.params.reference ?? ''
  const record = await findLeaderRecord(parts.database.db, reference, parts.vocabulary())
  if (!record) return notFound(`There is no leader with the reference ${reference}.`)
  // With several hats, the one that is worn for this leader's place is named in the record.
  const place = { leader: reference, region: record.leader.region }
  const hat = hatWith(request.actor, 'edit-leaders', place)
  return show(parts, record, { ...request, actor: wearing(request.actor, hat) })
}

const MESSAGES: Readonly<Record<string, string>> = {
  added: 'The leader is on the roster.',
  changed: 'The record is changed.',
  unchanged: 'Nothing was different, so nothing was changed.',
  leave: 'The leave is changed.',
  declared: 'The declaration is on record.',
  withdrawn: 'The interest is withdrawn. It stays on record.',
}

function messageOf({ query }: RouteRequest): string | null {
  return MESSAGES[query.get('done') ?? ''] ?? null
}

async function capacityPage(parts: LeaderParts, record: LeaderRecord, request: RouteRequest): Promise<Answer> {
  const vocabulary = parts.vocabulary()
  const today = parts.clock.today().toString()
  const year = academicYear(today)
  const interests = await readInterests(parts.database.db, record.leader.id)
  const declared = {
    'not-declared': 'Not declared yet',
    nothing: 'Nothing to declare',
    declared: 'Declared: see the list',
  }
  return page('leaders/leader.njk', {
    ...presentFrame(record.leader, 'capacity', vocabulary, today),
    terms: presentCapacity(record.leader, vocabulary),
    entries: presentEntries(record, vocabulary),
    facts: presentFacts(record.leader, vocabulary),
    interests: { year: yearInWords(year), text: declared[declarationState(interests, year)] },
    message: messageOf(request),
  })
}

async function interestsPage(parts: LeaderParts, { leader }: LeaderRecord, request: RouteRequest): Promise<Answer> {
  const today = parts.clock.today().toString()
  const interests = await readInterests(parts.database.db, leader.id)
  return page('leaders/leader-interests.njk', {
    ...presentFrame(leader, 'interests', parts.vocabulary(), today),
    years: presentInterests(interests, leader, today),
    message: messageOf(request),
  })
}

async function historyPage(parts: LeaderParts, { leader }: LeaderRecord): Promise<Answer> {
  const vocabulary = parts.vocabulary()
  return page('leaders/leader-history.njk', {
    ...presentFrame(leader, 'history', vocabulary, parts.clock.today().toString()),
    changes: presentHistory(
      await readAudit(parts.database.db, [{ record: 'leader', keys: [leader.id] }]),
      historyWords(vocabulary),
    ),
  })
}
