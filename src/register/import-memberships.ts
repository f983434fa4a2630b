import type { PoolClient } from 'pg'
import { type RecordTarget, saveRecords } from './import-records.ts'
import type { SavedFile, SaveTotals } from './import-schools.ts'
import type { StageColumns } from './import-stage.ts'

export const GROUPS_STAGE: StageColumns = {
  uid: 'text',
  group_id: 'text',
  name: 'text',
  type: 'text',
  status: 'text',
  opened: 'date',
  closed: 'date',
  companies_house_number: 'text',
  ukprn: 'text',
  town: 'text',
  postcode: 'text',
}

const GROUP_VALUES = Object.keys(GROUPS_STAGE).filter((name) => name !== 'uid')

const GROUPS: RecordTarget = {
  table: 'establishment_group',
  record: 'group',
  key: ['uid'],
  values: GROUP_VALUES,
  rows: `select uid, ${GROUP_VALUES.join(', ')} from stage`,
  recordKey: 'n.uid',
  blanks: 'replace',
}

export function saveGroups(client: PoolClient, file: SavedFile): Promise<SaveTotals> {
  return saveRecords(client, file, GROUPS)
}

export const GROUP_LINKS_STAGE: StageColumns = {
  urn: 'integer',
  group_uid: 'text',
  group_name: 'text',
  group_type: 'text',
  joined: 'date',
  left_on: 'date',
}

const MEMBERSHIPS: RecordTarget = {
  table: 'group_membership',
  record: 'membership',
  key: ['establishment_id', 'group_uid'],
  values: ['joined', 'left_on'],
  rows: `select e.id as establishment_id, s.group_uid, s.joined, s.left_on from stage s join establishment e on e.urn = s.urn`,
  recordKey: `(select urn::text from establishment where id = n.establishment_id) || ' ' || n.group_uid`,
  blanks: 'replace',
}

/** A group that no groups file has named yet is added by its name and type, its status said to be not recorded. */
export async function saveGroupLinks(client: PoolClient, file: SavedFile): Promise<SaveTotals> {
  await client.query(
    `insert into establishment_group (uid, name, type, status, data_file_id)
     select distinct on (group_uid) group_uid, group_name, group_type, 'Not recorded', $1 from stage
     order by group_uid on conflict (uid) do nothing`,
    [file.id],
  )
  return saveRecords(client, file, MEMBERSHIPS)
}

export const LINKS_STAGE: StageColumns = {
  urn: 'integer',
  linked_urn: 'integer',
  linked_name: 'text',
  link_type: 'text',
  established: 'date',
}

const LINKS: RecordTarget = {
  table: 'establishment_link',
  record: 'link',
  key: ['establishment_id', 'linked_urn', 'link_type'],
  values: ['linked_name', 'established'],
  rows: `select e.id as establishment_id, s.linked_urn, s.link_type, s.linked_name, s.established
         from stage s join establishment e on e.urn = s.urn`,
  recordKey: `(select urn::text from establishment where id = n.establishment_id) || ' ' || n.linked_urn`,
  blanks: 'replace',
}

export function saveLinks(client: PoolClient, file: SavedFile): Promise<SaveTotals> {
  return saveRecords(client, file, LINKS)
}
