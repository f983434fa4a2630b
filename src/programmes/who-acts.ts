import { type Acting, findActing } from '../accounts/index.ts'
import type { Place } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Pack } from './pack-schema.ts'

/**
 * Who acts in a role of a pack for a place on a day (ISO date): its holders, or, while nobody holds it there, those of the role
 * that the pack names as `vacant`. Nobody at all: no holders.
 */
export function whoActs(
  db: Db,
  { pack, role, place, on }: { readonly pack: Pack; readonly role: string; readonly place: Place; readonly on: string },
): Promise<Acting> {
  return findActing(db, { programme: pack.programme, role, place, on }, (vacant) => pack.roles[vacant]?.vacant)
}
