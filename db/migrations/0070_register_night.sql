-- Breaking: no. What imports changed, as events that other parts take in their own time; and the files of the night, with
-- those that wait for a person.
create table register_event (
  id integer generated always as identity primary key,
  kind text not null check (kind in ('opened', 'closed', 'converted', 'merged', 'split', 'moved-trust', 'moved-authority',
    'moved-region', 'renamed', 'graded', 'inspected')),
  establishment_id integer not null references establishment,
  -- the school that another became, or was joined to
  other_establishment_id integer references establishment,
  from_values jsonb not null default '{}',
  to_values jsonb not null default '{}',
  -- the day on which it happened; where the file does not say, the file's own date
  on_date date not null,
  data_file_id integer references data_file,
  seen_at timestamptz not null default now(),
  check (kind not in ('converted', 'merged', 'split') or other_establishment_id is not null)
);
create index register_event_school on register_event (establishment_id, id);
create index register_event_file on register_event (data_file_id);

-- Who has taken an event rests on it as it was, so none changes.
create function refuse_event_change() returns trigger language plpgsql as $$
begin
  raise exception 'An event of the register is never changed or removed';
end $$;
create trigger register_event_stays before update or delete on register_event
  for each row execute function refuse_event_change();

-- How far each taker has come. Imports write events one import at a time, so numbers become visible in their order.
create table register_event_taker (
  taker text primary key,
  last_event_id integer not null default 0,
  taken_at timestamptz not null default now()
);

create table register_night (
  id integer generated always as identity primary key,
  source text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  failed text
);

create table register_night_file (
  id integer generated always as identity primary key,
  night_id integer not null references register_night,
  name text not null,
  path text not null,
  sha256 text not null,
  kind text,
  as_at date,
  outcome text not null check (outcome in ('taken', 'held', 'taken-anyway', 'thrown-away', 'superseded')),
  -- why it waits: code and words; and the numbers behind them
  reasons jsonb not null default '[]',
  counts jsonb not null default '{}',
  data_file_id integer references data_file,
  found_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by text,
  decision_reason text,
  check ((outcome in ('taken', 'taken-anyway')) = (data_file_id is not null)),
  check ((outcome in ('taken-anyway', 'thrown-away')) = (decided_by is not null)),
  check (outcome <> 'held' or jsonb_array_length(reasons) > 0)
);
-- One file waits once, however many nights find it.
create unique index register_night_file_waiting on register_night_file (sha256, name) where outcome = 'held';
create index register_night_file_night on register_night_file (night_id);
-- For administrators, by the machine's work: who decided is nobody else's.
call alongside_protect('register_night_file');
