import type { Generated } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Feedback } from './feedback.ts'

type FeedbackRow = {
  id: Generated<number>
  form_key: string
  rating: string
  improvement: string
  part: string
  given_at: Generated<Date>
}

const tables = (db: Db) => db.withTables<{ feedback: FeedbackRow }>()

/** Keeps it, once for each form: the same form sent again answers the first reference. */
export async function keepFeedback(db: Db, { formKey, ...given }: Feedback): Promise<number> {
  const kept = await tables(db)
    .insertInto('feedback')
    .values({ form_key: formKey, ...given })
    .onConflict((conflict) => conflict.column('form_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (kept) return kept.id
  const first = await tables(db)
    .selectFrom('feedback')
    .select('id')
    .where('form_key', '=', formKey)
    .executeTakeFirstOrThrow()
  return first.id
}

/** Whether there is feedback of this reference, and when it came; never what it says. */
export async function findReceipt(db: Db, id: number): Promise<{ givenAt: Date } | undefined> {
  const found = await tables(db).selectFrom('feedback').select('given_at').where('id', '=', id).executeTakeFirst()
  return found && { givenAt: found.given_at }
}

/** Newest first, a page of it or (without one) all; and how many gave each rating. */
export async function listFeedback(db: Db, page: { limit: number; offset: number } | null) {
  let query = tables(db)
    .selectFrom('feedback')
    .select(['id', 'rating', 'improvement', 'part', 'given_at'])
    .orderBy('given_at', 'desc')
    .orderBy('id', 'desc')
  if (page) query = query.limit(page.limit).offset(page.offset)
  const [rows, counts] = await Promise.all([query.execute(), countRatings(db)])
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  return { rows, total, counts }
}

function countRatings(db: Db) {
  return tables(db)
    .selectFrom('feedback')
    .select((eb) => ['rating', eb.fn.countAll<number>().as('count')])
    .groupBy('rating')
    .execute()
}
