import { longDate } from '../platform/words.ts'
import { packRef } from '../programmes/index.ts'
import { inWords } from './set-standing.ts'
import type { RunStanding } from './standing-of-pack.ts'
import { titleOf } from './standing-rules.ts'
import type { StandingRecord } from './standing-store.ts'
import type { SchoolStanding } from './standing-view.ts'

/** `/standings/<programme@edition>/<standing>`: the list of schools by level. */
export function standingHref({ pack, id }: RunStanding, urn?: number): string {
  const list = `/standings/${packRef(pack)}/${id}`
  return urn === undefined ? list : `${list}/schools/${urn}`
}

/** What is to be done about a level that a rule set: nothing where a person decided it. */
export function stateOf({
  now,
  floors,
}: Pick<SchoolStanding, 'now' | 'floors'>): 'decided' | 'to confirm' | 'to review' | 'none' {
  if (!now) return 'none'
  if (now.origin === 'decision') return 'decided'
  return floors.some(({ row }) => row === now.row) ? 'to confirm' : 'to review'
}

/** "Enhanced (automatic, to confirm)", "Focused, Team Around the School", "Not categorised". */
export function levelInWords(run: RunStanding, view: Pick<SchoolStanding, 'now' | 'floors'>): string {
  const { now } = view
  if (!now) return run.pack.eligibility.none ?? 'No level yet'
  const title = inWords(run, now)
  const state = stateOf(view)
  if (state === 'to confirm') return `${title} (automatic, to confirm)`
  return state === 'to review' ? `${title} (automatic, to review: what set it holds no more)` : title
}

/** A school as a row of the list. */
export function presentRow(run: RunStanding, view: SchoolStanding) {
  const { school, now } = view
  return {
    urn: school.urn,
    name: school.name,
    href: standingHref(run, school.urn),
    phase: school.phase ?? '',
    authority: school.authority ?? '',
    level: levelInWords(run, view),
    isOpen: now?.origin === 'floor',
    since: now ? longDate(now.from) : '',
    from: now?.from ?? '',
    by: now ? byInWords(now) : '',
    why: now ? whyInWords(now) : '',
  }
}

function byInWords({ origin, by, as }: StandingRecord): string {
  if (origin === 'floor') return 'A rule of the programme'
  return as ? `${by}, ${as}` : by
}

function whyInWords({ origin, evidence, reason }: StandingRecord): string {
  return origin === 'floor' ? evidence : (reason ?? '')
}

/** Everything that the page of one school prints. */
export function presentSchool(run: RunStanding, view: SchoolStanding, today: string) {
  const { pack, standing, levels } = run
  const { school, values, floors } = view
  const level = standing.order.find(({ id }) => id === view.now?.level)
  return {
    title: `${school.name}: ${standing.title.toLowerCase()}`,
    heading: school.name,
    caption: `${standing.title} · ${pack.title}`,
    section: 'standings',
    breadcrumbs: [{ text: standing.title, href: standingHref(run) }],
    level: levelInWords(run, view),
    state: stateOf(view),
    since: view.now ? longDate(view.now.from) : null,
    note: level?.note ?? null,
    floors: floors.map((floor) => ({ level: titleOf(levels, floor.level), evidence: floor.evidence })),
    values: values.toReversed().map((value) => ({
      level: inWords(run, value),
      from: longDate(value.from),
      to: lastDay(value, today),
      isNow: value === view.now,
      by: byInWords(value),
      why: whyInWords(value),
      case: value.case && { reference: value.case, href: `/cases/${encodeURIComponent(value.case)}` },
      recorded: longDate(value.recordedOn),
    })),
    schoolHref: `/schools/${school.urn}`,
    tableHref: `/eligibility/${packRef(pack)}/schools/${school.urn}`,
    programmeHref: `/programmes/${packRef(pack)}`,
  }
}

/** The last day on which it held; what never held a day was set aside. */
function lastDay({ from, until }: StandingRecord, today: string): string {
  if (from === until) return 'set aside before it held a day'
  if (until === null) return from > today ? 'not begun' : 'holds'
  return longDate(Temporal.PlainDate.from(until).subtract({ days: 1 }).toString())
}

/** The same as data, for the API and the command line. */
export function standingJson(run: RunStanding, view: SchoolStanding) {
  const { school, now, values, floors } = view
  return {
    ref: packRef(run.pack),
    standing: run.id,
    urn: school.urn,
    name: school.name,
    authority: school.authorityCode,
    level: now?.level ?? null,
    variant: now?.variant ?? null,
    words: levelInWords(run, view),
    state: stateOf(view),
    from: now?.from ?? null,
    origin: now?.origin ?? null,
    floors,
    history: values.map(({ id: _, urn: _urn, ...value }) => value),
  }
}
