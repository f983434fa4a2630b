-- Breaking: no. What people say about the service. No name, address or record is asked for or kept.
create table feedback (
  id integer generated always as identity primary key,
  -- one for each form shown, so that a form sent twice is kept once
  form_key uuid not null unique,
  rating text not null check (rating in ('very-satisfied', 'satisfied', 'neither', 'dissatisfied', 'very-dissatisfied')),
  improvement text not null check (length(improvement) <= 1200),
  -- the part of the service it was about, such as "schools"; empty: the whole
  part text not null,
  given_at timestamptz not null default now()
);
create index feedback_newest on feedback (given_at desc, id desc);
