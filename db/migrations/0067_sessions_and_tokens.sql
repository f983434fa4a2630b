-- Breaking: no. Forms kept through signing in again, tokens for programs of organisations, and who looks after a scenario.

-- What somebody sent after their session had ended. The content is readable only with the browser's cookie, of which the digest
-- stands here; it is offered to the same person, for half an hour.
create table kept_form (
  id integer generated always as identity primary key,
  secret_hash bytea not null unique,
  person_id integer not null references person,
  sealed bytea not null,
  kept_at timestamptz not null
);
create index kept_form_person on kept_form (person_id);

create table service_token (
  id integer generated always as identity primary key,
  organisation_id integer not null references organisation,
  name text not null check (btrim(name) <> ''),
  -- the token itself is shown once and stored nowhere
  token_hash bytea not null unique,
  programme text,
  role text not null,
  scope_kind text not null check (scope_kind in ('national', 'region', 'authority', 'organisation', 'establishment', 'leader')),
  scope_values text[] not null default '{}',
  made_by text not null,
  made_at timestamptz not null,
  -- the last day on which it works: none works for ever
  last_day date not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  check ((scope_kind = 'national') = (scope_values = '{}')),
  check ((revoked_at is null) = (revoked_by is null))
);
-- One at a time for an organisation: a new one ends the one before.
create unique index service_token_alone on service_token (organisation_id) where revoked_at is null;

alter table scenario add column kept_by integer references person;
