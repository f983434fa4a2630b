import { sql } from 'kysely'
import type { Actor, Capability } from '../platform/actor.ts'
import type { AccountParts } from './account-parts.ts'
import { rolesWith } from './roles.ts'

/** Who may do what this person may not, and whom to ask: roles by their titles, and the approvers of the own organisations. */
export async function explainRefusal(
  { database, roles }: Pick<AccountParts, 'database' | 'roles'>,
  actor: Actor,
  needed: Capability,
): Promise<string[]> {
  const titles = [...new Set(rolesWith(roles, needed).map((role) => role.title))]
  const { rows } = await sql<{ name: string; organisation: string }>`
    select p.name, o.name as organisation
    from organisation_member mine
      join organisation_member theirs on theirs.organisation_id = mine.organisation_id and theirs.approver
      join organisation o on o.id = mine.organisation_id
      join person p on p.id = theirs.person_id
    where mine.person_id = ${actor.personId} and mine.left_at is null and theirs.left_at is null
      and p.state = 'active' and p.id <> ${actor.personId}
    order by p.name`.execute(database.db)
  const approvers = rows.map(({ name, organisation }) => `${name} (${organisation})`)
  const ask =
    approvers.length > 0 ? `${list(approvers)}, or an administrator of the service` : 'an administrator of the service'
  return [`It is for: ${list(titles)}.`, `To have it, ask ${ask}.`]
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words)
}
