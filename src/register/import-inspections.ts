import type { PoolClient } from 'pg'
import { GRADES } from './import-layout-inspections.ts'
import { type RecordTarget, saveRecords } from './import-records.ts'
import type { SavedFile, SaveTotals } from './import-schools.ts'
import type { StageColumns } from './import-stage.ts'

export const INSPECTIONS_STAGE: StageColumns = {
  urn: 'integer',
  inspected_on: 'date',
  kind: 'text',
  published_on: 'date',
  ...Object.fromEntries(GRADES.map((grade) => [grade, 'smallint'])),
  safeguarding: 'text',
  category_of_concern: 'text',
  report_card: 'jsonb',
  ungraded_outcome: 'text',
  inspection_number: 'text',
  urn_at_time: 'integer',
  sources: 'text',
}

const VALUES = Object.keys(INSPECTIONS_STAGE).filter((name) => !['urn', 'inspected_on', 'kind'].includes(name))

const INSPECTIONS: RecordTarget = {
  table: 'inspection',
  record: 'inspection',
  key: ['establishment_id', 'inspected_on', 'kind'],
  values: VALUES,
  rows: `select distinct on (e.id, s.inspected_on, s.kind) e.id as establishment_id, s.inspected_on, s.kind,
           ${VALUES.map((value) => `s.${value}`).join(', ')}
         from stage s join establishment e on e.urn = s.urn order by e.id, s.inspected_on, s.kind, s.row`,
  recordKey: `(select urn::text from establishment where id = n.establishment_id) || ' ' || n.inspected_on || ' ' || n.kind`,
  blanks: 'complete',
}

/** Sources give the first, the last or some other day of one inspection (data sources, inspections). */
const SAME_INSPECTION_DAYS = 10

/**
 * Saves staged inspections. One seen before under a day within ten, or of which only a date was known, is the same one:
 * a newer file corrects its day, and a known kind takes the place of an unknown one. Deletes nothing.
 */
export async function saveInspections(client: PoolClient, file: SavedFile): Promise<SaveTotals> {
  const { rows } = await client.query('select from inspection limit 1')
  if (rows.length > 0) await matchHeld(client, file)
  return saveRecords(client, file, INSPECTIONS)
}

async function matchHeld(client: PoolClient, file: SavedFile): Promise<void> {
  await client.query(
    `create temp table same_inspection on commit drop as
     select distinct on (held.id) s.row, s.urn, s.inspected_on as day, s.kind, held.id, held.inspected_on as held_day,
       held.kind as held_kind,
       s.kind <> 'newer_unspecified' and (held.kind = 'newer_unspecified' or held.as_at <= $2) as corrects
     from stage s join establishment e on e.urn = s.urn
     join lateral (
       select i.id, i.inspected_on, i.kind, f.as_at from inspection i join data_file f on f.id = i.data_file_id
       where i.establishment_id = e.id
         and i.inspected_on between s.inspected_on - $1::int and s.inspected_on + $1::int
         and (i.kind = s.kind and i.overall is not distinct from s.overall
              or i.kind = 'newer_unspecified' or s.kind = 'newer_unspecified')
       order by abs(i.inspected_on - s.inspected_on), i.id limit 1) held on true
     where not exists (
         select from inspection i
         where i.establishment_id = e.id and i.inspected_on = s.inspected_on and i.kind = s.kind)
       and not exists (
         select from stage o where o.urn = s.urn and o.inspected_on = held.inspected_on and o.kind = held.kind)
     order by held.id, s.row`,
    [SAME_INSPECTION_DAYS, file.asAt],
  )
  await client.query(
    `insert into register_change (data_file_id, record, record_key, old_values, new_values)
     select $1, 'inspection', s.urn || ' ' || s.day || ' ' || s.kind,
       jsonb_build_object('inspected_on', s.held_day, 'kind', s.held_kind),
       jsonb_build_object('inspected_on', s.day, 'kind', s.kind)
     from same_inspection s where s.corrects`,
    [file.id],
  )
  await client.query(
    `update inspection i set inspected_on = s.day, kind = s.kind
     from same_inspection s where i.id = s.id and s.corrects`,
  )
  await client.query(
    `update stage t set inspected_on = s.held_day, kind = s.held_kind
     from same_inspection s
     where t.row = s.row and t.inspected_on = s.day and t.kind = s.kind and not s.corrects`,
  )
}
