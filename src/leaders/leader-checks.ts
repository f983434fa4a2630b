import type { Check } from '../platform/verify.ts'

/** What the books of the leaders' days must agree on. */
export const leaderChecks: readonly Check[] = [
  {
    name: 'days held and promised are those of the open entries',
    async find(client) {
      const { rows } = await client.query<{ reference: string; term: string }>(
        `with open as (
           select leader_id, term,
             sum(half_days) filter (where kind = 'hold') as held, sum(half_days) filter (where kind = 'promise') as promised
           from leader_day_entry where released_at is null group by leader_id, term
         )
         select l.reference, coalesce(t.term, o.term) as term
         from leader_term t full join open o using (leader_id, term) join leader l on l.id = leader_id
         where coalesce(t.held_half_days, 0) <> coalesce(o.held, 0)
           or coalesce(t.promised_half_days, 0) <> coalesce(o.promised, 0)
         order by 1, 2 limit 20`,
      )
      return rows.map(
        ({ reference, term }) => `leader ${reference}, ${term}: the balance is not the sum of its entries`,
      )
    },
  },
]
