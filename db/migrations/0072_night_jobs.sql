-- Breaking: no. How each job of the night went last, and the runs of verify that were asked for on a page.
create table night_job (
  name text primary key,
  started_at timestamptz not null,
  ended_at timestamptz,
  -- in words, as the administrator reads it
  result text,
  failed text,
  check (ended_at is not null or (result is null and failed is null))
);

create table verify_run (
  id integer generated always as identity primary key,
  started_at timestamptz not null default now(),
  started_by text not null,
  done integer not null default 0,
  total integer not null,
  ended_at timestamptz,
  -- each check with what does not hold, as the command prints it
  checks jsonb not null default '[]',
  failed text
);
-- One at a time: a run that a kill cut off is ended by the next.
create unique index verify_run_under_way on verify_run ((ended_at is null)) where ended_at is null;
-- For administrators, by the machine's work.
call alongside_protect('verify_run');
