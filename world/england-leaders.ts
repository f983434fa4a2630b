import { sql } from 'kysely'
import {
  createLeader,
  declareInterest,
  EMPTY_FIELDS,
  findWord,
  type LeaderFields,
  type LeaderVocabulary,
} from '../src/leaders/index.ts'
import { machineActor } from '../src/platform/actor.ts'
import type { Db } from '../src/platform/db.ts'
import type { England, EnglandLeader } from './england-file.ts'
import { leaderRole } from './england-people.ts'

const BY = machineActor('Invented England', 'system')

/** States of the roster; a file may have a standing of the programme instead, which says nothing about working. */
const ROSTER_STATES = ['active', 'paused', 'left']

export type LoadedLeaders = {
  readonly leadersAdded: number
  readonly leadersKept: number
  readonly leadersSkipped: readonly { readonly reference: string; readonly reason: string }[]
}

export type LeaderWords = { readonly vocabulary: LeaderVocabulary; readonly programmes: readonly string[] }

/** Puts the leaders in whose programme is loaded. Who is there stays as is. `year`: of the interests, as it begins. */
export async function storeLeaders(db: Db, england: England, words: LeaderWords, year: number): Promise<LoadedLeaders> {
  const { rows } = await sql<{ reference: string }>`select reference from leader`.execute(db)
  const held = new Set(rows.map((row) => row.reference))
  const skipped: { reference: string; reason: string }[] = []
  let added = 0
  for (const leader of england.leaders.filter(({ id }) => !held.has(id))) {
    const reason = whyNot(leader, england, words) ?? (await storeLeader(db, { leader, england, words, year }))
    if (reason === undefined) added += 1
    else skipped.push({ reference: leader.id, reason })
  }
  const kept = england.leaders.filter(({ id }) => held.has(id)).length
  return { leadersAdded: added, leadersKept: kept, leadersSkipped: skipped }
}

function whyNot(leader: EnglandLeader, england: England, { vocabulary, programmes }: LeaderWords): string | undefined {
  const programme = leaderRole(leader, england)?.[0]
  if (programme && !programmes.includes(programme)) return `no loaded pack is of the programme "${programme}"`
  return findWord(vocabulary.leaderTypes, leader.type) ? undefined : `no loaded pack has the type "${leader.type}"`
}

type LoadLeader = { leader: EnglandLeader; england: England; words: LeaderWords; year: number }

/** Undefined when the leader was stored, else why not; a refusal writes nothing. */
async function storeLeader(db: Db, { leader, england, words, year }: LoadLeader): Promise<string | undefined> {
  const { vocabulary } = words
  const fields = fieldsOf(leader, england, vocabulary)
  const created = await createLeader({ db }, { fields, vocabulary, by: BY })
  if (!created.ok) return created.refusals.map((one) => one.message).join('; ')
  // Each academic year asks anew on its first day.
  const interest = { leader: leader.id, year, today: `${year}-09-01`, by: BY }
  if (leader.conflicts?.length === 0)
    await declareInterest({ db }, { ...interest, target: '', nature: '', nothing: true })
  for (const target of leader.conflicts ?? [])
    await declareInterest({ db }, { ...interest, target, nature: 'Declared interest', nothing: false })
  return undefined
}

function fieldsOf(leader: EnglandLeader, england: England, vocabulary: LeaderVocabulary): LeaderFields {
  const authority = england.schools.find(({ urn }) => String(urn) === leader.base)?.la
  const region = leader.region ?? england.authorities.find(({ id }) => id === authority)?.region
  return {
    ...EMPTY_FIELDS,
    reference: leader.id,
    name: leader.name,
    email: leader.email ?? '',
    type: leader.type,
    alsoTypes: leader.also ? [leader.also] : [],
    organisation: leader.org,
    base: leader.base ?? '',
    region: england.regions.find(({ id }) => id === region)?.name ?? '',
    phases: leader.phases ?? [],
    // What a programme has no word for cannot be chosen or searched.
    expertise: (leader.expertise ?? []).filter((word) => findWord(vocabulary.focusAreas, word)),
    state: ROSTER_STATES.find((state) => state === leader.state) ?? 'active',
    days: daysOf(leader, vocabulary),
  }
}

/** Days by term: those of the term that the file's word stands in, or `per_term` in each. */
function daysOf({ days = {} }: EnglandLeader, { terms }: LeaderVocabulary): Record<string, string> {
  return Object.fromEntries(
    Object.entries(days).flatMap(([word, count]) => {
      const named = terms.filter((term) => `${term.id} ${term.title}`.toLowerCase().includes(word.toLowerCase()))
      return (word === 'per_term' ? terms : named.slice(0, 1)).map((term) => [term.id, String(count)])
    }),
  )
}
