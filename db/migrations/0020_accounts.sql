-- Breaking: no. People, their organisations, what they are granted, and their sessions (TSI-065, TSI-066, TSI-067).

create table organisation (
  id integer generated always as identity (start with 1001) primary key,
  kind text not null check (kind in ('trust', 'authority', 'alliance', 'partner', 'diocese', 'government')),
  name text not null check (name = btrim(name) and name <> ''),
  -- a trust's UID or an authority's code; null for one kept by hand
  register_key text,
  created_at timestamptz not null default now()
);
create unique index organisation_of_register on organisation (kind, register_key) where register_key is not null;
create unique index organisation_by_hand on organisation (kind, lower(name)) where register_key is null;

create table person (
  id integer generated always as identity (start with 1001) primary key,
  name text not null check (name = btrim(name) and name <> ''),
  email text not null check (email = btrim(email) and position('@' in email) > 1),
  state text not null default 'invited' check (state in ('invited', 'active', 'removed')),
  -- who the sign-in provider says this is, kept from the first sign-in on: an address alone never merges two people
  issuer text,
  subject text,
  -- names of invented people in a demonstration
  demonstration_ids text[] not null default '{}',
  created_at timestamptz not null default now(),
  created_by text not null,
  check ((issuer is null) = (subject is null))
);
create unique index person_email on person (lower(email));
create unique index person_identity on person (issuer, subject);
comment on column person.name is 'personal: contact; kept while the account is in use';
comment on column person.email is 'personal: contact; kept while the account is in use';

create table organisation_member (
  organisation_id integer not null references organisation,
  person_id integer not null references person,
  -- an approver invites, removes and reviews the people of the organisation
  approver boolean not null default false,
  added_by text not null,
  added_at timestamptz not null default now(),
  reviewed_on date,
  reviewed_by text,
  left_at timestamptz,
  removed_by text,
  primary key (organisation_id, person_id)
);
create index organisation_member_person on organisation_member (person_id);

-- What a person may do: a role of a programme (or, without one, of the service) for a part of the records, on dated days.
-- Never removed: a grant that ends keeps its row.
create table role_grant (
  id integer generated always as identity primary key,
  person_id integer not null references person,
  programme text,
  role text not null check (role <> ''),
  organisation_id integer references organisation,
  scope_kind text not null
    check (scope_kind in ('national', 'region', 'authority', 'organisation', 'establishment', 'leader', 'named')),
  scope_values text[] not null default '{}',
  from_date date not null,
  -- the last day; null while it has no end
  to_date date check (to_date >= from_date),
  granted_by text not null,
  granted_at timestamptz not null default now(),
  ended_by text,
  check ((scope_kind = 'national') = (scope_values = '{}'))
);
create index role_grant_person on role_grant (person_id);
create index role_grant_role on role_grant (role, programme);

create table invitation (
  id integer generated always as identity primary key,
  person_id integer not null references person,
  email text not null,
  code_hash bytea not null unique,
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index invitation_person on invitation (person_id);
comment on column invitation.email is 'personal: contact; kept as long as the person';

-- Sessions are known by the digest of their token, so that a copy of this table signs nobody in.
create table user_session (
  id integer generated always as identity primary key,
  token_hash bytea not null unique,
  person_id integer not null references person,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  browser text not null default ''
);
create index user_session_person on user_session (person_id);
comment on column user_session.browser is 'personal: contact; kept 13 months';

-- A sign-in on its way to the provider and back: used once, soon forgotten.
create table sign_in_attempt (
  state_hash bytea primary key,
  verifier text not null,
  nonce text not null,
  return_to text not null,
  invitation_id integer references invitation,
  created_at timestamptz not null
);
