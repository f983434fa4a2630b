/** One connection of a leader with a school through the register. `via` says how: "leads 900045", "leads T-09". */
type Tie = { readonly key: string; readonly via: string; readonly source: string }

export type InterestFact = {
  readonly kind: 'school' | 'trust'
  readonly key: string
  readonly year: string
  readonly source: string
}

/**
 * What is known of a leader's ties. `trusts`, `authorities` and `dioceses` hold those through the own organisation and
 * base. `held` says whether the register holds the fact at all; `declared`: interests were answered for the current year.
 */
export type LeaderTies = {
  readonly reference: string
  readonly schools: readonly Tie[]
  readonly trusts: readonly Tie[]
  readonly authorities: readonly Tie[]
  readonly dioceses: readonly Tie[]
  readonly interests: readonly InterestFact[]
  readonly declared: boolean
  readonly held: { readonly trust: boolean; readonly authority: boolean; readonly diocese: boolean }
}

/** A fact of a school: null is the register's own "none", undefined is "not held". */
type Fact = { readonly key: string; readonly name: string } | null | undefined

/** A school (or a whole trust, without URN) that support is for. `earlierUrns`: the schools it followed, nearest first. */
export type SubjectTies = {
  readonly label: string
  readonly urn: string | null
  readonly earlierUrns: readonly string[]
  readonly trust: Fact
  readonly authority: Fact
  readonly diocese: Fact
}

export type ConflictKind = 'same-school' | 'same-trust' | 'declared-interest' | 'same-authority' | 'same-diocese'
export type Conflict = { readonly kind: ConflictKind; readonly path: string; readonly source: string }

/** Facts that would be needed to say "no conflict" and are absent; absent is never read as none. */
export type NotHeld = 'trust' | 'interests' | 'authority' | 'diocese'
export type ConflictAnswer = { readonly conflicts: readonly Conflict[]; readonly notHeld: readonly NotHeld[] }

/** Which wider ties a programme counts as conflicts; school, trust and declared interests always count (TSI-090). */
export type ConflictSwitches = { readonly authority: boolean; readonly diocese: boolean }

/** What ties this leader to this school, each with the path that connects them, and which facts are missing. */
export function findConflicts(leader: LeaderTies, subject: SubjectTies, switches: ConflictSwitches): ConflictAnswer {
  return prepareConflicts([leader], [subject], switches)(leader.reference, subject.label)
}

/**
 * The same for many pairs: ties become maps once, each pair then costs a few look-ups (600 leaders by 800 schools).
 * Subjects are asked for by their label. Throws RangeError for a leader or subject that was not prepared.
 */
export function prepareConflicts(
  leaders: readonly LeaderTies[],
  subjects: readonly SubjectTies[],
  switches: ConflictSwitches,
): (leader: string, subject: string) => ConflictAnswer {
  const leadersByReference = new Map(leaders.map((leader) => [leader.reference, prepareLeader(leader)]))
  const subjectsByLabel = new Map(subjects.map((subject) => [subject.label, subject]))
  return (reference, label) => {
    const leader = leadersByReference.get(reference)
    const subject = subjectsByLabel.get(label)
    if (!leader || !subject) throw new RangeError(`No facts were read for ${reference} and ${label}`)
    return {
      conflicts: [
        ...ownSchool(leader, subject),
        ...sharedBody(leader, 'same-trust', leader.trusts, subject, subject.trust),
        ...declared(leader, subject),
        ...(switches.authority
          ? sharedBody(leader, 'same-authority', leader.authorities, subject, subject.authority)
          : []),
        ...(switches.diocese ? sharedBody(leader, 'same-diocese', leader.dioceses, subject, subject.diocese) : []),
      ],
      notHeld: missing(leader.ties, subject, switches),
    }
  }
}

type PreparedLeader = {
  readonly reference: string
  readonly ties: LeaderTies
  readonly schools: ReadonlyMap<string, Tie>
  readonly trusts: ReadonlyMap<string, Tie>
  readonly authorities: ReadonlyMap<string, Tie>
  readonly dioceses: ReadonlyMap<string, Tie>
  readonly schoolInterests: ReadonlyMap<string, InterestFact>
  readonly trustInterests: ReadonlyMap<string, InterestFact>
}

function prepareLeader(ties: LeaderTies): PreparedLeader {
  // The first tie of a key is the nearest one (the organisation before the base), so it is the one kept.
  const byKey = <T extends { key: string }>(all: readonly T[]) => new Map(all.toReversed().map((one) => [one.key, one]))
  return {
    reference: ties.reference,
    ties,
    schools: byKey(ties.schools),
    trusts: byKey(ties.trusts),
    authorities: byKey(ties.authorities),
    dioceses: byKey(ties.dioceses),
    schoolInterests: byKey(ties.interests.filter((one) => one.kind === 'school')),
    trustInterests: byKey(ties.interests.filter((one) => one.kind === 'trust')),
  }
}

function ownSchool(leader: PreparedLeader, subject: SubjectTies): Conflict[] {
  for (const urn of urnsOf(subject)) {
    const tie = leader.schools.get(urn)
    if (tie)
      return [
        { kind: 'same-school', path: `${leader.reference} ${tie.via}${followed(subject, urn)}`, source: tie.source },
      ]
  }
  return []
}

const SHARED = {
  'same-trust': 'belongs to',
  'same-authority': 'lies in',
  'same-diocese': 'belongs to',
} as const

function sharedBody(
  leader: PreparedLeader,
  kind: keyof typeof SHARED,
  ties: ReadonlyMap<string, Tie>,
  subject: SubjectTies,
  body: Fact,
): Conflict[] {
  const tie = body ? ties.get(body.key) : undefined
  if (!tie) return []
  const path =
    kind === 'same-trust' && subject.urn === null
      ? `${leader.reference} ${tie.via}`
      : `${leader.reference} ${tie.via}, which ${subject.label} ${SHARED[kind]}`
  return [{ kind, path, source: tie.source }]
}

function declared(leader: PreparedLeader, subject: SubjectTies): Conflict[] {
  const found: Conflict[] = []
  const declaredIn = (interest: InterestFact) =>
    `${leader.reference} declared an interest in ${interest.key} for ${interest.year}`
  for (const urn of urnsOf(subject)) {
    const interest = leader.schoolInterests.get(urn)
    if (interest)
      found.push({
        kind: 'declared-interest',
        path: `${declaredIn(interest)}${followed(subject, urn)}`,
        source: interest.source,
      })
  }
  const interest = subject.trust ? leader.trustInterests.get(subject.trust.key) : undefined
  if (interest)
    found.push({
      kind: 'declared-interest',
      path: subject.urn === null ? declaredIn(interest) : `${declaredIn(interest)}, which ${subject.label} belongs to`,
      source: interest.source,
    })
  return found
}

function urnsOf(subject: SubjectTies): readonly string[] {
  return subject.urn === null ? [] : [subject.urn, ...subject.earlierUrns]
}

function followed(subject: SubjectTies, urn: string): string {
  return urn === subject.urn ? '' : `, which ${subject.label} followed`
}

const NOTHING_MISSING: readonly NotHeld[] = []

function missing({ held, declared }: LeaderTies, subject: SubjectTies, switches: ConflictSwitches): readonly NotHeld[] {
  const absent: NotHeld[] = []
  if (!held.trust || subject.trust === undefined) absent.push('trust')
  if (!declared) absent.push('interests')
  if (switches.authority && (!held.authority || subject.authority === undefined)) absent.push('authority')
  if (switches.diocese && (!held.diocese || subject.diocese === undefined)) absent.push('diocese')
  return absent.length > 0 ? absent : NOTHING_MISSING
}
