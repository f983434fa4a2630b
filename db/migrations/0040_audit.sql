-- Breaking: no. Who changed what, when, through which door, and why. An entry is never changed and never deleted; its values
-- stand beside it and can be blanked by a retention rule, which the digests survive (design, section 7).

create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  -- the day in England, by which entries are looked for
  day date not null generated always as ((at at time zone 'Europe/London')::date) stored,
  person_id bigint,
  name text not null check (name <> ''),
  door text not null check (door in ('page', 'API', 'command line', 'file', 'system')),
  request_id text,
  action text not null check (action <> ''),
  record text not null check (record <> ''),
  record_key text not null,
  -- over everything above and the digests of the values, so an entry can be proven after a value was removed
  digest text not null check (digest ~ '^[0-9a-f]{64}$')
);
create index audit_entry_record on audit_entry (record, record_key, id);
create index audit_entry_day on audit_entry (day, id);

create table audit_value (
  entry_id bigint not null references audit_entry,
  side text not null check (side in ('old', 'new', 'why')),
  field text not null,
  -- JSON as text, because the digest is over these letters
  value text,
  salt text,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  removed_at timestamptz,
  removed_by_rule text,
  primary key (entry_id, side, field),
  check ((value is null) = (removed_at is not null)),
  check ((salt is null) = (removed_at is not null)),
  check ((removed_by_rule is null) = (removed_at is null))
);

-- Seals all entries after the head before it, up to last_id. Written daily, so that writers never wait for one another.
create table audit_head (
  id integer generated always as identity primary key,
  sealed_at timestamptz not null,
  day date not null,
  first_id bigint not null,
  last_id bigint not null check (last_id >= first_id),
  entries integer not null check (entries > 0),
  entries_digest text not null,
  previous_digest text unique,
  digest text not null unique
);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  -- A demonstration may be emptied whole and begun afresh.
  if tg_op = 'TRUNCATE' and (select value #>> '{}' from service_setting where key = 'kind') = 'demonstration' then
    return null;
  end if;
  raise exception 'the audit is never changed and never deleted';
end
$$;
create trigger audit_entry_stays before update or delete on audit_entry
  for each row execute function refuse_audit_change();
create trigger audit_entry_not_emptied before truncate on audit_entry
  for each statement execute function refuse_audit_change();
create trigger audit_head_stays before update or delete on audit_head
  for each row execute function refuse_audit_change();
create trigger audit_head_not_emptied before truncate on audit_head
  for each statement execute function refuse_audit_change();
create trigger audit_value_stays before delete on audit_value
  for each row execute function refuse_audit_change();
create trigger audit_value_not_emptied before truncate on audit_value
  for each statement execute function refuse_audit_change();

create function refuse_audit_value_change() returns trigger language plpgsql as $$
begin
  if old.removed_at is not null or new.removed_at is null
    or (old.entry_id, old.side, old.field, old.digest) is distinct from (new.entry_id, new.side, new.field, new.digest) then
    raise exception 'a value of the audit can only be removed, once, by a retention rule';
  end if;
  return new;
end
$$;
create trigger audit_value_only_blanked before update on audit_value
  for each row execute function refuse_audit_value_change();

-- The one way to remove values: of one record, the named fields, whichever entry they stand in. Answers how many.
create function blank_audit_values(of_record text, of_key text, of_fields text[], by_rule text) returns integer
  language sql security definer set search_path = public, pg_temp as $$
  with blanked as (
    update audit_value v set value = null, salt = null, removed_at = now(), removed_by_rule = by_rule
    from audit_entry e
    where e.id = v.entry_id and e.record = of_record and e.record_key = of_key and v.field = any(of_fields)
      and v.removed_at is null
    returning 1
  )
  select count(*)::integer from blanked
$$;

-- The histories of leaders move here. A text in a digest is written with its length in front, nothing as a hyphen.
create function pg_temp.part(value text) returns text language sql immutable
  return coalesce(octet_length(value) || ':' || value, '-');
create function pg_temp.digest_of(parts text) returns text language sql immutable
  return encode(sha256(convert_to(parts, 'UTF8')), 'hex');

create temporary table moved_entry on commit drop as
select row_number() over (order by id) as place, id as history_id, date_trunc('milliseconds', at) as at, who as name,
  case door when 'world' then 'system' else door end as door, what as action, leader_id::text as record_key
from leader_history;

create temporary table moved_value on commit drop as
select history_id, side, field, value, salt, pg_temp.digest_of(pg_temp.part(salt) || pg_temp.part(value)) as digest
from (
  select h.id as history_id, 'old' as side, v.key as field, v.value::text as value, gen_random_uuid()::text as salt
  from leader_history h, jsonb_each(h.old_values) v
  union all
  select h.id, 'new', v.key, v.value::text, gen_random_uuid()::text from leader_history h, jsonb_each(h.new_values) v
  union all
  select h.id, 'why', 'reason', to_jsonb(h.reason)::text, gen_random_uuid()::text from leader_history h where h.reason is not null
) v;

insert into audit_entry (id, at, name, door, action, record, record_key, digest) overriding system value
select place, at, name, door, action, 'leader', record_key, pg_temp.digest_of(
  pg_temp.part(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) || '-' || pg_temp.part(name)
  || pg_temp.part(door) || '-' || pg_temp.part(action) || pg_temp.part('leader') || pg_temp.part(record_key)
  || coalesce((select string_agg(pg_temp.part(side) || pg_temp.part(field) || pg_temp.part(v.digest), ''
    order by side collate "C", field collate "C") from moved_value v where v.history_id = e.history_id), ''))
from moved_entry e order by place;
insert into audit_value (entry_id, side, field, value, salt, digest)
select place, side, field, value, salt, v.digest from moved_value v join moved_entry e using (history_id);
select setval(pg_get_serial_sequence('audit_entry', 'id'), coalesce(max(id), 0) + 1, false) from audit_entry;
delete from leader_history;
comment on table leader_history is 'Empty since the audit holds every history; goes away when no older release is upgraded from';
