-- Breaking: no. What persons judged and asked for, kept forms and tokens are the service's own to show: the use cases ask for
-- whose place a school or trust is, and then read as the machine (docs/adr/0009-scope.md).
create procedure alongside_keep_to_machine(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy scope on %s using ((select alongside_is_machine()))', target);
end
$$;
call alongside_keep_to_machine('eligibility_judgement');
call alongside_keep_to_machine('eligibility_request');
call alongside_keep_to_machine('kept_form');
call alongside_keep_to_machine('service_token');
-- Contacts of a region are shown to whoever is signed in; the use case says who may change them.
call alongside_keep_to_machine('pack_value');
call alongside_keep_to_machine('office');
