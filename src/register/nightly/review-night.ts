import type { ClientBase } from 'pg'
import type { Reviewed } from '../import-file.ts'
import { type ImportKind, knownColumns } from '../import-kinds.ts'
import type { ImportTrial, LastFile } from './hold-import.ts'

type Client = Pick<ClientBase, 'query'>

/** The numbers behind a hold, counted in the transaction of the import that may still be undone. */
export async function readTrial(
  client: Client,
  { report, header, layout }: Reviewed,
  kind: ImportKind,
): Promise<ImportTrial> {
  const { rows } = await client.query<{ open: number; closing: number }>(
    `select count(*)::int as open,
       (count(*) filter (where not (e.status like 'Open%' and e.not_listed_since is null)))::int as closing
     from school_before b join establishment e using (id)
     where b.status like 'Open%' and b.not_listed_since is null`,
  )
  const { open, closing } = rows[0] ?? { open: 0, closing: 0 }
  const earlier = await listEarlier(client, report.dataFileId)
  const last = earlier.map((one) => toLast(one, kind)).find((one) => one?.layout === layout)
  return { rows: report.totals.read, header, open, closing, last: last?.file }
}

type Earlier = { title: string; as_at: string; rows_read: number; columns: string[] }

/**
 * Whole files of the kind, newest first. A file that somebody took in by hand to mend some rows measures nothing; one that
 * a night took is whole whatever its name. Schools are compared with files of the same coverage.
 */
async function listEarlier(client: Client, fileId: number): Promise<Earlier[]> {
  const { rows } = await client.query<Earlier>(
    `select f.title, f.as_at, f.rows_read, f.columns from data_file this
     join data_file f on f.kind = this.kind and f.id <> this.id
       and (f.kind <> 'schools' or f.coverage = this.coverage)
     where this.id = $1 and f.columns <> '{}'
       and (f.coverage <> 'the rows it holds' or exists (select from register_night_file n where n.data_file_id = f.id))
     order by f.as_at desc, f.id desc limit 5`,
    [fileId],
  )
  return rows
}

function toLast(file: Earlier, kind: ImportKind) {
  const known = knownColumns(kind, file.columns)
  const last: LastFile = {
    title: file.title,
    asAt: file.as_at,
    rows: file.rows_read,
    knownColumns: known?.columns ?? [],
  }
  return known && { layout: known.layout, file: last }
}
