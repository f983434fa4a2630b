import type { PoolClient } from 'pg'

/** Tables whose names are searched by trigram. */
export type TextIndexed = 'establishment' | 'establishment_group'

/**
 * Does work that adds or moves most rows of a table without its trigram indexes, and builds them again in the same
 * transaction: for 50,000 schools 0.6 s and not 16. Nobody else can read the table until the transaction ends, so this is
 * for a first load only. A role that does not own the table does the work slowly instead.
 */
export async function withoutTextIndexes<T>(
  client: PoolClient,
  table: TextIndexed,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ drop: string; create: string }>(
    `select format('drop index %I.%I', n.nspname, i.relname) as drop, pg_get_indexdef(x.indexrelid) as create
     from pg_index x
     join pg_class i on i.oid = x.indexrelid join pg_am am on am.oid = i.relam
     join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
     where x.indrelid = $1::regclass and am.amname = 'gin' and pg_has_role(t.relowner, 'usage')`,
    [table],
  )
  for (const index of rows) await client.query(index.drop)
  const result = await work()
  for (const index of rows) await client.query(index.create)
  return result
}

const REGISTER = [
  'register_change',
  'authority',
  'establishment_group',
  'establishment',
  'establishment_version',
  'group_membership',
  'establishment_link',
  'inspection',
  'school_measure',
]

/**
 * Before a first load into an empty register: takes away every index that no import needs and every reference between its
 * tables, and notes how to put them back, also after a crash. Building and checking them once at the end takes a quarter
 * of the time. Does nothing when the register holds something, or for a role that does not own it.
 */
export async function setIndexesAside(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ drop: string; put_back: string }>(
    `with own as (
       select c.oid, c.oid::regclass as name from unnest($1::text[]) t (name) join pg_class c on c.oid = t.name::regclass
       where pg_has_role(c.relowner, 'usage')
     ), part as (
       select 1 as turn, format('drop index %s', x.indexrelid::regclass) as drop, pg_get_indexdef(x.indexrelid) as put_back
       from pg_index x join own on own.oid = x.indrelid where not x.indisunique
       union all
       select 2, format('alter table %s drop constraint %I', own.name, k.conname),
         format('alter table %s add constraint %I %s', own.name, k.conname, pg_get_constraintdef(k.oid))
       from pg_constraint k join own on own.oid = k.conrelid where k.contype = 'f'
     )
     select drop, put_back from part
     where not exists (select from data_file) and not exists (select from register_put_back)
     order by turn, put_back`,
    [REGISTER],
  )
  for (const { drop, put_back } of rows) {
    await client.query('insert into register_put_back (statement) values ($1)', [put_back])
    await client.query(drop)
  }
}

/** Builds again what setIndexesAside() took away. Fails when a reference leads nowhere. */
export async function putIndexesBack(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ statement: string }>('select statement from register_put_back order by id')
  for (const { statement } of rows) await client.query(statement)
  await client.query('delete from register_put_back')
}

/** Whether the staged rows would more than double a table, by the column that identifies a row in both. */
export async function doublesTable(client: PoolClient, table: TextIndexed, key: string): Promise<boolean> {
  const { rows } = await client.query<{ doubles: boolean }>(
    `select count(*) > 1000 and count(*) > (select count(*) from ${table}) as doubles
     from stage s where not exists (select from ${table} t where t.${key} = s.${key})`,
  )
  return rows[0]?.doubles ?? false
}
