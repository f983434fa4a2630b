import type { PoolClient } from 'pg'
import { saveRecords } from './import-records.ts'
import type { SavedFile, SaveTotals } from './import-schools.ts'
import type { StageColumns } from './import-stage.ts'

export const AUTHORITIES_STAGE: StageColumns = { code: 'text', name: 'text', region: 'text', gss_code: 'text' }

export function saveAuthorities(client: PoolClient, file: SavedFile): Promise<SaveTotals> {
  return saveRecords(client, file, {
    table: 'authority',
    record: 'authority',
    key: ['code'],
    values: ['name', 'region', 'gss_code'],
    rows: 'select code, name, region, gss_code from stage',
    recordKey: 'n.code',
    blanks: 'replace',
  })
}
