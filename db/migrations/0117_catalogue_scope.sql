-- Breaking: no. Local places and signposting are the service's own to show (docs/adr/0009-scope.md): the catalogue is everybody's,
-- and the use cases say who may change it.
create procedure pg_temp.keep_to_machine(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy scope on %s using ((select alongside_is_machine()))', target);
end
$$;
call pg_temp.keep_to_machine('local_place');
call pg_temp.keep_to_machine('signposting');
