-- Breaking: no. Standings: at which level of a programme a school is on a day, with who or what set it.
create table standing (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  standing text not null,
  establishment_id integer not null references establishment,
  level text not null check (level <> ''),
  variant text,
  from_on date not null,
  -- the first day on which it holds no more; equal to the first where it was set aside before it held a day
  until_on date check (until_on >= from_on),
  -- a row of the table that acts at once, or a person
  origin text not null check (origin in ('floor', 'decision')),
  row_id text,
  -- what it rested on when it was set, in words
  evidence text not null,
  decided_by text not null,
  decided_as text,
  person_id integer references person,
  reason text,
  case_reference text,
  recorded_on date not null,
  door text not null,
  check ((origin = 'floor') = (row_id is not null)),
  check (origin = 'floor' or reason is not null),
  -- Exactly one level on any day. Ranges of numbers stand for equality, so that no extension is needed.
  constraint standing_one_a_day exclude using gist (
    int8range(establishment_id, establishment_id, '[]') with &&,
    int8range(hashtextextended(programme || '/' || standing, 0) / 2, hashtextextended(programme || '/' || standing, 0) / 2, '[]') with &&,
    daterange(from_on, until_on) with &&)
);
create index standing_of_school on standing (establishment_id, programme, standing, from_on);

-- What was set is history: only its end moves, and only forward in what is known of it.
create function alongside_keep_standing() returns trigger language plpgsql as $$
begin
  if (to_jsonb(new) - 'until_on') <> (to_jsonb(old) - 'until_on') then
    raise exception 'A standing that was set is kept as it was; only its end may move';
  end if;
  return new;
end
$$;
create trigger standing_kept before update on standing for each row execute function alongside_keep_standing();

-- Whose place a school is, is asked by the use case before it shows or changes anything (docs/adr/0009-scope.md).
call alongside_keep_to_machine('standing');
