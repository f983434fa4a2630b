-- Breaking: no. What every slice stands on.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Facts about this database itself, such as whether it holds a demonstration or live work.
create table service_setting (
  key text primary key,
  value jsonb not null,
  set_at timestamptz not null default now()
);
