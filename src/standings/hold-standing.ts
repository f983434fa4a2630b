import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { StandingKey } from './standing-store.ts'

/** A school at a level on a day, and where it is. */
export type Held = {
  readonly urn: number
  readonly authority: string | null
  readonly level: string
  readonly variant: string | null
}

/** The schools that are at some level of a standing on a day (ISO). */
export async function listHeld(db: Db, { pack, standing }: StandingKey, on: string): Promise<Held[]> {
  const { rows } = await sql<Held>`
    select e.urn, e.authority_code as authority, s.level, s.variant
    from standing s join establishment e on e.id = s.establishment_id
    where s.programme = ${pack.programme} and s.standing = ${standing} and s.from_on <= ${on}
      and (s.until_on is null or s.until_on > ${on}) order by e.urn`.execute(db)
  return rows
}

/** Whether a level is in what a duty asks for: at or above one, or among some, in a variant where one is named. */
export function isWhile(
  order: readonly { readonly id: string }[],
  { level, variant }: Pick<Held, 'level' | 'variant'>,
  asked: {
    readonly 'at-least'?: string | undefined
    readonly is?: readonly string[] | undefined
    readonly variant?: string | undefined
  },
): boolean {
  const rank = (id: string) => order.findIndex((one) => one.id === id)
  const least = asked['at-least']
  return (
    (least === undefined || rank(level) >= rank(least)) &&
    (asked.is === undefined || asked.is.includes(level)) &&
    (asked.variant === undefined || variant === asked.variant)
  )
}
