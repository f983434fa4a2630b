import type { Pool, PoolClient } from 'pg'

/** Regions where nobody of the few works. */
const OTHER_REGIONS = ['East of England', 'London', 'North West', 'South East', 'South West', 'West Midlands']

/** Tables of a case with the column that leads to it; those with an id of their own can have rows under them. */
const TABLES: readonly { readonly table: string; readonly under: string; readonly key: string }[] = [
  { table: 'case_step', under: 'support_case', key: 'case_id' },
  { table: 'case_notice', under: 'support_case', key: 'case_id' },
  { table: 'case_note', under: 'support_case', key: 'case_id' },
  { table: 'case_clearance', under: 'support_case', key: 'case_id' },
  { table: 'case_extension', under: 'support_case', key: 'case_id' },
  { table: 'case_log_item', under: 'support_case', key: 'case_id' },
  { table: 'case_log_move', under: 'case_log_item', key: 'item_id' },
  { table: 'case_plan', under: 'support_case', key: 'case_id' },
  { table: 'case_strategy', under: 'support_case', key: 'case_id' },
  { table: 'case_theme', under: 'support_case', key: 'case_id' },
  { table: 'case_visit_note', under: 'support_case', key: 'case_id' },
  { table: 'case_form', under: 'support_case', key: 'case_id' },
  { table: 'case_form_section', under: 'case_form', key: 'form_id' },
  { table: 'money_line', under: 'support_case', key: 'case_id' },
  { table: 'money_entry', under: 'money_line', key: 'line_id' },
]

const STRIDE = 2000
const SHIFT = 1_000_000
/** From here on no URN is of the register or of the invented England. */
const FIRST_URN = 910_000

/** Copies `from` to `to`; the first `few` lie in one region, the others all over the rest of England. */
export type Copies = {
  readonly from: number
  readonly to: number
  readonly few: { readonly region: string; readonly upTo: number }
  /** Entries of the audit for each copy. */
  readonly entries: number
}

/**
 * Copies the cases that are there, as the service wrote them, with everything in them, to schools that are copies too. Only
 * for measuring: rules of the tables are not asked again.
 */
export async function copyCases(pool: Pool, copies: Copies): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(`set local session_replication_role = replica`)
    await client.query(`set local work_mem = '256MB'`)
    const { from, to, few, entries } = copies
    await client.query(
      `create temporary table bench_copy on commit drop as
       select n, t.id as root, t.reference as from_reference, t.establishment_id as school, t.urn as from_urn,
         t.region as from_region, ${FIRST_URN} + n as urn, case when n <= ${few.upTo} then '${few.region}'
           else ($3::text[])[1 + n / 7 % ${OTHER_REGIONS.length}] end as region
       from generate_series($1::integer, $2::integer) n
         join (select *, row_number() over (order by id) - 1 as place, count(*) over () as all_of_them from support_case
           where parent_id is null and subject_kind = 'school' and id < ${SHIFT}) t on t.place = n % t.all_of_them`,
      [from, to, OTHER_REGIONS],
    )
    await copyTable(client, 'establishment', 'bench_copy b on b.school = t.id', {
      urn: 'b.urn',
      name: `t.name || ' ' || b.n`,
      region: 'b.region',
    })
    await copyTable(client, 'support_case', 'bench_copy b on b.root in (t.id, t.parent_id)', {
      reference: `'G-' || b.n || case when t.parent_id is null then '' else '-' || t.id end`,
      parent_id: idOf('parent_id'),
      establishment_id: idOf('establishment_id'),
      urn: 'b.urn',
      region: 'b.region',
    })
    for (const one of TABLES) await copyUnder(client, one)
    await client.query(AUDIT_TO_COPY, [entries])
    await client.query(AUDIT_ENTRIES)
    await client.query(AUDIT_VALUES)
    await client.query(`select setval(pg_get_serial_sequence('audit_entry', 'id'), (select max(id) from audit_entry))`)
    await client.query('commit')
  } finally {
    client.release(true)
  }
  await pool.query('vacuum analyze')
}

/** Where a row of a copied case goes: far from what is there, and so that what leads to it is known without looking. */
function idOf(column: string): string {
  return `${SHIFT} + b.n * ${STRIDE} + t.${column}`
}

async function copyUnder(client: PoolClient, { table, under, key }: (typeof TABLES)[number]): Promise<void> {
  const parents =
    under === 'support_case'
      ? 'support_case p on p.id = t.case_id'
      : `${under} f on f.id = t.${key} join support_case p on p.id = f.case_id`
  const acts = `array(select replace(replace(act, '@region:' || b.from_region, '@region:' || b.region), '@urn:' || b.from_urn,
    '@urn:' || b.urn) from unnest(t.acts) act)`
  await copyTable(client, table, `${parents} join bench_copy b on b.root in (p.id, p.parent_id)`, {
    [key]: idOf(key),
    acts,
    claim_case_id: idOf('claim_case_id'),
  })
}

/** Copies the rows `t` of a table for each copy `b` that `join` leads to; `given` says what columns hold instead. */
async function copyTable(
  client: PoolClient,
  table: string,
  join: string,
  given: Readonly<Record<string, string>>,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  )
  const names = rows.map(({ name }) => name)
  const values = names.map((name) => given[name] ?? (name === 'id' ? idOf('id') : `t.${name}`))
  if (names.includes('id')) {
    const { rowCount } = await client.query(`select from ${table} where id >= ${STRIDE} and id < ${SHIFT} limit 1`)
    if (rowCount) throw new Error(`${table} has more rows than a copy has numbers for`)
  }
  await client.query(`insert into ${table} (${names.join(', ')}) overriding system value
    select ${values.join(', ')} from ${table} t join ${join}`)
}

/** The entries of each case over and over, until its copy has as many as asked for. */
const AUDIT_TO_COPY = `
  create temporary table bench_entry on commit drop as
  select (select coalesce(max(id), 0) from audit_entry) + row_number() over (order by again, e.id, b.n) as id,
    e.id as old, b.n
  from bench_copy b
    join (select *, row_number() over (partition by record_key order by id) as place,
        count(*) over (partition by record_key) as many
      from audit_entry where record = 'case') e on e.record_key = b.from_reference
    cross join generate_series(1, $1::integer) again
  where (again - 1) * e.many + e.place <= $1`
const AUDIT_ENTRIES = `
  insert into audit_entry (id, at, person_id, name, door, request_id, action, record, record_key, digest)
    overriding system value
  select x.id, e.at, e.person_id, e.name, e.door, e.request_id, e.action, e.record, 'G-' || x.n, e.digest
  from bench_entry x join audit_entry e on e.id = x.old order by x.id`
const AUDIT_VALUES = `
  insert into audit_value (entry_id, side, field, value, salt, digest, removed_at, removed_by_rule)
  select x.id, v.side, v.field, v.value, v.salt, v.digest, v.removed_at, v.removed_by_rule
  from bench_entry x join audit_value v on v.entry_id = x.old`
