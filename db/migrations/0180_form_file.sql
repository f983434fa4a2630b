-- Breaking: no. What somebody filled in off line waits here between the page of differences and their being taken: one file for
-- a form and a person, replaced by the next, gone when it is taken, and after a week in any case.
create table case_form_file (
  id integer generated always as identity primary key,
  form_id integer not null references case_form,
  person_id integer not null references person,
  file_name text not null check (file_name <> ''),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- the versions of the sections that the file was made from, and its cells with where they stood
  content jsonb not null,
  made_at timestamptz not null default now(),
  unique (form_id, person_id)
);
create index case_form_file_made on case_form_file (made_at);
call alongside_protect_under('case_form_file', 'form_id', 'case_form');
