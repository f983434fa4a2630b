import { sql } from 'kysely'
import { covers } from '../platform/actor.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { decideSupporter, PUBLISHED, type TypedSupporter } from './study.ts'
import { keepChange, type StudyAsk, type StudyDesk, type StudyParts, writeStudy } from './study-desk.ts'
import { deleteSupporter, insertSupporter } from './study-store.ts'

/** Names who supported: a leader by reference, or somebody with an organisation. */
export function addSupporter(
  parts: StudyParts,
  ask: StudyAsk & TypedSupporter,
): Promise<Decision<{ reference: string }>> {
  return writeStudy(parts, ask, async (desk) => {
    const { db, study } = desk
    const leader = ask.leader ? await findNameableLeader(desk, ask.leader) : undefined
    const decision = decideSupporter(study, ask, leader)
    if (!decision.ok) return decision
    const { shown, field, ...one } = decision.value
    if (!(await insertSupporter(db, study.id, one)))
      return refuse({ code: 'supporter.twice', message: `${shown} is named already`, field })
    await keepChange(desk, { action: 'Supporter added', new: { supporter: shown } })
    return accept({ reference: study.reference })
  })
}

/** A leader by reference whom the asker sees in the roster; a number shows nobody the name of somebody out of reach. */
async function findNameableLeader({ db, by }: StudyDesk, reference: string) {
  const { rows } = await sql<{ id: number; name: string; region: string; trust: string | null }>`
    select id, coalesce(name, reference) as name, region, organisation_trust_uid as trust
    from leader where reference = ${reference}`.execute(db)
  const [leader] = rows
  const sees = leader && covers(by.scope, { region: leader.region, trust: leader.trust, leader: reference })
  return sees ? leader : undefined
}

export function removeSupporter(
  parts: StudyParts,
  ask: StudyAsk & { readonly id: number },
): Promise<Decision<{ reference: string }>> {
  return writeStudy(parts, ask, async (desk) => {
    const { db, study } = desk
    if (study.state === 'published') return refuse(PUBLISHED)
    const found = study.supporters.find(({ id }) => id === ask.id)
    if (!found) return refuse({ code: 'supporter.unknown', message: 'Nobody of this number is named here' })
    await deleteSupporter(db, ask.id)
    await keepChange(desk, { action: 'Supporter taken away', old: { supporter: found.name } })
    return accept({ reference: study.reference })
  })
}
