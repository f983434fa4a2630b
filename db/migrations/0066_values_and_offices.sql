-- Breaking: no. Values that a role keeps with days instead of the pack (TSI-067), and the offices of organisations (TSI-018, TSI-019).

create table pack_value (
  id integer generated always as identity primary key,
  programme text not null,
  value_id text not null,
  -- one part for each name under the value's "by", in its order
  key text[] not null check (cardinality(key) > 0),
  -- null says that there is none from this day on
  value jsonb,
  from_date date not null,
  -- the last day; null while it has no end
  to_date date check (to_date >= from_date),
  set_by text not null,
  set_at timestamptz not null default now()
);
create unique index pack_value_begins on pack_value (programme, value_id, key, from_date);

-- On each day at most one counts: two at once would make a letter go to either.
create function refuse_value_overlap() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext(new.programme || ' ' || new.value_id || ' ' || new.key::text));
  if exists (
    select from pack_value other
    where other.programme = new.programme and other.value_id = new.value_id and other.key = new.key and other.id <> new.id
      and daterange(other.from_date, other.to_date, '[]') && daterange(new.from_date, new.to_date, '[]')
  ) then
    raise exception 'two values of % for % on one day', new.value_id, new.key;
  end if;
  return null;
end
$$;
create constraint trigger pack_value_alone after insert or update on pack_value
  deferrable initially deferred for each row execute function refuse_value_overlap();

-- Where mail for an organisation goes when nobody of it is known by name.
create table office (
  kind text not null check (kind in ('school', 'trust', 'authority', 'diocese', 'partner', 'government', 'alliance')),
  -- URN, UID, code, or the organisation's key
  key text not null,
  email text not null check (position('@' in email) > 1),
  set_by text not null,
  primary key (kind, key)
);
