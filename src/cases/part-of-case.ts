import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { CaseRecord } from './case-store.ts'

/** The flows of a case's programme in which leaders who left it claim. */
export function partFlows({ pack, flow }: Pick<CaseRecord, 'pack' | 'flow'>): string[] {
  const kinds = Object.values(pack.process?.flows?.[flow]?.children ?? {})
  return kinds.filter((kind) => kind['claim-of'] !== undefined).map((kind) => kind.flow)
}

/** Whether somebody left a case as its leader and claims beside it, as the case was read; one that begins just now is not known yet. */
export function hasPartialClaim(record: CaseRecord): boolean {
  const flows = partFlows(record)
  return record.children.some((child) => flows.includes(child.flow))
}

/** The case whose days a claim of an earlier leader counts; null for every other case. */
export function parentOfClaim(record: CaseRecord): CaseRecord | null {
  return record.parent && partFlows(record.parent).includes(record.flow) ? record.parent : null
}

/** The claim of a leader who left, beside its case. */
export type PartialClaim = {
  readonly id: number
  readonly reference: string
  readonly status: string
  readonly startedOn: string
  readonly leaderId: number
  readonly leaderReference: string
  readonly leaderName: string
}

/** Claims of leaders who left a case, in the order in which they left. */
export async function listPartialClaims(db: Db, record: CaseRecord): Promise<PartialClaim[]> {
  const flows = partFlows(record)
  if (flows.length === 0) return []
  const { rows } = await sql<PartialClaim>`
    select c.id, c.reference, c.status, c.started_on as "startedOn", l.id as "leaderId", l.reference as "leaderReference",
      coalesce(l.name, l.reference) as "leaderName"
    from support_case c join leader l on l.id = c.leader_id
    where c.parent_id = ${record.id} and c.flow = any(${flows}) order by c.id`.execute(db)
  return rows
}

/** The own claim of somebody who left this case as its leader; the newest where there are several. */
export async function findOwnClaim(db: Db, { hats }: Actor, record: CaseRecord): Promise<string | undefined> {
  const own = hats.filter((hat) => hat.programme === record.programme && hat.scopeKind === 'leader')
  const references = own.flatMap(({ scopeValues }) => scopeValues)
  if (references.length === 0) return undefined
  const claims = await listPartialClaims(db, record)
  return claims.findLast(({ leaderReference }) => references.includes(leaderReference))?.reference
}
