import { sql } from 'kysely'
import type { WorkSource } from '../accounts/index.ts'
import { auditScenario } from './audit-scenario.ts'

/** Scenarios that may still be confirmed are work of whoever looks after them; an exercise ends with nobody. */
export const scenarioWork: WorkSource = {
  async list(db, personId) {
    const { rows } = await sql<{ id: number; name: string }>`
      select id, name from scenario where kept_by = ${personId} and kind = 'invented' and confirmed_at is null
      order by id`.execute(db)
    return rows.map(({ id, name }) => ({
      title: `Matching scenario “${name}”`,
      href: `/matching/${id}`,
      needs: 'match',
    }))
  },
  async handOver(db, { from, to, by }) {
    const { rows } = await sql<{ id: number; name: string }>`
      update scenario set kept_by = ${to}
      from person where person.id = ${to} and kept_by = ${from} and kind = 'invented' and confirmed_at is null
      returning scenario.id, person.name`.execute(db)
    for (const { id, name } of rows) await auditScenario(db, by, id, { action: 'Handed over', new: { keptBy: name } })
  },
}
