import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { type Pack, packRef, type Trigger } from '../programmes/index.ts'
import { isWhile, listHeld } from '../standings/index.ts'
import type { CaseParts } from './case-parts.ts'
import { findCase, insertNotice } from './case-store.ts'
import { startCase } from './start-case.ts'
import { actsOn } from './subject-change-notice.ts'

const BY = machineActor('Alongside', 'system')

/**
 * Begins the case that a level asks for, such as its plan, where a school has come to the level or above and has had none since.
 * Answers how many were begun.
 */
export function beginByLevel(parts: CaseParts): Promise<number> {
  return runAsMachine(async () => {
    let begun = 0
    for (const pack of parts.packs)
      for (const trigger of Object.values(pack.process?.triggers ?? {})) begun += await beginOf(parts, pack, trigger)
    return begun
  })
}

async function beginOf(parts: CaseParts, pack: Pack, trigger: Trigger): Promise<number> {
  const { event, standing = '', level, opens } = trigger
  const flow = opens.flow ?? ''
  const order = pack.process?.standings?.[standing]?.order
  const today = parts.clock.today().toString()
  if (event !== 'standing-change' || !order || !level || !pack.process?.flows?.[flow]) return 0
  const { db } = parts.database
  const held = await listHeld(db, { pack, standing }, today)
  let begun = 0
  for (const { urn } of held.filter((one) => isWhile(order, one, { 'at-least': level }))) {
    if (await hasCase(db, { programme: pack.programme, flow, standing, urn, today })) continue
    const subject = { kind: 'school', urn } as const
    const started = await startCase(parts, { programme: packRef(pack), flow, subject, by: BY })
    if (!started.ok) continue
    begun += 1
    await tellOf(db, started.value.reference, trigger, today)
  }
  return begun
}

type Sought = { programme: string; flow: string; standing: string; urn: number; today: string }

/** Whether the school has an open case of the flow, or has had one since its present level began. */
async function hasCase(db: Db, { programme, flow, standing, urn, today }: Sought): Promise<boolean> {
  const { rows } = await sql`select from support_case
    where programme = ${programme} and flow = ${flow} and urn = ${urn} and (status <> 'closed' or started_on >= (
      select max(s.from_on) from standing s join establishment e on e.id = s.establishment_id
      where e.urn = ${urn} and s.programme = ${programme} and s.standing = ${standing} and s.from_on <= ${today}))`.execute(
    db,
  )
  return rows.length > 0
}

async function tellOf(db: Db, reference: string, { tell = [], title }: Trigger, today: string): Promise<void> {
  const record = await findCase(db, reference)
  if (!record) return
  for (const party of tell) {
    const acts = await actsOn(db, record, party, today)
    await insertNotice(db, { caseId: record.id, party, acts, words: title, on: today })
  }
}
