import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { longDate } from '../platform/words.ts'
import type { Pack } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { yearlyOf } from './checklist.ts'
import { openWorkDesk } from './work-desk.ts'

const BY = machineActor('Alongside', 'system')

/**
 * Tells those whom the pack names of a duty of the year that is past its day in a case which was open by then, once for each
 * case (TSI-159). Nothing is barred by it. Answers how many cases were told of.
 */
export function tellYearlyDuties(parts: CaseParts): Promise<number> {
  return runAsMachine(async () => {
    let told = 0
    for (const pack of parts.packs) told += await tellOfPack(parts, pack)
    return told
  })
}

async function tellOfPack(parts: CaseParts, pack: Pack): Promise<number> {
  const { db } = parts.database
  const today = parts.clock.today().toString()
  const year = pack['academic-year']
  let told = 0
  for (const [id, { title, yearly }] of Object.entries(pack.work?.checklists ?? {})) {
    if (!yearly || !pack.work || today > year.to) continue
    const { state, day } = yearlyOf(yearly, new Map(), { today, year })
    if (state !== 'overdue') continue
    const words = `Overdue since ${longDate(day)}: ${title}`
    const { rows } = await sql<{ reference: string }>`
      select c.reference from support_case c
      where c.programme = ${pack.programme} and c.edition = ${pack.edition} and c.flow = ${pack.work.flow}
        and c.status = 'open' and c.started_on <= ${day}
        and not exists (select from case_check k where k.case_id = c.id and k.checklist = ${id}
          and k.item = ${yearly['met-by']} and k.value <> '')
        and not exists (select from case_notice n where n.case_id = c.id and n.words = ${words})
      order by c.id`.execute(db)
    for (const { reference } of rows)
      await inOneTransaction(db, async (within) => {
        const desk = await openWorkDesk(parts, within, { reference, by: BY, lock: true })
        for (const party of desk ? yearly.tell : []) await desk?.tell(party, words)
      })
    told += rows.length
  }
  return told
}

/** Each case by itself, or all within the transaction of a day that is moved. */
function inOneTransaction(db: Db, work: (transaction: Db) => Promise<void>): Promise<void> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
