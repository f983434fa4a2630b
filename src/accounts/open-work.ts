import { sql } from 'kysely'
import type { Actor, Capability } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { countOf } from '../platform/words.ts'
import { type Grant, powersOf } from './grant.ts'
import type { Role } from './roles.ts'

/** Something that somebody looks after and that goes on without them. `needs`: what a person must be able to do for it. */
export type OpenWork = { readonly title: string; readonly href: string; readonly needs: Capability }

/** How a slice tells the open work of a person, and gives all of it to another. Each slice with work of its own has one. */
export type WorkSource = {
  list(db: Db, personId: number): Promise<OpenWork[]>
  handOver(db: Db, asked: { readonly from: number; readonly to: number; readonly by: Actor }): Promise<void>
}

export type Leaving = {
  readonly personId: number
  /** What the person can still do afterwards: work that needs nothing else stays. */
  readonly keeps: ReadonlySet<Capability>
  readonly successor: number | null
  readonly by: Actor
}

type Parts = { readonly sources: readonly WorkSource[]; readonly roles: readonly Role[]; readonly today: string }

/** The open work that somebody can no longer do. */
export async function listLeft(
  db: Db,
  { sources }: Pick<Parts, 'sources'>,
  { personId, keeps }: Pick<Leaving, 'personId' | 'keeps'>,
): Promise<OpenWork[]> {
  const work = await Promise.all(sources.map((source) => source.list(db, personId)))
  return work.flat().filter(({ needs }) => !keeps.has(needs))
}

/**
 * Hands the open work of somebody who leaves to a successor. Refusals: `work.open` when there is work and nobody is named,
 * `successor.wrong` when the one named is not there or may not do it.
 */
export async function handOver(db: Db, parts: Parts, leaving: Leaving): Promise<Decision<number>> {
  const work = await listLeft(db, parts, leaving)
  if (work.length === 0) return accept(0)
  const { successor, personId, by } = leaving
  if (successor === null)
    return refuse({
      code: 'work.open',
      field: 'successor',
      message: `Choose who takes over ${countOf(work.length, 'piece of open work', 'pieces of open work')}`,
    })
  const able = await listSuccessors(db, parts, { personId, work })
  if (!able.some(({ id }) => id === successor))
    return refuse({
      code: 'successor.wrong',
      field: 'successor',
      message: 'Choose one of the people who may do this work',
    })
  for (const source of parts.sources) await source.handOver(db, { from: personId, to: successor, by })
  return accept(work.length)
}

/** Everybody else who may do all of some work today, by name. */
export async function listSuccessors(
  db: Db,
  { roles, today }: Pick<Parts, 'roles' | 'today'>,
  { personId, work }: { personId: number; work: readonly OpenWork[] },
): Promise<{ readonly id: number; readonly name: string }[]> {
  const { rows } = await sql<{ id: number; name: string; grants: Grant[] }>`
    select p.id, p.name, jsonb_agg(jsonb_build_object('programme', g.programme, 'role', g.role, 'scopeKind', g.scope_kind,
      'scopeValues', g.scope_values, 'from', g.from_date, 'to', g.to_date)) as grants
    from person p join role_grant g on g.person_id = p.id
    where p.id <> ${personId} and p.state = 'active' and g.from_date <= ${today}::date
      and (g.to_date is null or g.to_date >= ${today}::date)
    group by p.id, p.name order by p.name`.execute(db)
  return rows.filter(({ grants }) => {
    const { capabilities } = powersOf(grants, roles)
    return work.every(({ needs }) => capabilities.has(needs))
  })
}
