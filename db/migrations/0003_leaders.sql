-- Breaking: no. The roster: who can support a school, how many days they have, what is promised, what they declared.

create table leader (
  id integer generated always as identity primary key,
  reference text not null unique check (reference = btrim(reference) and reference <> ''),
  name text,
  email text,
  -- ids of the packs' leader types
  type text not null check (type <> ''),
  also_types text[] not null default '{}',
  organisation_establishment_id integer references establishment,
  organisation_trust_uid text references establishment_group,
  -- an organisation outside the register; only invented leaders may have one
  organisation_name text,
  base_establishment_id integer references establishment,
  base_easting integer,
  base_northing integer,
  region text not null check (region <> ''),
  phases text[] not null default '{}',
  school_types text[] not null default '{}',
  expertise text[] not null default '{}',
  travel_limit_miles integer check (travel_limit_miles > 0),
  works_out_of_region boolean not null default true,
  state text not null default 'active' check (state in ('active', 'paused', 'left')),
  -- invented to try things out over the real register: no person, no name, no organisation of the register
  exercise boolean not null default false,
  -- version counts every change: of the record, the days, leave, interests; edit_version those of the record alone, so that
  -- a form is only refused when somebody else saved the same form
  version integer not null default 1,
  edit_version integer not null default 1,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  check (num_nonnulls(organisation_establishment_id, organisation_trust_uid, organisation_name) = 1),
  check ((base_easting is null) = (base_northing is null)),
  check (not exercise or (name is null and email is null and organisation_name is not null))
);
create index leader_region on leader (region);
create index leader_organisation_establishment on leader (organisation_establishment_id);
create index leader_organisation_trust on leader (organisation_trust_uid);
comment on column leader.name is 'personal: contact; kept while on the roster';
comment on column leader.email is 'personal: contact; kept while on the roster';

-- The balance of one leader in one term, in half days. Held and promised are counted by the trigger below, never written.
-- More than is available may be taken only with a reason (TSI-069, TSI-075); without one the database refuses.
create table leader_term (
  leader_id integer not null references leader,
  term text not null,
  available_half_days integer not null default 0 check (available_half_days >= 0),
  held_half_days integer not null default 0 check (held_half_days >= 0),
  promised_half_days integer not null default 0 check (promised_half_days >= 0),
  over_reason text check (over_reason <> ''),
  primary key (leader_id, term),
  constraint leader_term_not_over
    check (held_half_days + promised_half_days <= available_half_days or over_reason is not null)
);

-- What days were taken for. An entry is released, never changed and never deleted.
create table leader_day_entry (
  id integer generated always as identity primary key,
  leader_id integer not null,
  term text not null,
  kind text not null check (kind in ('hold', 'promise')),
  half_days integer not null check (half_days > 0),
  taken_for text not null check (taken_for <> ''),
  -- why more was taken than was free
  over_reason text,
  from_hold_id integer references leader_day_entry,
  made_at timestamptz not null default now(),
  made_by text not null,
  door text not null,
  released_at timestamptz,
  released_by text,
  release_reason text,
  check ((released_at is null) = (released_by is null)),
  foreign key (leader_id, term) references leader_term
);
-- The same days asked for twice are taken once.
create unique index leader_day_entry_open on leader_day_entry (leader_id, term, kind, taken_for) where released_at is null;
create index leader_day_entry_leader on leader_day_entry (leader_id, term, id);

create function count_leader_days() returns trigger language plpgsql as $$
declare
  half_days integer;
begin
  if tg_op = 'DELETE' then
    raise exception 'an entry of the capacity ledger is released, never deleted';
  end if;
  if tg_op = 'INSERT' then
    if new.released_at is not null then
      raise exception 'an entry of the capacity ledger begins open';
    end if;
    half_days := new.half_days;
  else
    if old.released_at is not null or new.released_at is null
      or (old.id, old.leader_id, old.term, old.kind, old.half_days, old.taken_for)
        is distinct from (new.id, new.leader_id, new.term, new.kind, new.half_days, new.taken_for) then
      raise exception 'an entry of the capacity ledger can only be released, once';
    end if;
    half_days := -old.half_days;
  end if;
  update leader_term
    set held_half_days = held_half_days + case when new.kind = 'hold' then half_days else 0 end,
      promised_half_days = promised_half_days + case when new.kind = 'promise' then half_days else 0 end,
      over_reason = case when held_half_days + promised_half_days + half_days > available_half_days then over_reason end
    where leader_id = new.leader_id and term = new.term;
  return null;
end
$$;
create trigger leader_day_entry_counted after insert or update or delete on leader_day_entry
  for each row execute function count_leader_days();

create table leader_leave (
  id integer generated always as identity primary key,
  leader_id integer not null references leader,
  from_on date not null,
  to_on date not null,
  check (from_on <= to_on),
  unique (leader_id, from_on, to_on)
);
comment on table leader_leave is 'personal: contact; the reason of a leave is never kept';

-- Interests by academic year (the year it begins in). 'nothing' is the explicit answer that there is nothing to declare;
-- no row at all means not declared yet, and is never read as none.
create table leader_interest (
  id integer generated always as identity primary key,
  leader_id integer not null references leader,
  year integer not null check (year between 2000 and 2100),
  kind text not null check (kind in ('school', 'trust', 'nothing')),
  establishment_id integer references establishment,
  trust_uid text references establishment_group,
  nature text,
  declared_at timestamptz not null default now(),
  declared_by text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  withdrawn_reason text,
  check ((kind = 'school') = (establishment_id is not null)),
  check ((kind = 'trust') = (trust_uid is not null)),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index leader_interest_open on leader_interest
  (leader_id, year, kind, coalesce(establishment_id, 0), coalesce(trust_uid, '')) where withdrawn_at is null;
create index leader_interest_leader on leader_interest (leader_id, year);
comment on column leader_interest.nature is 'personal: sensitive; kept while on the roster';

-- Who changed what, when and through which door. Old and new value by field.
create table leader_history (
  id integer generated always as identity primary key,
  leader_id integer not null references leader,
  at timestamptz not null default now(),
  who text not null,
  door text not null,
  what text not null,
  old_values jsonb not null default '{}',
  new_values jsonb not null default '{}',
  reason text
);
create index leader_history_leader on leader_history (leader_id, id);
