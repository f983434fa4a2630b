-- Breaking: no. The work of a case: who is in the leader's team, the log of days with their moves, and extra days approved.

-- People of the leader's own school or trust whom the leader draws on (TSI-060). One who left stays, with the last day.
create table case_member (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  leader_id integer not null references leader,
  person_id integer not null references person,
  specialism text not null,
  about text,
  from_on date not null,
  added_by text not null,
  ended_on date,
  ended_by text,
  check ((ended_on is null) = (ended_by is null)),
  unique (id, case_id)
);
create unique index case_member_once on case_member (case_id, person_id) where ended_on is null;
create index case_member_person on case_member (person_id);
create index case_member_leader on case_member (leader_id);

-- One dated item of a log of the pack: what was planned, done and found good. Half days, never less.
create table case_log_item (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  log text not null,
  -- who answers for it, whoever did the work (TSI-196)
  leader_id integer not null references leader,
  state text not null,
  on_date date not null,
  half_days integer not null check (half_days between 1 and 20),
  step text not null,
  area text,
  -- null: the leader in person
  member_id integer,
  -- help from outside by instruction: recorded, never counted (TSI-195)
  external text check (external <> ''),
  extension boolean not null default false,
  fields jsonb not null default '{}',
  reasons jsonb not null default '{}',
  -- whether it stands in the state that is counted for money; then its day, length and doer are fixed
  counted boolean not null default false,
  withdrawn_on date,
  -- an extra day after the day that was given: the answer to it (TSI-053)
  late_to date,
  late_refusal text check (late_refusal <> ''),
  late_answered_by text,
  engagement text,
  engagement_note text,
  confirmed_on date,
  confirmed_by text,
  made_on date not null,
  made_by text not null,
  made_by_id integer references person,
  foreign key (member_id, case_id) references case_member (id, case_id),
  check (external is null or (member_id is null and not extension)),
  check (num_nonnulls(late_to, late_refusal) <= 1),
  check (not (counted and withdrawn_on is not null))
);
create index case_log_item_case on case_log_item (case_id, log, on_date);
create index case_log_item_leader on case_log_item (leader_id, on_date);
create index case_log_item_member on case_log_item (member_id);

create function keep_counted_days() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'an item of a log is withdrawn, never deleted';
  end if;
  if old.counted and new.counted and (old.case_id, old.leader_id, old.on_date, old.half_days, old.extension)
      is distinct from (new.case_id, new.leader_id, new.on_date, new.half_days, new.extension)
    or old.counted and new.counted and (old.member_id is distinct from new.member_id or old.external is distinct from new.external)
  then
    raise exception 'a day that counts is not changed: it is given back first';
  end if;
  return new;
end $$;
create trigger case_log_item_kept before update or delete on case_log_item
  for each row execute function keep_counted_days();

-- Every state that an item was ever in, and who brought it there.
create table case_log_move (
  id integer generated always as identity primary key,
  item_id integer not null references case_log_item,
  state text not null,
  moved_on date not null,
  moved_by text not null,
  moved_by_id integer references person,
  note text
);
create index case_log_move_item on case_log_move (item_id, id);

-- What the leader saw while work was under way (TSI-061).
create table case_log_note (
  id integer generated always as identity primary key,
  item_id integer not null references case_log_item,
  on_date date not null,
  words text not null check (words <> ''),
  made_by text not null,
  made_by_id integer references person
);
create index case_log_note_item on case_log_note (item_id, id);

-- Extra days that were formally approved: from which day they may be worked and until when. Never changed (TSI-055).
create table case_extension (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  half_days integer not null check (half_days > 0),
  approved_on date not null,
  until_on date,
  approved_by text not null,
  check (until_on >= approved_on)
);
create index case_extension_case on case_extension (case_id);
