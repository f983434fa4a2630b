-- Breaking: no. The database itself keeps everybody to the records of their scope (docs/adr/0009-scope.md). Pages and API run
-- as the role alongside_service, which owns nothing and passes no policy by; what a connection may see stands in its setting
-- alongside.scope. Without one it sees no person, leader, scenario or proposal.

-- What the service's role may do with tables, these and later ones. Policies say with which rows.
create procedure alongside_prepare_service_role() language plpgsql as $$
declare
  migrator_table text;
begin
  begin
    if to_regrole('alongside_service') is null then
      create role alongside_service nologin;
    end if;
  exception when duplicate_object or unique_violation then
    null; -- another database of this server made it a moment ago
  end;
  if not pg_has_role(current_user, 'alongside_service', 'SET') then
    grant alongside_service to current_user with inherit false, set true;
  end if;
  grant usage on schema public to alongside_service;
  grant select, insert, update, delete on all tables in schema public to alongside_service;
  grant usage, select on all sequences in schema public to alongside_service;
  alter default privileges in schema public grant select, insert, update, delete on tables to alongside_service;
  alter default privileges in schema public grant usage, select on sequences to alongside_service;
  -- Only the machine migrates, seals, and removes values of the audit.
  foreach migrator_table in array array['kysely_migration', 'kysely_migration_lock'] loop
    if to_regclass(migrator_table) is not null then
      execute format('revoke insert, update, delete on %I from alongside_service', migrator_table);
    end if;
  end loop;
  revoke update, delete on audit_entry, audit_value from alongside_service;
  revoke insert, update, delete on audit_head from alongside_service;
exception when insufficient_privilege then
  raise exception 'the role alongside_service cannot be made ready: %', sqlerrm using errcode = 'ALR01';
end
$$;
call alongside_prepare_service_role();
revoke execute on function blank_audit_values(text, text, text[], text) from public;

-- What the connection may see, as platform/scope.ts writes it: { everything, regions, authorities, organisations,
-- establishments, leaders, person, memberOf, may, machine }. Null without a scope. These functions are in PL/pgSQL because the
-- planner would write SQL ones out in each policy of each query, which took longer than the queries.
create function alongside_scope() returns jsonb language plpgsql stable parallel safe as $$
begin
  return nullif(current_setting('alongside.scope', true), '')::jsonb;
end
$$;

create function alongside_sees_all() returns boolean language plpgsql stable parallel safe as $$
begin
  return coalesce((alongside_scope() ->> 'everything')::boolean, false);
end
$$;

-- The service on its own account and the command line; never a request.
create function alongside_is_machine() returns boolean language plpgsql stable parallel safe as $$
begin
  return coalesce((alongside_scope() ->> 'machine')::boolean, false);
end
$$;

create function alongside_person() returns integer language plpgsql stable parallel safe as $$
begin
  return (alongside_scope() ->> 'person')::integer;
end
$$;

create function alongside_may(capability text) returns boolean language plpgsql stable parallel safe as $$
begin
  return coalesce(alongside_scope() -> 'may' ? capability, false);
end
$$;

-- One list of the scope: regions (names), authorities (codes), organisations (of the register, by key), leaders (references).
create function alongside_scope_texts(part text) returns text[] language plpgsql stable parallel safe as $$
begin
  return array(select jsonb_array_elements_text(coalesce(alongside_scope() -> part, '[]')));
end
$$;

-- One list of the scope: establishments (URNs), memberOf (ids of organisation).
create function alongside_scope_numbers(part text) returns integer[] language plpgsql stable parallel safe as $$
begin
  return array(select jsonb_array_elements_text(coalesce(alongside_scope() -> part, '[]'))::integer);
end
$$;

-- The one way to protect a table: its rows are seen, changed and made by whoever sees everything, or has the row's region (a
-- name), authority (a code), urn, trust (a uid), leader (a reference) or establishment (an id: its region, authority, trust or
-- URN) in scope. Each argument names a column of the table. The conditions are written out, because a function called for each
-- row costs lists a hundred times as much.
create procedure alongside_protect(target regclass, region text default null, authority text default null, urn text default null,
  trust text default null, leader text default null, establishment text default null) language plpgsql as $$
declare
  ways text[] := array['(select alongside_sees_all())'];
begin
  if region is not null then
    ways := ways || format('%I = any ((select alongside_scope_texts(''regions''))::text[])', region);
  end if;
  if authority is not null then
    ways := ways || format('%I = any ((select alongside_scope_texts(''authorities''))::text[])', authority);
  end if;
  if urn is not null then
    ways := ways || format('%I = any ((select alongside_scope_numbers(''establishments''))::integer[])', urn);
  end if;
  if trust is not null then
    ways := ways || format('%I = any ((select alongside_scope_texts(''organisations''))::text[])', trust);
  end if;
  if leader is not null then
    ways := ways || format('%I = any ((select alongside_scope_texts(''leaders''))::text[])', leader);
  end if;
  if establishment is not null then
    ways := ways || format('(select coalesce(e.region, a.region) = any ((select alongside_scope_texts(''regions''))::text[])
      or e.authority_code = any ((select alongside_scope_texts(''authorities''))::text[])
      or e.trust_uid = any ((select alongside_scope_texts(''organisations''))::text[])
      or e.urn = any ((select alongside_scope_numbers(''establishments''))::integer[])
      from public.establishment e left join public.authority a on a.code = e.authority_code where e.id = %s.%I)',
      target, establishment);
  end if;
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy scope on %s using (%s)', target, array_to_string(ways, ' or '));
end
$$;

-- For a table whose rows belong to a row of another, which is protected and has an id: seen with it. `key` is the column that
-- names the parent's id. The ids that are seen are asked once for each query, by a function that is planned once for all.
create procedure alongside_protect_under(target regclass, key text, parent regclass) language plpgsql as $$
declare
  seen text := format('alongside_seen_%s', parent);
begin
  execute format(
    'create or replace function %I() returns setof integer language plpgsql stable parallel safe as $f$
     begin return query select id from public.%s; end $f$', seen, parent);
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy scope on %s using ((select alongside_sees_all()) or %I in (select %I()))', target, key, seen);
end
$$;

-- Leaders: by region, by their own reference, by the trust that they lead.
call alongside_protect('leader', region => 'region', leader => 'reference', trust => 'organisation_trust_uid');
call alongside_protect_under('leader_term', 'leader_id', 'leader');
call alongside_protect_under('leader_day_entry', 'leader_id', 'leader');
call alongside_protect_under('leader_leave', 'leader_id', 'leader');
call alongside_protect_under('leader_interest', 'leader_id', 'leader');
call alongside_protect_under('leader_history', 'leader_id', 'leader');

-- A scenario is seen whole or not at all: by whoever has all its leaders' regions in scope and either made it or has all its
-- schools' regions too. The regions are those of the day when it was made; '' stands for a school without one.
alter table scenario
  add column made_by_person integer references person,
  add column school_regions text[] not null default '{}',
  add column leader_regions text[] not null default '{}';
update scenario s set
  made_by_person = (select e.person_id from audit_entry e join person p on p.id = e.person_id
    where e.record = 'scenario' and e.record_key = s.id::text and e.action = 'Made' order by e.id limit 1),
  school_regions = array(select distinct coalesce(e.region, a.region, '') from scenario_need n
    join establishment e on e.id = n.establishment_id left join authority a on a.code = e.authority_code
    where n.scenario_id = s.id order by 1),
  leader_regions = array(select distinct l.region from scenario_leader m join leader l on l.id = m.leader_id
    where m.scenario_id = s.id order by 1);

create function note_scenario_school_regions() returns trigger language plpgsql as $$
begin
  update scenario s set school_regions = array(select distinct unnest(s.school_regions || added.regions) order by 1)
  from (
    select n.scenario_id, array_agg(distinct coalesce(e.region, a.region, '')) as regions
    from added_need n join establishment e on e.id = n.establishment_id left join authority a on a.code = e.authority_code
    group by n.scenario_id
  ) added
  where s.id = added.scenario_id and not added.regions <@ s.school_regions;
  return null;
end
$$;
create trigger scenario_need_regions after insert on scenario_need referencing new table as added_need
  for each statement execute function note_scenario_school_regions();

create function note_scenario_leader_regions() returns trigger language plpgsql as $$
begin
  update scenario s set leader_regions = array(select distinct unnest(s.leader_regions || added.regions) order by 1)
  from (
    select m.scenario_id, array_agg(distinct l.region) as regions
    from added_leader m join leader l on l.id = m.leader_id group by m.scenario_id
  ) added
  where s.id = added.scenario_id and not added.regions <@ s.leader_regions;
  return null;
end
$$;
create trigger scenario_leader_regions after insert on scenario_leader referencing new table as added_leader
  for each statement execute function note_scenario_leader_regions();

alter table scenario enable row level security;
alter table scenario force row level security;
create policy scope on scenario using (
  (select alongside_sees_all())
  or leader_regions <@ (select alongside_scope_texts('regions'))
    and (made_by_person = (select alongside_person())
      or school_regions <> '{}' and school_regions <@ (select alongside_scope_texts('regions'))));
call alongside_protect_under('scenario_need', 'scenario_id', 'scenario');
call alongside_protect_under('scenario_leader', 'scenario_id', 'scenario');
call alongside_protect_under('scenario_decision', 'scenario_id', 'scenario');
call alongside_protect_under('scenario_solution', 'scenario_id', 'scenario');
call alongside_protect_under('proposal', 'scenario_id', 'scenario');
