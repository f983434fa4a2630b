import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import type { Database, Db } from '../platform/db.ts'
import type { Leader } from './leader.ts'
import { recordHistory } from './leader-history.ts'
import { historyValues, insertLeaders } from './leader-store.ts'
import { inTransaction } from './leader-tables.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

/** Where an authority's schools lie in the mean (metres), and how far they scatter. */
type Area = { code: string; region: string; easting: number; northing: number; spread: number; schools: number }

const BY = machineActor('Exercise', 'system')

/**
 * Puts invented leaders beside the real register, for trying matching out: "Leader 001" onwards, without names, interests
 * or expertise, each based at a point (no school) near the middle of an authority. The same register gives the same leaders;
 * those that are there already stay as they are. Answers how many were added and how many of the series there are now.
 */
export function seedExerciseLeaders(
  { db }: Pick<Database, 'db'>,
  { vocabulary, count = 300 }: { vocabulary: LeaderVocabulary; count?: number },
): Promise<{ added: number; total: number }> {
  return inTransaction(db, async (transaction) => {
    const leaders = inventLeaders(await readAreas(transaction), vocabulary, count)
    const added = await insertLeaders(transaction, leaders)
    await recordHistory(
      transaction,
      BY,
      added.map(({ id, leader }) => ({
        leaderId: id,
        what: 'Added',
        after: historyValues(leader),
        reason: 'Invented for an exercise',
      })),
    )
    return { added: added.length, total: leaders.length }
  })
}

async function readAreas(db: Db): Promise<Area[]> {
  const { rows } = await sql<Area>`
    select a.code, a.region, round(avg(e.easting))::integer as easting, round(avg(e.northing))::integer as northing,
      round(coalesce(stddev_pop(e.easting) + stddev_pop(e.northing), 0) / 2)::integer as spread, count(*)::integer as schools
    from establishment e join authority a on a.code = e.authority_code
    where e.closed is null and e.easting is not null and e.urn < 900000 and a.region is not null
    group by a.code, a.region order by a.code`.execute(db)
  return rows
}

/** Pure: the same areas and words give the same leaders. Areas with more schools have more of them. */
export function inventLeaders(areas: readonly Area[], vocabulary: LeaderVocabulary, count: number): Leader[] {
  if (areas.length === 0 || vocabulary.leaderTypes.length === 0) return []
  const random = seededRandom(20230901)
  return Array.from({ length: count }, (_, index) =>
    inventLeader(index + 1, pickArea(areas, random()), vocabulary, random),
  )
}

const PHASE_CHOICES = [['primary'], ['primary'], ['primary'], ['secondary'], ['secondary'], ['primary', 'secondary']]
const TRAVEL_LIMITS = [20, 30, 30, 40, 40, 50, 60, 80]
/** Half days in a term; zeros and full terms are rarer than the middle. */
const HALF_DAY_CHOICES = [0, 0, 4, 6, 8, 10, 10, 12, 15, 16, 20, 20, 24, 25, 30, 40]

function inventLeader(
  number: number,
  area: Area,
  { leaderTypes, terms }: LeaderVocabulary,
  random: () => number,
): Leader {
  const serial = String(number).padStart(3, '0')
  // The sum of three even draws lies near the middle of the authority, and never far outside it.
  const off = () => Math.round((random() + random() + random() - 1.5) * Math.min(area.spread, 25_000))
  const easting = area.easting + off()
  const northing = area.northing + off()
  const key = `${easting}, ${northing}`
  const organisation = `Invented organisation ${serial}`
  return {
    reference: `Leader ${serial}`,
    name: '',
    email: '',
    // The first type is the usual one (TSI-021: mostly the heads of trusts).
    type: (random() < 0.7 ? leaderTypes[0] : pick(leaderTypes, random()))?.id ?? '',
    alsoTypes: [],
    organisation: { kind: 'invented', key: organisation, name: organisation, establishmentId: null },
    base: { key, name: key, establishmentId: null, easting, northing },
    region: area.region,
    phases: pick(PHASE_CHOICES, random()) ?? [],
    schoolTypes: random() < 0.3 ? ['academy'] : ['maintained', 'academy'],
    expertise: [],
    travelLimitMiles: random() < 0.85 ? (pick(TRAVEL_LIMITS, random()) ?? null) : null,
    worksOutOfRegion: random() < 0.6,
    state: random() < 0.96 ? 'active' : 'paused',
    exercise: true,
    days: Object.fromEntries(terms.map((term) => [term.id, pick(HALF_DAY_CHOICES, random()) ?? 0])),
  }
}

function pick<T>(choices: readonly T[], draw: number): T | undefined {
  return choices[Math.floor(draw * choices.length)]
}

function pickArea(areas: readonly Area[], draw: number): Area {
  const total = areas.reduce((sum, area) => sum + area.schools, 0)
  let left = draw * total
  const found = areas.find((area) => {
    left -= area.schools
    return left < 0
  })
  return found ?? areas[0] ?? { code: '', region: '', easting: 0, northing: 0, spread: 0, schools: 0 }
}

/** A small seeded generator (mulberry32), so that every machine invents the same leaders. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
