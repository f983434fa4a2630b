-- The register: who the schools, trusts and authorities are, and what inspectors found. Facts only, each with its file and date.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- unaccent() is only stable, because its dictionary may change; ours is fixed, so an index may rest on it.
create function plain_text(value text) returns text
  language sql immutable parallel safe strict
  return lower(public.unaccent('public.unaccent'::regdictionary, value));

-- One row for each file that was taken in, whole or with rejected rows; nothing is ever removed.
create table data_file (
  id integer generated always as identity primary key,
  kind text not null,
  name text not null,
  title text not null,
  publisher text not null,
  as_at date not null,
  coverage text not null,
  -- as published, and by our names: which facts this file can speak about
  columns text[] not null,
  facts text[] not null default '{}',
  sha256 text not null,
  rows_read integer not null default 0,
  rows_added integer not null default 0,
  rows_changed integer not null default 0,
  rows_unchanged integer not null default 0,
  rows_rejected integer not null default 0,
  imported_at timestamptz not null default now()
);

create table data_file_fault (
  data_file_id integer not null references data_file,
  line integer not null,
  field text,
  message text not null
);
create index data_file_fault_file on data_file_fault (data_file_id, line);

-- What an import changed in a record that was there before: old and new value by column.
create table register_change (
  id integer generated always as identity primary key,
  data_file_id integer not null references data_file,
  record text not null,
  record_key text not null,
  old_values jsonb not null,
  new_values jsonb not null,
  changed_at timestamptz not null default now()
);
create index register_change_record on register_change (record, record_key, id);

-- From the list of today's English authorities, and from register files for any other (former, Welsh): then without region.
create table authority (
  code text primary key,
  name text not null,
  region text,
  gss_code text,
  data_file_id integer references data_file
);
create index authority_region on authority (region);

create table establishment_group (
  uid text primary key,
  group_id text,
  name text not null,
  type text not null,
  status text not null,
  opened date,
  closed date,
  companies_house_number text,
  ukprn text,
  town text,
  postcode text,
  data_file_id integer not null references data_file
);
create index establishment_group_name on establishment_group using gin (plain_text(name) gin_trgm_ops) with (fastupdate = off);

-- The current row: for each fact the newest file that held it. The dated states stand in establishment_version.
create table establishment (
  id integer generated always as identity primary key,
  urn integer unique check (urn between 100000 and 999999),
  ukprn text,
  laestab text,
  name text not null,
  authority_code text,
  type text,
  type_group text,
  phase text,
  status text not null,
  opened date,
  closed date,
  reason_opened text,
  reason_closed text,
  low_age smallint,
  high_age smallint,
  boarders text,
  sixth_form text,
  gender text,
  religious_character text,
  diocese text,
  admissions text,
  street text,
  locality text,
  address3 text,
  town text,
  county text,
  postcode text,
  website text,
  telephone text,
  head_title text,
  region text,
  district text,
  constituency text,
  easting integer,
  northing integer,
  coordinate_source text,
  capacity integer,
  capacity_as_at text,
  pupils integer,
  pupils_as_at text,
  fsm_percent double precision,
  fsm_as_at text,
  -- the trust as the register file names it; memberships are dated and stand in group_membership
  trust_code text,
  trust_name text,
  -- projections, rebuilt after every import
  trust_uid text references establishment_group,
  latest_grade smallint,
  latest_grade_on date,
  latest_grade_urn integer,
  -- the newest whole register file that should have shown this establishment and did not
  not_listed_since date,
  as_at date not null,
  data_file_id integer not null references data_file,
  search_text text generated always as (plain_text(name || ' ' || coalesce(town, '') || ' ' || coalesce(postcode, ''))) stored
);
create index establishment_search on establishment using gin (search_text gin_trgm_ops) with (fastupdate = off);
create index establishment_name on establishment (name, id);
create index establishment_ukprn on establishment (ukprn);
create index establishment_laestab on establishment (laestab);
create index establishment_postcode on establishment (replace(postcode, ' ', '') text_pattern_ops);
create index establishment_authority on establishment (authority_code, status);
create index establishment_trust on establishment (trust_uid) where trust_uid is not null;

-- One row for each distinct state that a dated register file showed; seen again unchanged moves last_seen.
-- "As at D" reads, for each establishment, its newest row with as_at <= D; last_seen tells until when files showed it so.
create table establishment_version (
  establishment_id integer not null references establishment,
  as_at date not null,
  last_seen date not null,
  data_file_id integer not null references data_file,
  row_hash text not null,
  ukprn text,
  laestab text,
  name text not null,
  authority_code text,
  type text,
  type_group text,
  phase text,
  status text not null,
  opened date,
  closed date,
  region text,
  postcode text,
  easting integer,
  northing integer,
  pupils integer,
  -- every other column of that file, by its canonical name
  other jsonb not null default '{}',
  primary key (establishment_id, as_at)
);
create index establishment_version_seen on establishment_version (as_at, last_seen);

create table group_membership (
  establishment_id integer not null references establishment,
  group_uid text not null references establishment_group,
  joined date,
  left_on date,
  data_file_id integer not null references data_file,
  primary key (establishment_id, group_uid)
);
create index group_membership_group on group_membership (group_uid);

create table establishment_link (
  establishment_id integer not null references establishment,
  linked_urn integer not null,
  linked_name text,
  link_type text not null,
  established date,
  data_file_id integer not null references data_file,
  primary key (establishment_id, linked_urn, link_type)
);
create index establishment_link_linked on establishment_link (linked_urn);

create table inspection (
  id integer generated always as identity primary key,
  -- the establishment it is filed under, which may be the successor of the one that was inspected (design, section 6)
  establishment_id integer not null references establishment,
  inspected_on date not null,
  published_on date,
  kind text not null check (kind in ('graded', 'graded_no_overall', 'report_card', 'ungraded', 'newer_unspecified')),
  overall smallint check (overall between 1 and 4),
  quality_of_education smallint,
  behaviour smallint,
  personal_development smallint,
  leadership smallint,
  early_years smallint,
  sixth_form smallint,
  safeguarding text,
  category_of_concern text,
  -- report card areas by name, as published from November 2025
  report_card jsonb,
  ungraded_outcome text,
  inspection_number text,
  urn_at_time integer,
  sources text,
  data_file_id integer not null references data_file,
  unique (establishment_id, inspected_on, kind)
);
create index inspection_graded on inspection (inspected_on) where kind = 'graded';

-- Published measures of a school by year: absence, attainment, census. Values by their official column name.
create table school_measure (
  establishment_id integer not null references establishment,
  dataset text not null,
  year text not null,
  values jsonb not null,
  data_file_id integer not null references data_file,
  primary key (establishment_id, dataset, year)
);

-- Schools are compared within a broad phase.
create function broad_phase(phase text) returns text
  language sql immutable parallel safe
  return case
    when phase in ('Primary', 'Middle deemed primary') then 'Primary'
    when phase in ('Secondary', 'Middle deemed secondary') then 'Secondary'
    when phase in ('Nursery', 'All-through', '16 plus') then phase
    else 'Other'
  end;

-- Means beside a school: by authority, region and England, of open schools of the same broad phase. Rebuilt after imports.
create table measure_benchmark (
  dataset text not null,
  year text not null,
  measure text not null,
  area_kind text not null check (area_kind in ('authority', 'region', 'england')),
  area text not null,
  phase text not null,
  mean double precision not null,
  schools integer not null,
  primary key (dataset, year, measure, area_kind, area, phase)
);

-- Where a long import stands, for the terminal and the page; kept after the end as its report.
create table import_progress (
  id integer generated always as identity primary key,
  title text not null,
  step text not null,
  done integer not null,
  total integer not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  failed text
);
