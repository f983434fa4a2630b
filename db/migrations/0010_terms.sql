-- Breaking: no. An authority's own term dates for a programme's year, where an administrator gave some. Never removed: the
-- newest set counts, and a set without rows goes back to the programme's own dates.
create table authority_terms (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  authority_code text not null references authority,
  -- [{ "id": "autumn", "name": "Autumn term", "from": "2023-09-04", "to": "2023-12-20" }]; empty: the programme's own again
  terms jsonb not null,
  set_at timestamptz not null default now()
);
create index authority_terms_newest on authority_terms (programme, edition, authority_code, id);
