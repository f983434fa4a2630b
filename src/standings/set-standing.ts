import { getJudged } from '../eligibility/index.ts'
import { type Actor, covers, type Hat, type Place, wearing } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import { AUDIT_RECORD, auditKeyOf, type StandingParts } from './follow-standings.ts'
import { findRunStanding, floorsOf, type RunStanding } from './standing-of-pack.ts'
import { type AskedStanding, decideStanding, titleOf, valueOn } from './standing-rules.ts'
import { readStanding, saveStanding } from './standing-store.ts'

export type SetStanding = {
  /** "programme@edition". */
  readonly ref: string
  readonly standing: string
  readonly urn: number
  readonly place: Place
  readonly asked: AskedStanding
  readonly reason: string
  /** Reference of the case in which it is decided. */
  readonly case: string | null
  readonly by: Actor
}

/** The hat in which somebody sets a standing at a place. */
export function settingHat({ pack, setters }: RunStanding, actor: Actor, place: Place): Hat | undefined {
  return actor.hats.find(
    (hat) => hat.programme === pack.programme && setters.includes(hat.role) && covers(hat.scope, place),
  )
}

/**
 * A person's decision on the level of a school, in the caller's transaction. Codes: `standing.unknown`, `not-allowed`, and those
 * of `decideStanding`.
 */
export async function setStanding(parts: StandingParts, db: Db, ask: SetStanding): Promise<Decision<void>> {
  const { urn, asked, reason, by } = ask
  const run = findRunStanding(parts.packs, ask.ref, ask.standing)
  if (!run) return refuse({ code: 'standing.unknown', message: 'This standing is not run by the service' })
  const hat = settingHat(run, by, ask.place)
  if (!hat) return refuse({ code: 'not-allowed', message: `${run.standing.title} is set by others` })
  const today = parts.clock.today().toString()
  const key = { pack: run.pack, standing: run.id }
  const judged = await getJudged(parts.database, run.pack, today)
  const floors = floorsOf(
    run,
    judged.schools.find(({ school }) => school.urn === urn),
  )
  const values = await readStanding(db, key, urn, true)
  const decided = decideStanding(asked, { levels: run.levels, values, floors, today })
  if (!decided.ok) return decided
  await saveStanding(db, key, urn, {
    change: decided.value,
    set: {
      origin: 'decision',
      row: null,
      evidence: '',
      by: by.name,
      as: hat.title,
      personId: by.personId,
      reason,
      case: ask.case,
      on: today,
      door: by.door,
    },
  })
  const before = valueOn(values, today)
  await writeAudit(db, {
    actor: wearing(by, hat),
    action: 'Level decided',
    record: AUDIT_RECORD,
    recordKey: auditKeyOf(run, urn),
    ...(before && { old: { level: titleOf(run.levels, before.level) } }),
    new: { level: inWords(run, asked), from: longDate(asked.from), ...(ask.case && { case: ask.case }) },
    reason,
  })
  return accept(undefined)
}

/** "Focused", "Focused, Team Around the School". */
export function inWords({ levels }: RunStanding, { level, variant }: Pick<AskedStanding, 'level' | 'variant'>): string {
  const title = titleOf(levels, level)
  return variant === null ? title : `${title}, ${levels.variants[variant]?.title ?? variant}`
}
