-- Breaking: no. Notes of visit with the school's reply, and what was pointed to.

create table case_visit_note (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  leader_id integer not null references leader,
  visited_on date not null,
  seen text not null check (seen <> ''),
  agreed text,
  state text not null default 'draft' check (state in ('draft', 'sent', 'answered', 'final')),
  version integer not null default 1,
  written_by text not null,
  written_by_id integer references person,
  sent_on date,
  accurate boolean,
  comment text,
  answered_on date,
  answered_by text,
  final_on date,
  check ((state in ('answered', 'final')) = (accurate is not null)),
  check (accurate is not false or comment is not null)
);
create index case_visit_note_case on case_visit_note (case_id, visited_on);
create index case_visit_note_leader on case_visit_note (leader_id);

-- What the leader judged, with the school's own words beside it.
create table case_visit_judgement (
  note_id integer not null references case_visit_note,
  place integer not null,
  words text not null check (words <> ''),
  reply text,
  replied_by text,
  primary key (note_id, place)
);

-- A note that was final is what both sides rely on.
create function keep_final_note() returns trigger language plpgsql as $$
begin
  if old.state = 'final' then
    raise exception 'a final note of visit is never changed';
  end if;
  return new;
end $$;
create trigger case_visit_note_kept before update or delete on case_visit_note
  for each row execute function keep_final_note();
