-- Breaking: no. A school that changes under an open case: what the register showed, and what the owner of the case decided.
create table case_subject_change (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  -- the subject as it was when the change was seen
  from_establishment_id integer not null references establishment,
  from_urn integer,
  from_name text not null,
  -- who decides, by role and place as for a step
  party text not null,
  acts text[] not null,
  opened_on date not null,
  due_on date,
  choice text check (choice in ('move', 'end', 'keep')),
  to_establishment_id integer references establishment,
  to_urn integer,
  to_name text,
  reason text check (reason <> ''),
  -- what the page said that the choice does, as whoever decided saw it
  effects jsonb,
  decided_on date,
  decided_at timestamptz,
  decided_by text,
  decided_by_id integer references person,
  decided_as text,
  door text,
  check ((choice is null) = (reason is null) and (choice is null) = (decided_on is null)),
  check ((choice = 'move') = (to_establishment_id is not null) or choice is null)
);
-- One question at a time: what the register shows while it waits is joined to it.
create unique index case_subject_change_waits on case_subject_change (case_id) where choice is null;
create index case_subject_change_case on case_subject_change (case_id, id);
create index case_subject_change_work on case_subject_change using gin (acts) where choice is null;
create index case_subject_change_urn on case_subject_change (from_urn) where choice = 'move';

-- What the register showed, in the words of the day.
create table case_subject_event (
  change_id integer not null references case_subject_change,
  register_event_id integer not null references register_event,
  kind text not null,
  words text not null,
  on_date date not null,
  source text,
  source_as_at date,
  primary key (change_id, register_event_id)
);

create function keep_subject_decision() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.choice is not null then
    raise exception 'what was decided about the subject of a case is never changed and never deleted';
  end if;
  return new;
end
$$;
create trigger keep_subject_decision before update or delete on case_subject_change
  for each row execute function keep_subject_decision();

-- A case is about another school only by a decision that says so; a case beside another follows it.
create function keep_case_subject() returns trigger language plpgsql as $$
begin
  if new.establishment_id is distinct from old.establishment_id and not exists (
    select from case_subject_change d
    where d.case_id = coalesce(new.parent_id, new.id) and d.choice = 'move' and d.to_establishment_id = new.establishment_id)
  then
    raise exception 'case % changes its subject without a decision', new.reference;
  end if;
  return new;
end
$$;
create trigger keep_case_subject before update on support_case for each row execute function keep_case_subject();

call alongside_protect_under('case_subject_change', 'case_id', 'support_case');
call alongside_protect_under('case_subject_event', 'change_id', 'case_subject_change');

-- What was seen before cases asked for it is no news.
insert into register_event_taker (taker, last_event_id)
  select 'open cases', coalesce(max(id), 0) from register_event;
