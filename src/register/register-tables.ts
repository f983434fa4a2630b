import type { Generated, GeneratedAlways } from 'kysely'

/** The tables of db/migrations/0001_register.sql. Dates are ISO texts ("2026-06-02"), instants what `pg` answers. */
export type RegisterTables = {
  data_file: DataFileTable
  data_file_fault: DataFileFaultTable
  register_change: RegisterChangeTable
  authority: AuthorityTable
  establishment_group: EstablishmentGroupTable
  establishment: EstablishmentTable
  establishment_version: EstablishmentVersionTable
  group_membership: GroupMembershipTable
  establishment_link: EstablishmentLinkTable
  inspection: InspectionTable
  school_measure: SchoolMeasureTable
  measure_benchmark: MeasureBenchmarkTable
  import_progress: ImportProgressTable
}

export type DataFileKind = 'authorities' | 'schools' | 'groups' | 'group-links' | 'links' | 'inspections' | 'measures'

export type DataFileTable = {
  id: GeneratedAlways<number>
  kind: DataFileKind
  name: string
  title: string
  publisher: string
  as_at: string
  coverage: string
  columns: string[]
  facts: Generated<string[]>
  sha256: string
  rows_read: Generated<number>
  rows_added: Generated<number>
  rows_changed: Generated<number>
  rows_unchanged: Generated<number>
  rows_rejected: Generated<number>
  imported_at: Generated<Date>
}

export type DataFileFaultTable = { data_file_id: number; line: number; field: string | null; message: string }

export type RegisterChangeTable = {
  id: GeneratedAlways<number>
  data_file_id: number
  record: string
  record_key: string
  old_values: Record<string, unknown>
  new_values: Record<string, unknown>
  changed_at: Generated<Date>
}

export type AuthorityTable = {
  code: string
  name: string
  region: string | null
  gss_code: string | null
  data_file_id: number | null
}

export type EstablishmentGroupTable = {
  uid: string
  group_id: string | null
  name: string
  type: string
  status: string
  opened: string | null
  closed: string | null
  companies_house_number: string | null
  ukprn: string | null
  town: string | null
  postcode: string | null
  data_file_id: number
}

/** The facts that both the current row and each dated state hold in columns of their own. */
type EstablishmentState = {
  ukprn: string | null
  laestab: string | null
  name: string
  authority_code: string | null
  type: string | null
  type_group: string | null
  phase: string | null
  status: string
  opened: string | null
  closed: string | null
  region: string | null
  postcode: string | null
  easting: number | null
  northing: number | null
  pupils: number | null
}

export type EstablishmentTable = EstablishmentState & {
  id: GeneratedAlways<number>
  urn: number | null
  reason_opened: string | null
  reason_closed: string | null
  low_age: number | null
  high_age: number | null
  boarders: string | null
  sixth_form: string | null
  gender: string | null
  religious_character: string | null
  diocese: string | null
  admissions: string | null
  street: string | null
  locality: string | null
  address3: string | null
  town: string | null
  county: string | null
  website: string | null
  telephone: string | null
  head_title: string | null
  district: string | null
  constituency: string | null
  coordinate_source: string | null
  capacity: number | null
  capacity_as_at: string | null
  pupils_as_at: string | null
  fsm_percent: number | null
  fsm_as_at: string | null
  trust_code: string | null
  trust_name: string | null
  trust_uid: string | null
  latest_grade: number | null
  latest_grade_on: string | null
  latest_grade_urn: number | null
  not_listed_since: string | null
  as_at: string
  data_file_id: number
  search_text: GeneratedAlways<string>
}

export type EstablishmentVersionTable = EstablishmentState & {
  establishment_id: number
  as_at: string
  last_seen: string
  data_file_id: number
  row_hash: string
  other: Generated<Record<string, string>>
}

export type GroupMembershipTable = {
  establishment_id: number
  group_uid: string
  joined: string | null
  left_on: string | null
  data_file_id: number
}

export type EstablishmentLinkTable = {
  establishment_id: number
  linked_urn: number
  linked_name: string | null
  link_type: string
  established: string | null
  data_file_id: number
}

export type InspectionKind = 'graded' | 'graded_no_overall' | 'report_card' | 'ungraded' | 'newer_unspecified'

export type InspectionTable = {
  id: GeneratedAlways<number>
  establishment_id: number
  inspected_on: string
  published_on: string | null
  kind: InspectionKind
  overall: number | null
  quality_of_education: number | null
  behaviour: number | null
  personal_development: number | null
  leadership: number | null
  early_years: number | null
  sixth_form: number | null
  safeguarding: string | null
  category_of_concern: string | null
  report_card: Record<string, string> | null
  ungraded_outcome: string | null
  inspection_number: string | null
  urn_at_time: number | null
  sources: string | null
  data_file_id: number
}

export type SchoolMeasureTable = {
  establishment_id: number
  dataset: string
  year: string
  values: Record<string, number | string>
  data_file_id: number
}

export type MeasureBenchmarkTable = {
  dataset: string
  year: string
  measure: string
  area_kind: 'authority' | 'region' | 'england'
  area: string
  phase: string
  mean: number
  schools: number
}

export type ImportProgressTable = {
  id: GeneratedAlways<number>
  title: string
  step: string
  done: number
  total: number
  started_at: Generated<Date>
  ended_at: Date | null
  failed: string | null
}
