import type { PoolClient } from 'pg'
import type { SavedFile, SaveTotals } from './import-schools.ts'

/** A table of facts with a key of its own, and the staged rows that go into it. */
export type RecordTarget = {
  readonly table: string
  /** What register_change calls it. */
  readonly record: string
  readonly key: readonly string[]
  readonly values: readonly string[]
  /** SQL that gives `key` and `values` of each staged row, the key once. */
  readonly rows: string
  /** SQL over `n` (the staged row) for the text by which a change is found again. */
  readonly recordKey: string
  /** Whether a newer file may blank a value ("replace") or only adds to what is held ("complete"). */
  readonly blanks: 'replace' | 'complete'
}

/**
 * Saves staged records by key: adds new ones; of known ones a newer or equally old file changes the values that it holds, an
 * older one only fills what is blank. Old values are kept in register_change. Deletes nothing.
 */
export async function saveRecords(client: PoolClient, file: SavedFile, target: RecordTarget): Promise<SaveTotals> {
  const { table, key, values } = target
  const names = [...key, ...values]
  const sameKey = (left: string, right: string) => key.map((name) => `${left}.${name} = ${right}.${name}`).join(' and ')
  await client.query('drop table if exists staged_record, next_record')
  await client.query(`create temp table staged_record on commit drop as ${target.rows}`)
  await client.query(`analyze staged_record (${key.join(', ')})`)
  await client.query(
    `create temp table next_record on commit drop as
     select n.*, f.as_at <= $1 as outranks from (
       select ${key.map((name) => `t.${name}`).join(', ')}, t.data_file_id, ${values.map((value) => nextValue(value, target, file)).join(', ')}
       from staged_record s join ${table} t on ${sameKey('s', 't')} join data_file f on f.id = t.data_file_id) n
     join ${table} t on ${sameKey('n', 't')} join data_file f on f.id = t.data_file_id
     where row(${values.map((value) => `n.${value}`).join(', ')}) is distinct from row(${values.map((value) => `t.${value}`).join(', ')})`,
    [file.asAt],
  )
  await keepOldValues(client, file, target, sameKey('n', 't'))
  await client.query(
    `update ${table} t set ${values.map((value) => `${value} = n.${value}`).join(', ')},
       data_file_id = case when n.outranks then $1 else t.data_file_id end
     from next_record n where ${sameKey('n', 't')}`,
    [file.id],
  )
  const added = await client.query(
    `insert into ${table} (${names.join(', ')}, data_file_id)
     select ${names.map((name) => `s.${name}`).join(', ')}, $1 from staged_record s
     where not exists (select from ${table} t where ${sameKey('s', 't')})
     on conflict do nothing`,
    [file.id],
  )
  return countSaved(client, added.rowCount ?? 0)
}

function nextValue(value: string, { blanks }: RecordTarget, file: SavedFile): string {
  const newest = !file.facts.includes(value)
    ? `coalesce(t.${value}, s.${value})`
    : blanks === 'replace'
      ? `s.${value}`
      : `coalesce(s.${value}, t.${value})`
  return `case when f.as_at <= $1 then ${newest} else coalesce(t.${value}, s.${value}) end as ${value}`
}

async function keepOldValues(
  client: PoolClient,
  file: SavedFile,
  target: RecordTarget,
  sameKey: string,
): Promise<void> {
  const pairs = target.values.map((value) => `('${value}', to_jsonb(t.${value}), to_jsonb(n.${value}))`)
  await client.query(
    `insert into register_change (data_file_id, record, record_key, old_values, new_values)
     select $1, $2, ${target.recordKey}, d.old, d.new
     from next_record n join ${target.table} t on ${sameKey}
     cross join lateral (
       select jsonb_object_agg(fact, old) as old, jsonb_object_agg(fact, new) as new
       from (values ${pairs.join(', ')}) pair (fact, old, new) where old is distinct from new) d`,
    [file.id, target.record],
  )
}

async function countSaved(client: PoolClient, added: number): Promise<SaveTotals> {
  const { rows } = await client.query<{ total: number; changed: number }>(
    `select (select count(*)::int from staged_record) as total, (select count(*)::int from next_record) as changed`,
  )
  const { total, changed } = rows[0] ?? { total: 0, changed: 0 }
  return { added, changed, unchanged: total - added - changed }
}
