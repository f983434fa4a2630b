import { getJudged, type JudgedSchool } from '../eligibility/index.ts'
import { type Actor, covers, isMachine, type Place } from '../platform/actor.ts'
import type { StandingParts } from './follow-standings.ts'
import { floorsOf, type RunStanding } from './standing-of-pack.ts'
import { type Floor, valueOn } from './standing-rules.ts'
import { readPlacesOf, readStandings, type StandingRecord } from './standing-store.ts'

/** A school with its level today, its history, and the floors that are in force. */
export type SchoolStanding = {
  readonly school: JudgedSchool['school']
  readonly now: StandingRecord | undefined
  /** Oldest first, with what was set aside and what is decided for later. */
  readonly values: readonly StandingRecord[]
  readonly floors: readonly Floor[]
}

/** Whether somebody has to do with a school in a programme: any of their roles of it reaches the place. */
export function isCloseTo({ pack }: RunStanding, actor: Actor, place: Place): boolean {
  return isMachine(actor) || actor.hats.some((hat) => hat.programme === pack.programme && covers(hat.scope, place))
}

/** Whether any role of somebody is of the programme at all. */
export function isIn({ pack }: RunStanding, actor: Actor): boolean {
  return isMachine(actor) || actor.hats.some((hat) => hat.programme === pack.programme)
}

/** The schools of the programme that somebody may see, by name: those that one who sets the standing looks after. */
export async function listSchoolStandings(
  { database, clock }: StandingParts,
  run: RunStanding,
  actor: Actor,
): Promise<SchoolStanding[]> {
  const today = clock.today().toString()
  const { pack, id, setters } = run
  const [judged, held, places] = await Promise.all([
    getJudged(database, pack, today),
    readStandings(database.db, { pack, standing: id }),
    readPlacesOf(database.db, { programme: pack.programme, roles: setters, on: today }),
  ])
  return judged.schools
    .filter(({ school }) => {
      const place = placeOfSchool(school)
      return isCloseTo(run, actor, place) && (covers(places, place) || held.has(school.urn))
    })
    .map((one) => toStanding(run, one, held.get(one.school.urn) ?? [], today))
    .sort((a, b) => order.compare(a.school.name, b.school.name) || a.school.urn - b.school.urn)
}

const order = new Intl.Collator('en-GB')

/** `unknown`: no such open school. `forbidden`: not this person's to see. */
export async function readSchoolStanding(
  parts: StandingParts,
  run: RunStanding,
  { urn, actor }: { urn: number; actor: Actor },
): Promise<SchoolStanding | 'unknown' | 'forbidden'> {
  const today = parts.clock.today().toString()
  const judged = await getJudged(parts.database, run.pack, today)
  const one = judged.schools.find(({ school }) => school.urn === urn)
  if (!one) return isIn(run, actor) ? 'unknown' : 'forbidden'
  if (!isCloseTo(run, actor, placeOfSchool(one.school))) return 'forbidden'
  const held = await readStandings(parts.database.db, { pack: run.pack, standing: run.id })
  return toStanding(run, one, held.get(urn) ?? [], today)
}

function toStanding(run: RunStanding, one: JudgedSchool, values: readonly StandingRecord[], today: string) {
  return { school: one.school, now: valueOn(values, today), values, floors: floorsOf(run, one) }
}

function placeOfSchool({ region, authorityCode, trustUid, urn }: JudgedSchool['school']): Place {
  return { region, authority: authorityCode, trust: trustUid, urn }
}
