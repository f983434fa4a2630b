import type pg from 'pg'
import { SERVICE_ROLE } from './scope.ts'
import { StartRefusal } from './start-refusal.ts'

/** The state that the migration raises where the role cannot be made or used. */
export const ROLE_NOT_READY = 'ALR01'

type Found = {
  user: string
  exists: boolean
  usable: boolean | null
  strong: boolean | null
  ready: boolean | null
}

/**
 * That requests can run as the service's role, and that it is kept to the policies. A database that was brought to another
 * server by its own tools comes without the role: it is then made again. Throws StartRefusal `database.role`. The machine's.
 */
export async function prepareServiceRole(pool: pg.Pool): Promise<void> {
  if (!(await isReady(pool)))
    await pool.query('call alongside_prepare_service_role()').catch(async (error: unknown) => {
      throw await roleRefusal(pool, error)
    })
  const { user, exists, usable, strong } = await look(pool)
  if (!exists || !usable) throw roleMissing(user)
  if (!strong) return
  throw new StartRefusal(
    'database.role',
    `The role ${SERVICE_ROLE} of the database may pass by who sees what. Take that from it: "alter role ${SERVICE_ROLE} nosuperuser nobypassrls", and let it own no table and be in no role that does.`,
  )
}

/** What to tell of an error while the role was made; any other error is given back. */
export async function roleRefusal(pool: pg.Pool, error: unknown): Promise<unknown> {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (Object(cause).code === ROLE_NOT_READY) return roleMissing((await look(pool)).user, error)
  return error
}

function roleMissing(user: string, cause?: unknown): StartRefusal {
  return new StartRefusal(
    'database.role',
    `The database user ${user} may not make or use the role ${SERVICE_ROLE}, as which requests run so that nobody reaches records of others. Let whoever looks after the database server run: create role ${SERVICE_ROLE} nologin; grant ${SERVICE_ROLE} to "${user}" with inherit false, set true; (leave out what is done already), then start again.`,
    { cause },
  )
}

async function isReady(pool: pg.Pool): Promise<boolean> {
  const { exists, usable, ready } = await look(pool)
  return exists && usable === true && ready === true
}

async function look(pool: pg.Pool): Promise<Found> {
  const { rows } = await pool.query<Found>({
    text: `
      select current_user::text as "user", r.oid is not null as exists, pg_has_role(r.oid, 'SET') as usable,
        r.rolsuper or r.rolbypassrls or exists (
          select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
            and pg_has_role(r.oid, c.relowner, 'MEMBER')) as strong,
        (select bool_and(has_table_privilege(r.oid, c.oid, 'select')) from pg_class c
          where c.relnamespace = 'public'::regnamespace and c.relkind = 'r') as ready
      from (select 1) one left join pg_roles r on r.rolname = $1`,
    values: [SERVICE_ROLE],
  })
  const [found] = rows
  if (!found) throw new Error('The database tells nothing of its roles')
  return found
}
