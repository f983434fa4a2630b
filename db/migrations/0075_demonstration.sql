-- Breaking: no. What a demonstration needs: a day that can be moved, and a way back to a scene without reloading the register.

create function is_demonstration() returns boolean language sql stable
  return (select value #>> '{}' from service_setting where key = 'kind') is not distinct from 'demonstration';

-- One row, and only in a demonstration: the day that the service takes for today, and the scene it was begun from.
create table demonstration_clock (
  only_row boolean primary key default true check (only_row),
  today date not null,
  scene text check (scene <> ''),
  moved_at timestamptz not null default now()
);

create function refuse_outside_demonstration() returns trigger language plpgsql as $$
begin
  if is_demonstration() then
    return new;
  end if;
  raise exception 'only a demonstration has a day of its own';
end
$$;
create trigger demonstration_clock_only before insert or update on demonstration_clock
  for each row execute function refuse_outside_demonstration();

alter table organisation drop constraint organisation_kind_check;
alter table organisation add constraint organisation_kind_check check (kind in
  ('trust', 'authority', 'alliance', 'partner', 'diocese', 'government', 'division', 'network', 'firm', 'school'));

-- Rows of the register as they were before a demonstration first changed them; null: the row was not there. Kept by triggers
-- that exist in a demonstration only, from the end of the first load on: keep_register_changes makes and drops them.
create table register_before (
  table_name text not null,
  row_key jsonb not null,
  row_before jsonb,
  primary key (table_name, row_key)
);

-- The register's tables, parents first, with their keys and the columns that can be written.
create function register_tables() returns table (turn bigint, name text, keys text[], written text[])
  language sql stable set search_path = public, pg_temp as $$
  select t.turn, t.name,
    (select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum))
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])
      where i.indrelid = t.name::regclass and i.indisprimary),
    (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
      where a.attrelid = t.name::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
  from unnest(array['data_file', 'authority', 'establishment_group', 'establishment', 'establishment_version',
    'group_membership', 'establishment_link', 'inspection', 'school_measure', 'measure_benchmark'])
    with ordinality t (name, turn)
$$;

create function keep_register_before() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  key jsonb;
begin
  if tg_op <> 'INSERT' then
    select jsonb_object_agg(k, to_jsonb(old) -> k) into key from unnest(tg_argv) k;
    insert into register_before values (tg_table_name, key, to_jsonb(old)) on conflict do nothing;
  end if;
  if tg_op <> 'DELETE' then
    select jsonb_object_agg(k, to_jsonb(new) -> k) into key from unnest(tg_argv) k;
    insert into register_before values (tg_table_name, key, null) on conflict do nothing;
  end if;
  return null;
end
$$;

-- Only outside a demonstration's first load, which is what a scene goes back to. The owner of the tables does it, because the
-- service need not own them.
create function keep_register_changes(keep boolean) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part record;
  held boolean;
begin
  for part in select * from register_tables() loop
    held := exists (select from pg_trigger where tgname = 'register_before_kept' and tgrelid = part.name::regclass);
    if keep and not held and is_demonstration() then
      execute format('create trigger register_before_kept after insert or update or delete on %I for each row
        execute function keep_register_before(%s)', part.name,
        (select string_agg(quote_literal(k), ', ') from unnest(part.keys) k));
    elsif held and not keep then
      execute format('drop trigger register_before_kept on %I', part.name);
    end if;
  end loop;
end
$$;

-- The register as the first load left it: what was changed since is put back, what came is taken out, and so is every invented
-- row that came before its changes were kept. The files of `same_world`, by their hash, stay for its rows to come again: to
-- prove that nothing else rests on a file, the whole register is gone through.
create function put_register_back(same_world text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  part record;
  same text;
  gone integer[];
begin
  if not is_demonstration() then
    raise exception 'only a demonstration goes back';
  end if;
  gone := array(select f.id from data_file f
    where (f.coverage = 'invented England' or exists (select from register_before b
      where b.table_name = 'data_file' and b.row_before is null and b.row_key = jsonb_build_object('id', f.id)))
      and not (f.coverage = 'invented England' and f.sha256 = same_world));
  for part in select * from register_tables() order by turn loop
    same := (select string_agg(format('t.%1$I = r.%1$I', k), ' and ') from unnest(part.keys) k);
    execute format('insert into %1$I (%2$s) overriding system value select %3$s
      from register_before b, jsonb_populate_record(null::%1$I, b.row_before) r
      where b.table_name = %1$L and b.row_before is not null and not exists (select from %1$I t where %4$s)', part.name,
      (select string_agg(quote_ident(c), ', ') from unnest(part.written) c),
      (select string_agg('r.' || quote_ident(c), ', ') from unnest(part.written) c), same);
    if part.written <> part.keys then
      execute format('update %1$I t set %2$s from register_before b, jsonb_populate_record(null::%1$I, b.row_before) r
        where b.table_name = %1$L and b.row_before is not null and %3$s', part.name,
        (select string_agg(format('%1$I = r.%1$I', c), ', ') from unnest(part.written) c where c <> all (part.keys)), same);
    end if;
  end loop;
  for part in select * from register_tables() where name <> 'data_file' order by turn desc loop
    same := (select string_agg(format('t.%1$I = r.%1$I', k), ' and ') from unnest(part.keys) k);
    execute format('delete from %1$I t using register_before b, jsonb_populate_record(null::%1$I, b.row_key) r
      where b.table_name = %1$L and b.row_before is null and %2$s', part.name, same);
  end loop;
  perform take_out_invented();
  if gone <> '{}' then
    delete from data_file_fault where data_file_id = any (gone);
    delete from register_change where data_file_id = any (gone);
    delete from data_file where id = any (gone);
  end if;
  -- Its schools come with new numbers: what was worked out from the old ones must be known to be old.
  update data_file set imported_at = clock_timestamp() where coverage = 'invented England' and sha256 = same_world;
  delete from register_before b where not (b.table_name = 'data_file' and exists (
    select from data_file f where b.row_key = jsonb_build_object('id', f.id) and f.sha256 = same_world));
end
$$;

-- Schools from URN 900000, trusts T-, authorities LA-.
create function take_out_invented() returns void language plpgsql set search_path = public, pg_temp as $$
declare
  part text;
begin
  if not is_demonstration() then
    raise exception 'only a demonstration goes back';
  end if;
  foreach part in array array['school_measure', 'inspection', 'establishment_link', 'group_membership', 'establishment_version'] loop
    execute format('delete from %I where establishment_id in (select id from establishment where urn >= 900000)', part);
  end loop;
  delete from establishment where urn >= 900000;
  delete from establishment_group where uid like 'T-%';
  delete from authority where code like 'LA-%';
end
$$;

-- Empties the tables of what a demonstration made, numbers from the beginning. One owner for the same reason.
create function empty_demonstration(made_by_use text[]) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not is_demonstration() then
    raise exception 'only a demonstration may be emptied';
  end if;
  execute 'truncate ' || (select string_agg(quote_ident(name), ', ') from unnest(made_by_use) name) || ' restart identity';
end
$$;
