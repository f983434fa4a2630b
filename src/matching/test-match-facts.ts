import fc from 'fast-check'
import { type LeaderFacts, type MatchFacts, type MatchSettings, type NeedFacts, NO_TIES } from './match-facts.ts'

/** A small match that nobody lives in, for tests: each fact can be set, the rest is plain and in reach. */
export const PLAIN_SETTINGS: MatchSettings = {
  exercise: false,
  weights: { expertise: 40, experience: 25, capacity: 15, priority: 10, distance: 10, 'leader-type': 5 },
  limits: { travelMiles: 60, homeRegionOnly: false, phaseRequired: false, sameAuthority: false, sameDiocese: false },
  leaderTypes: [
    { id: 'trust-head', name: 'Trust head', rank: 1 },
    { id: 'expert', name: 'Expert', rank: 2, reason: 'Why is no trust head available?' },
  ],
  areaNames: { reading: 'Reading', numbers: 'Numbers', behaviour: 'Behaviour' },
  regionPriorities: { North: ['reading'] },
}

export function inventedNeed(id: string, changes: Partial<NeedFacts> & { miles?: number } = {}): NeedFacts {
  const { miles = 0, ...given } = changes
  const school = {
    id: Number(id.replace(/\D/g, '')) || 1,
    urn: 900_000 + (Number(id.replace(/\D/g, '')) || 1),
    name: `School ${id}`,
    phase: 'Primary',
    authority: 'Northmoor',
    region: 'North',
    trust: null,
    place: { easting: 400_000 + Math.round(miles * 1609.344), northing: 500_000 },
  }
  return { id, school, days: 5, priority: 1, areas: ['reading', 'numbers'], ...given }
}

export function inventedLeader(id: string, changes: Partial<LeaderFacts> & { miles?: number } = {}): LeaderFacts {
  const { miles = 0, ...given } = changes
  return {
    id,
    version: 1,
    label: id,
    types: ['trust-head'],
    active: true,
    region: 'North',
    worksOutOfRegion: true,
    travelLimitMiles: null,
    phases: ['primary'],
    expertise: ['reading'],
    base: 'A base',
    place: { easting: 400_000 + Math.round(miles * 1609.344), northing: 500_000 },
    organisation: 'A trust',
    offeredDays: 10,
    freeDays: 10,
    deployments: null,
    ...given,
  }
}

export function inventedFacts(changes: Partial<MatchFacts>): MatchFacts {
  return {
    needs: [],
    leaders: [],
    tiesOf: () => NO_TIES,
    settings: PLAIN_SETTINGS,
    locked: [],
    forbidden: [],
    cleared: [],
    ...changes,
  }
}

const AREAS = ['reading', 'numbers', 'behaviour']
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const halves = (most: number) => fc.integer({ min: 1, max: most * 2 }).map((half) => half / 2)

/** Small instances with everything that may be missing sometimes missing; few enough to try every assignment. */
export const anyFacts: fc.Arbitrary<MatchFacts> = fc
  .record({
    needs: fc.array(
      fc.record({
        days: halves(6),
        priority: fc.integer({ min: 1, max: 3 }),
        areas: maybe(fc.subarray(AREAS)),
        miles: fc.integer({ min: 0, max: 90 }),
        placed: fc.boolean(),
        region: maybe(fc.constantFrom('North', 'South')),
        phase: maybe(fc.constantFrom('Primary', 'Secondary', 'All-through', 'Not applicable')),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    leaders: fc.array(
      fc.record({
        freeDays: maybe(halves(9)),
        expertise: maybe(fc.subarray(AREAS)),
        phases: maybe(fc.subarray(['primary', 'secondary', 'all-through'])),
        types: fc.subarray(['trust-head', 'expert']),
        miles: fc.integer({ min: 0, max: 90 }),
        region: maybe(fc.constantFrom('North', 'South')),
        worksOutOfRegion: fc.boolean(),
        travelLimitMiles: maybe(fc.integer({ min: 10, max: 80 })),
        deployments: maybe(fc.integer({ min: 0, max: 5 })),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    exercise: fc.boolean(),
    weight: fc.double({ min: 0, max: 50, noNaN: true }),
    phaseRequired: fc.boolean(),
    homeRegionOnly: fc.boolean(),
    ties: fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.constantFrom('same-trust', 'declared-interest', 'same-diocese')), {
      maxLength: 3,
    }),
    forbidden: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 2 }),
  })
  .map(({ needs, leaders, exercise, weight, phaseRequired, homeRegionOnly, ties, forbidden }) => {
    const pairsOf = (all: readonly (readonly [number, number, ...unknown[]])[]) =>
      all.map(([need, leader]) => ({ need: `N${need}`, leader: `L${leader}` }))
    return inventedFacts({
      needs: needs.map(({ region, phase, placed, ...need }, index) => {
        const plain = inventedNeed(`N${index}`, need)
        return { ...plain, school: { ...plain.school, region, phase, place: placed ? plain.school.place : null } }
      }),
      leaders: leaders.map((leader, index) => inventedLeader(`L${index}`, leader)),
      tiesOf: (need, leader) => ({
        conflicts: ties
          .filter(([n, l]) => need.id === `N${n}` && leader.id === `L${l}`)
          .map(([, , kind]) => ({ kind, path: 'a path', source: 'a source' })),
        notHeld: [],
      }),
      settings: {
        ...PLAIN_SETTINGS,
        exercise,
        weights: { ...PLAIN_SETTINGS.weights, distance: weight },
        limits: { ...PLAIN_SETTINGS.limits, phaseRequired, homeRegionOnly },
      },
      forbidden: pairsOf(forbidden),
    })
  })
