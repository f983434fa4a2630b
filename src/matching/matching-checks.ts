import type { Check } from '../platform/verify.ts'

/** What scenarios and proposals must agree on with the leaders' days. */
export const matchingChecks: readonly Check[] = [
  {
    name: 'every open proposal holds its days in the leader’s ledger, and no other',
    async find(client) {
      const { rows } = await client.query<{ id: number; scenario: number }>(
        `select p.id, p.scenario_id as scenario from proposal p
         left join leader_day_entry e on e.id = p.day_entry_id
         where p.withdrawn_at is null
           and (e.id is null or e.leader_id <> p.leader_id or e.half_days <> p.half_days or e.released_at is not null)
         order by 1 limit 20`,
      )
      return rows.map(({ id, scenario }) => `proposal ${id} of scenario ${scenario} and its days differ`)
    },
  },
  {
    name: 'every scenario has schools and leaders',
    async find(client) {
      const { rows } = await client.query<{ id: number }>(
        `select id from scenario s
         where not exists (select from scenario_need n where n.scenario_id = s.id)
           or not exists (select from scenario_leader l where l.scenario_id = s.id) order by 1 limit 20`,
      )
      return rows.map(({ id }) => `scenario ${id} is not whole`)
    },
  },
]
