import { getJudged, type JudgedSchool } from '../eligibility/index.ts'
import { covers, machineActor, type Scope } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { longDate } from '../platform/words.ts'
import type { Pack } from '../programmes/index.ts'
import { packRef } from '../programmes/index.ts'
import { floorsOf, listRunStandings, type RunStanding } from './standing-of-pack.ts'
import { highestFloor, raiseToFloor, titleOf, valueOn } from './standing-rules.ts'
import { readPlacesOf, readStanding, readStandings, saveStanding } from './standing-store.ts'

const BY = machineActor('Alongside', 'system')

export type StandingParts = { readonly database: Database; readonly clock: Clock; readonly packs: readonly Pack[] }

/** The name of a school's standing in the audit. */
export const AUDIT_RECORD = 'standing'

export function auditKeyOf({ pack, id }: Pick<RunStanding, 'pack' | 'id'>, urn: number): string {
  return `${packRef(pack)} ${id} ${urn}`
}

/**
 * Raises every school to the floors that are in force today, in every standing that runs, from the first day of its edition on.
 * Schools are those that somebody who sets the standing looks after. Answers how many were raised.
 */
export function followStandings(parts: StandingParts): Promise<number> {
  return runAsMachine(async () => {
    let raised = 0
    for (const one of listRunStandings(parts.packs)) raised += await followOne(parts, one)
    return raised
  })
}

async function followOne({ database, clock }: StandingParts, run: RunStanding): Promise<number> {
  const today = clock.today().toString()
  const { pack, id, setters } = run
  if (!run.standing.floors || today < pack['academic-year'].from) return 0
  const places = await readPlacesOf(database.db, { programme: pack.programme, roles: setters, on: today })
  if (isNowhere(places)) return 0
  const [judged, held] = await Promise.all([
    getJudged(database, pack, today),
    readStandings(database.db, { pack, standing: id }),
  ])
  let raised = 0
  for (const one of judged.schools) {
    if (!isOf(places, one)) continue
    const floor = highestFloor(run.levels, floorsOf(run, one))
    if (!floor || !raiseToFloor(run.levels, held.get(one.school.urn) ?? [], floor, today)) continue
    await inOneTransaction(database.db, (db) => raise(db, run, one, today))
    raised += 1
  }
  return raised
}

/** Read again under the lock: somebody may have decided in the meantime. */
async function raise(db: Db, run: RunStanding, one: JudgedSchool, today: string): Promise<void> {
  const { urn } = one.school
  const key = { pack: run.pack, standing: run.id }
  const values = await readStanding(db, key, urn, true)
  const floor = highestFloor(run.levels, floorsOf(run, one))
  const change = floor && raiseToFloor(run.levels, values, floor, today)
  if (!floor || !change) return
  await saveStanding(db, key, urn, {
    change,
    set: {
      origin: 'floor',
      row: floor.row,
      evidence: floor.evidence,
      by: 'a rule of the programme',
      as: null,
      personId: null,
      reason: null,
      case: null,
      on: today,
      door: BY.door,
    },
  })
  const before = valueOn(values, today)
  await writeAudit(db, {
    actor: BY,
    action: change.set ? 'Level raised by a rule' : 'Lower level set aside by a rule',
    record: AUDIT_RECORD,
    recordKey: auditKeyOf(run, urn),
    ...(before && { old: { level: titleOf(run.levels, before.level) } }),
    new: {
      ...(change.set && { level: titleOf(run.levels, floor.level), from: longDate(change.set.from) }),
      because: floor.evidence,
    },
  })
}

function isNowhere({ everything, regions, authorities, organisations, establishments }: Scope): boolean {
  return !everything && [regions, authorities, organisations, establishments].every((part) => part.length === 0)
}

function isOf(places: Scope, { school }: JudgedSchool): boolean {
  const { region, authorityCode, trustUid, urn } = school
  return covers(places, { region, authority: authorityCode, trust: trustUid, urn })
}

/** Each school by itself, or all within the transaction of a day that is moved. */
function inOneTransaction(db: Db, work: (transaction: Db) => Promise<void>): Promise<void> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
