import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Checklist } from '../programmes/index.ts'

export type CheckAnswer = {
  readonly value: string
  readonly note: string | null
  readonly on: string
  readonly by: string
}
/** Answers by item. */
export type CheckAnswers = ReadonlyMap<string, CheckAnswer>
/** Items that were answered. */
type Answered = { has(item: string): boolean }

/** The answers of every list of a case, by list and item; an answer taken back is not among them. */
export async function readChecks(db: Db, caseId: number): Promise<Map<string, Map<string, CheckAnswer>>> {
  const { rows } = await sql<CheckAnswer & { checklist: string; item: string }>`
    select checklist, item, value, note, answered_on as on, answered_by as by from case_check
    where case_id = ${caseId} and value <> '' order by checklist, item`.execute(db)
  const lists = new Map<string, Map<string, CheckAnswer>>()
  for (const { checklist, item, ...answer } of rows) {
    const list = lists.get(checklist) ?? new Map()
    list.set(item, answer)
    lists.set(checklist, list)
  }
  return lists
}

/** Complete: everything that the list needs is answered; a list that names nothing needs each of its items. */
export function isComplete({ needs, items }: Checklist, answers: Answered): boolean {
  const needed = needs ?? items?.map(({ id }) => id) ?? []
  return needed.length > 0 && needed.every((item) => answers.has(item))
}

/** What the list still needs, in its order. */
export function missingOf({ needs, items, fields }: Checklist, answers: CheckAnswers): string[] {
  const needed = needs ?? items?.map(({ id }) => id) ?? []
  const titleOf = (id: string) => fields?.[id]?.title ?? items?.find((one) => one.id === id)?.title ?? id
  return needed.filter((item) => !answers.has(item)).map(titleOf)
}

export async function saveCheck(
  db: Db,
  answer: {
    caseId: number
    checklist: string
    item: string
    value: string
    note: string | null
    today: string
    by: string
    byId: number | null
  },
): Promise<void> {
  await sql`insert into case_check (case_id, checklist, item, value, note, answered_on, answered_by, answered_by_id)
    values (${answer.caseId}, ${answer.checklist}, ${answer.item}, ${answer.value}, ${answer.note}, ${answer.today},
      ${answer.by}, ${answer.byId})
    on conflict (case_id, checklist, item) do update set value = excluded.value, note = excluded.note,
      answered_on = excluded.answered_on, answered_by = excluded.answered_by, answered_by_id = excluded.answered_by_id`.execute(
    db,
  )
}
