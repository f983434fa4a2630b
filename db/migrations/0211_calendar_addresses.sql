-- Breaking: no. The private address under which somebody's own dates are read by their calendar: its secret is stored nowhere.
create table calendar_address (
  id integer generated always as identity primary key,
  person_id integer not null references person,
  token_hash bytea not null unique,
  made_at timestamptz not null,
  -- the last day on which a calendar asked
  last_read_on date,
  ended_at timestamptz
);
-- One at a time for a person: a new one ends the one before.
create unique index calendar_address_alone on calendar_address (person_id) where ended_at is null;
call alongside_keep_to_machine('calendar_address');
