import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { dueDate, englandCalendar, findLimit, type Pack } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { daysLate } from './present-case.ts'
import { findHat, keysOfRole } from './who-acts.ts'
import { seesCases } from './who-sees.ts'

export type ContactDue = {
  readonly reference: string
  readonly name: string
  readonly leader: string | null
  readonly lastOn: string
  readonly dueOn: string
  readonly workingDaysLate: number
}

type Row = {
  reference: string
  name: string
  leader: string | null
  leaderReference: string | null
  stage: string
  flow: string
  region: string | null
  authority: string | null
  urn: number | null
  trust: string | null
  diocese: string | null
  last: string | null
  begun: string | null
}

/**
 * Cases whose leader has not heard from the delivery partner for longer than the pack allows, the longest first: for those who
 * keep contact, and nothing is blocked by it (TSI-079). Without any contact the days count from the start of the work.
 */
export async function listContactDue({ database, clock, packs }: CaseParts, by: Actor): Promise<ContactDue[]> {
  const today = clock.today().toString()
  const found = await Promise.all(packs.map((pack) => dueOfPack(database.db, pack, { by, today })))
  return found.flat().toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
}

async function dueOfPack(
  db: CaseParts['database']['db'],
  pack: Pack,
  { by, today }: { by: Actor; today: string },
): Promise<ContactDue[]> {
  const rule = pack.work?.['contact-due']
  const flow = pack.work && pack.process?.flows?.[pack.work.flow]
  const owner = rule && flow?.anytime?.[rule.action]?.owner
  const limit = rule && findLimit(rule.within)
  if (!rule || !flow || !owner || !limit) return []
  const { rows } = await sql<Row>`
    select c.reference, coalesce(e.name, g.name) as name, l.name as leader, l.reference as "leaderReference", c.stage, c.flow,
      c.region, c.authority_code as authority, c.urn, c.trust_uid as trust, c.diocese,
      (select max(s.fields->>${rule.day}) from case_step s where s.case_id = c.id and s.step = ${rule.action}) as last,
      (select max(s.done_on)::text from case_step s where s.case_id = c.id and s.step = ${rule.from} and s.state = 'done'
        and not s.superseded) as begun
    from support_case c left join establishment e on e.id = c.establishment_id
      left join establishment_group g on g.uid = c.trust_uid left join leader l on l.id = c.leader_id
    where c.programme = ${pack.programme} and c.edition = ${pack.edition} and c.flow = ${pack.work?.flow ?? ''}
      and c.status = 'open' and ${seesCases(by)}`.execute(db)
  const stages = flow.stages.map(({ id }) => id)
  return rows.flatMap((row) => {
    const since = row.last && row.begun && row.last > row.begun ? row.last : row.begun
    if (!since || stages.indexOf(row.stage) > stages.indexOf(rule.until) || !isMine(pack, owner, row, by)) return []
    const dueOn = dueDate(limit, Temporal.PlainDate.from(since), englandCalendar).toString()
    if (today <= dueOn) return []
    const { reference, name, leader } = row
    return [{ reference, name, leader, lastOn: since, dueOn, workingDaysLate: daysLate(dueOn, today) }]
  })
}

function isMine(pack: Pack, owner: string, row: Row, by: Actor): boolean {
  if (by.personId === null) return true
  const place = { ...row, leader: row.leaderReference, leaderRegion: null }
  const roles = pack.process?.parties[owner]?.roles ?? []
  return (
    findHat(
      by,
      roles.flatMap((role) => keysOfRole(pack, role, place)),
    ) !== undefined
  )
}
