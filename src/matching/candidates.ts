import { sql } from 'kysely'
import { academicYear, type LeaderVocabulary, readCapacity, readConflicts } from '../leaders/index.ts'
import type { Db } from '../platform/db.ts'
import { countOf } from '../platform/words.ts'
import type { Pack } from '../programmes/index.ts'
import { constraintContext, type Exclusion, exclusionsOf, isOutOfRegion } from './hard-constraints.ts'
import { findMatchedType, type LeaderFacts, type NeedFacts, pairingOf } from './match-facts.ts'
import { leaderOf, readSchools } from './match-facts-store.ts'
import { leaderTypesOf, startOf } from './pack-settings.ts'
import { milesInWords } from './score.ts'

/** A leader beside one school or the schools of a trust, as somebody who looks for one reads it. Days are whole or halves. */
export type Candidate = {
  readonly reference: string
  readonly name: string
  readonly organisation: string
  readonly region: string | null
  /** As what the leader would be matched: the first of the programme's types that they have. */
  readonly type: string
  readonly rank: number
  /** To the nearest of the schools; null where a place is not held. */
  readonly miles: number | null
  readonly distance: string
  /** The home region is another than that of the supported schools. */
  readonly isOutOfArea: boolean
  /** In the terms that are not over on the day. */
  readonly freeDays: number
  /** The same by term where there are several: "Autumn term 2023: 4, Spring term 2024: 0". */
  readonly freeByTerm: string
  /** What speaks against the match by the programme's own rules; nothing of it is decided here. */
  readonly against: readonly Exclusion[]
  /** The leader's own school beside the supported one, in words from the register. */
  readonly ownSchool: string
}

export type CandidateQuestion = {
  readonly pack: Pack
  readonly vocabulary: LeaderVocabulary
  /** The supported school, or the schools of the supported trust. */
  readonly urns: readonly number[]
  /** Days that are needed. */
  readonly days: number
  /** Plain date. */
  readonly today: string
  readonly allRegions: boolean
}

/**
 * Active leaders of the asker's scope, of the region of the schools or of all regions (TSI-148): those of the programme's first type
 * before the others (TSI-021), and of each type the nearest first.
 */
export async function readCandidates(db: Db, question: CandidateQuestion): Promise<Candidate[]> {
  const { pack, vocabulary, urns, today, allRegions } = question
  const schools = await readSchools(db, urns)
  const window = vocabulary.terms.filter((term) => term.to >= today)
  const leaders = (await readCapacity(db, window)).filter((one) => one.state === 'active' && !one.exercise)
  const { limits, weights } = startOf(pack)
  const answer = await readConflicts(db, {
    leaders: leaders.map(({ reference }) => reference),
    urns,
    switches: { authority: limits.sameAuthority, diocese: limits.sameDiocese },
    year: academicYear(today),
  })
  const tiesOf = (need: NeedFacts, leader: LeaderFacts) => answer(leader.id, need.school.urn ?? 0)
  const settings = {
    exercise: false,
    weights,
    limits,
    leaderTypes: leaderTypesOf(pack),
    areaNames: {},
    regionPriorities: {},
  }
  const context = constraintContext({ settings, forbidden: [], cleared: [] })
  const bases = await readBases(
    db,
    leaders.map(({ id }) => id),
  )
  const supported = await readSupported(db, urns)
  const needs = schools.map((school) => ({
    id: String(school.id),
    school,
    days: question.days,
    priority: 1,
    areas: null,
  }))
  const candidates = leaders.flatMap((held): Candidate[] => {
    const freeDays = held.freeHalfDays / 2
    const leader = { ...leaderOf(held, 0), freeDays }
    const pairings = needs.map((need) => pairingOf(need, leader, { tiesOf })).toSorted(byMiles)
    const [nearest] = pairings
    if (!nearest) return []
    const matchedAs = findMatchedType(leader, settings.leaderTypes)
    const against = new Map(pairings.flatMap((pairing) => exclusionsOf(pairing, context)).map((one) => [one.code, one]))
    return [
      {
        reference: leader.id,
        name: leader.label,
        organisation: leader.organisation ?? '',
        region: leader.region,
        type: matchedAs?.name ?? '',
        rank: matchedAs?.rank ?? Number.MAX_SAFE_INTEGER,
        miles: nearest.miles,
        distance: milesInWords(nearest.miles),
        isOutOfArea: isOutOfRegion(nearest),
        freeDays,
        freeByTerm:
          window.length > 1
            ? window.map(({ title }, at) => `${title}: ${(held.capacity[at]?.free ?? 0) / 2}`).join(', ')
            : '',
        against: [...against.values()],
        ownSchool: likeness(bases.get(held.id), supported),
      },
    ]
  })
  return candidates
    .filter(({ isOutOfArea }) => allRegions || !isOutOfArea)
    .toSorted((a, b) => a.rank - b.rank || byMiles(a, b))
}

function byMiles(a: { readonly miles: number | null }, b: { readonly miles: number | null }): number {
  return (a.miles ?? Number.POSITIVE_INFINITY) - (b.miles ?? Number.POSITIVE_INFINITY)
}

type Base = { readonly phase: string | null; readonly pupils: number | null; readonly schools: number | null }

/** Phase and size of the school where a leader is at home, and how many schools the leader's trust has. */
async function readBases(db: Db, leaderIds: readonly number[]): Promise<Map<number, Base>> {
  const { rows } = await sql<Base & { id: number }>`
    select l.id, e.phase, e.pupils, case when e.trust_uid is null then null else
      (select count(*)::integer from establishment o where o.trust_uid = e.trust_uid and o.closed is null) end as schools
    from leader l join establishment e on e.id = l.base_establishment_id where l.id = any(${leaderIds})`.execute(db)
  return new Map(rows.map(({ id, ...base }) => [id, base]))
}

/** "supported: primary, 214 pupils", or how many schools the supported trust has. */
async function readSupported(db: Db, urns: readonly number[]): Promise<string> {
  if (urns.length !== 1) return `supported: ${countOf(urns.length, 'school')} of a trust`
  const { rows } = await sql<Pick<Base, 'phase' | 'pupils'>>`
    select phase, pupils from establishment where urn = any(${urns})`.execute(db)
  return `supported: ${rows.map(inWords).join()}`
}

function inWords({ phase, pupils }: Pick<Base, 'phase' | 'pupils'>): string {
  const parts = [phase?.toLowerCase(), pupils === null ? 'number of pupils not held' : countOf(pupils, 'pupil')]
  return parts.filter(Boolean).join(', ')
}

/** "own: primary, 412 pupils, in a trust of 1 school; supported: primary, 214 pupils" */
function likeness(base: Base | undefined, supported: string): string {
  if (!base) return `own: not held; ${supported}`
  const trust = base.schools === null ? 'in no trust' : `in a trust of ${countOf(base.schools, 'school')}`
  return `own: ${inWords(base)}, ${trust}; ${supported}`
}
