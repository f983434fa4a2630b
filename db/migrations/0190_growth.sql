-- Breaking: no. Lists keep their speed with 10,000 cases (docs/measurements.md, growth). A case is of the place that it has itself:
-- the use cases ask for that one too, and looking up the school of every case took most of the time of every list.
drop policy scope on support_case;
create policy scope on support_case using (
  (select alongside_sees_all())
  or region = any ((select alongside_scope_texts('regions'))::text[])
  or authority_code = any ((select alongside_scope_texts('authorities'))::text[])
  or trust_uid = any ((select alongside_scope_texts('organisations'))::text[])
  or urn = any ((select alongside_scope_numbers('establishments'))::integer[]));

-- What belongs to a case is mostly read for one case, or a few at a time out of very many: each row is then asked for its own
-- case, and only for very many are all cases that are seen gathered first. With `exists` the planner has the choice.
do $$
declare
  target text;
begin
  foreach target in array array['case_step', 'case_notice', 'case_log_item', 'case_extension', 'case_form', 'case_subject_change',
    'money_line'] loop
    execute format('drop policy scope on %I', target);
    execute format('create policy scope on %I using ((select alongside_sees_all())
      or exists (select from public.support_case c where c.id = %I.case_id))', target, target);
  end loop;
end
$$;

-- The most urgent steps first, as many as a page shows.
drop index case_step_due;
create index case_step_due on case_step (due_on, id) where state = 'open';

-- The nearest due day of what is open in a case: lists are sorted by it, and a case is late when it has passed.
alter table support_case add column next_due date;
update support_case c set next_due = (select min(s.due_on) from case_step s where s.case_id = c.id and s.state = 'open');
create function keep_next_due() returns trigger language plpgsql as $$
declare
  of_case integer := coalesce(new.case_id, old.case_id);
  nearest date := (select min(due_on) from public.case_step where case_id = of_case and state = 'open');
begin
  update public.support_case set next_due = nearest where id = of_case and next_due is distinct from nearest;
  return null;
end
$$;
create trigger case_step_next_due after insert or delete or update of state, due_on on case_step
  for each row execute function keep_next_due();

create index support_case_due on support_case (next_due, id);
-- Counting the open cases of regions reads this and no case.
create index support_case_open on support_case (region, programme)
  include (id, authority_code, urn, trust_uid, leader_id, parent_id, next_due) where status = 'open';
