-- Breaking: no. People, their grants and sessions, and the audit, to whoever may see them. Administrators keep people; what
-- signing in and invitations do to an account is done by the machine, because nobody is signed in yet or the account is elsewhere.

-- A school by its own number, its trust, its authority or its region.
create function alongside_school_in_scope(of_establishment integer) returns boolean language sql stable parallel safe
return exists (
  select from public.establishment e left join public.authority a on a.code = e.authority_code
  where e.id = of_establishment and (
    coalesce(e.region, a.region) = any (alongside_scope_texts('regions'))
    or e.authority_code = any (alongside_scope_texts('authorities'))
    or e.trust_uid = any (alongside_scope_texts('organisations'))
    or e.urn = any (alongside_scope_numbers('establishments'))));

-- Whether a grant is for something that the connection's own scope touches.
create function alongside_place_in_scope(kind text, places text[]) returns boolean language sql stable parallel safe
return case kind
  when 'region' then true -- who works for a region or for England is told to everybody who is signed in
  when 'national' then true
  when 'authority' then places && alongside_scope_texts('authorities')
    or exists (select from public.authority where code = any (places) and region = any (alongside_scope_texts('regions')))
  when 'organisation' then places && alongside_scope_texts('organisations')
    or exists (select from public.establishment e where e.trust_uid = any (places) and alongside_school_in_scope(e.id))
  when 'establishment' then exists (
    select from public.establishment e where e.urn::text = any (places) and alongside_school_in_scope(e.id))
  when 'leader' then exists (select from public.leader l where l.reference = any (places))
  else false
end;

alter table role_grant enable row level security;
alter table role_grant force row level security;
create policy scope on role_grant for select using (
  (select alongside_sees_all()) or person_id = (select alongside_person())
  or (select alongside_person()) is not null and alongside_place_in_scope(scope_kind, scope_values));
create policy administer on role_grant using ((select alongside_may('administer')));

alter table organisation_member enable row level security;
alter table organisation_member force row level security;
create policy scope on organisation_member for select using (
  (select alongside_sees_all()) or person_id = (select alongside_person())
  or organisation_id = any ((select alongside_scope_numbers('memberOf'))::integer[]));
create policy administer on organisation_member using ((select alongside_may('administer')));

-- Oneself, colleagues of an organisation, and people with a grant that one may see.
create function alongside_seen_person() returns setof integer language plpgsql stable as $$
begin
  return query select person_id from public.organisation_member union all select person_id from public.role_grant;
end
$$;
alter table person enable row level security;
alter table person force row level security;
create policy scope on person for select using (
  (select alongside_sees_all()) or id = (select alongside_person())
  or id in (select alongside_seen_person()));
create policy administer on person using ((select alongside_may('administer')));

alter table user_session enable row level security;
alter table user_session force row level security;
create policy scope on user_session using (
  (select alongside_is_machine()) or (select alongside_may('administer')) or person_id = (select alongside_person()));

alter table invitation enable row level security;
alter table invitation force row level security;
create policy scope on invitation using ((select alongside_is_machine()) or (select alongside_may('administer')));

alter table sign_in_attempt enable row level security;
alter table sign_in_attempt force row level security;
create policy scope on sign_in_attempt using ((select alongside_is_machine()));

-- Histories repeat the values of their records. An entry's `record` is the name of its table, with hyphens: where that table
-- is protected, the entry is seen by whoever sees the row.
create function alongside_sees_record(of_record text, of_key text) returns boolean language plpgsql stable as $$
declare
  of_table regclass := to_regclass(format('public.%I', replace(of_record, '-', '_')));
  seen boolean;
begin
  if alongside_scope() is null then
    return false;
  end if;
  if of_table is null or not (select relrowsecurity from pg_class where oid = of_table) then
    return true;
  end if;
  if of_key !~ '^\d{1,9}$' then
    return false;
  end if;
  execute format('select exists (select from %s where id = $1)', of_table) into seen using of_key::integer;
  return seen;
end
$$;

alter table audit_entry enable row level security;
alter table audit_entry force row level security;
create policy scope on audit_entry for select using (
  (select alongside_sees_all()) or (select alongside_may('audit')) or alongside_sees_record(record, record_key));
create policy written on audit_entry for insert with check (true);

create function alongside_sees_entry(of_entry bigint) returns boolean language plpgsql stable as $$
begin
  return exists (select from public.audit_entry where id = of_entry);
end
$$;

alter table audit_value enable row level security;
alter table audit_value force row level security;
create policy scope on audit_value for select using (
  (select alongside_sees_all()) or (select alongside_may('audit'))
  or alongside_sees_entry(entry_id));
create policy written on audit_value for insert with check (true);
-- Values are blanked by a retention rule alone, and by nobody but the machine.
create policy removed on audit_value for update using ((select alongside_is_machine()));
