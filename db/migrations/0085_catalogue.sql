-- Breaking: no. Local places for the catalogue of programmes, kept by an administrator, and what leaders decided about entries.

-- A hub that serves a region, an authority or one school, or a mark on such an area; `kind` is a word of the programme's pack.
create table local_place (
  id integer generated always as identity primary key,
  programme text not null,
  kind text not null,
  area_kind text not null check (area_kind in ('region', 'authority', 'school')),
  -- name of the region, code of the authority, URN of the school
  area text not null check (area <> ''),
  name text not null check (name = btrim(name) and name <> ''),
  link text check (link like 'https://%'),
  from_date date not null,
  -- last day; null while it serves
  until_date date check (until_date >= from_date),
  entered_at timestamptz not null default now(),
  entered_by text not null
);
-- Two hubs of one kind for one area would answer as chance has it.
create unique index local_place_serving on local_place (programme, kind, area_kind, area) where until_date is null;
create index local_place_programme on local_place (programme, kind, area_kind, area, from_date);

-- One decision about one entry for the subject of a record: never changed, the newest counts. Nothing about a person is
-- kept: `told` is a role, and whether somebody uses an offer has no column (TSI-192).
create table signposting (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  entry text not null,
  record text not null,
  record_key text not null,
  -- the school or trust: URN or number of the trust
  subject_kind text not null check (subject_kind in ('school', 'trust')),
  subject_key text not null,
  kind text not null check (kind in ('signposted', 'in-use', 'not-relevant', 'note')),
  decided_on date not null,
  area text,
  told text,
  -- the way in as it was shown
  route jsonb not null,
  details jsonb not null default '{}',
  reason text,
  entered_at timestamptz not null default now(),
  entered_by text not null,
  check (kind <> 'not-relevant' or btrim(reason) <> '')
);
create index signposting_record on signposting (record, record_key, id);
create index signposting_subject on signposting (programme, entry, subject_kind, subject_key);

create function refuse_signposting_change() returns trigger language plpgsql as $$
begin
  raise exception 'A signposting is never changed or removed: enter another one';
end $$;
create trigger signposting_is_final before update or delete on signposting
  for each row execute function refuse_signposting_change();
