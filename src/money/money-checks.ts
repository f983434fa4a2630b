import type { Check } from '../platform/verify.ts'

/** What must hold in the books: `verify` asks it. */
export const moneyChecks: readonly Check[] = [
  {
    name: 'The books balance',
    async find(client) {
      const { rows } = await client.query<{ line_id: number; words: string }>(`
        select line_id, 'over all accounts it is not nought' as words from money_balance group by line_id having sum(pence) <> 0
        union all
        select line_id, account || ' is below nought' from money_balance where account <> 'outside' and pence < 0
        union all
        select m.id, 'more is paid than payments were answered as paid' from money_line m
        where coalesce((select pence from money_balance b where b.line_id = m.id and b.account = 'paid'), 0)
          <> coalesce((select sum(pence) from payment_item i where i.line_id = m.id and i.state = 'paid'), 0)
        order by 1`)
      return rows.map((row) => `Line ${row.line_id} of money: ${row.words}`)
    },
  },
]
