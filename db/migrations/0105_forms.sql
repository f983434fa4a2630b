-- Breaking: no. The form of a case: sections filled over time, signatures bound to what was signed, and its handing in.

-- One form for each case; what the register and the leader's record said when the deployment began stands in `copies`.
create table case_form (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  form text not null,
  status text not null default 'open' check (status in ('open', 'returned', 'submitted', 'forwarded')),
  returned_words text,
  copies jsonb not null,
  opened_on date not null,
  unique (case_id, form)
);

-- Every saving of a section is a row of its own: what was signed, and what section 2 first said, stay readable.
create table case_form_section (
  form_id integer not null references case_form,
  section text not null,
  -- whose it is, for the sections that each leader fills anew; 0 for the others
  leader_key integer not null default 0,
  version integer not null check (version > 0),
  state text not null check (state in ('draft', 'complete')),
  answers jsonb not null,
  -- what is kept encrypted, and its last digits in the clear for the one who entered it
  sealed text,
  tail text,
  saved_at timestamptz not null default now(),
  saved_on date not null,
  saved_by text not null,
  saved_by_id integer references person,
  primary key (form_id, section, leader_key, version),
  check (sealed is null or answers = '{}'::jsonb)
);

create table case_signature (
  id integer generated always as identity primary key,
  form_id integer not null references case_form,
  signature text not null,
  leader_key integer not null,
  -- over the content of the sections that it covers, and which versions those were
  digest text not null,
  versions jsonb not null,
  signed_on date not null,
  signed_at timestamptz not null default now(),
  signed_by text not null check (signed_by <> ''),
  signed_by_id integer not null references person,
  signed_as text not null,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  check ((voided_at is null) = (voided_by is null) and (voided_at is null) = (void_reason is null))
);
create unique index case_signature_one on case_signature (form_id, signature, leader_key) where voided_at is null;

-- A signature says for ever what it said: it can be voided, and nothing else.
create function keep_case_signature() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.voided_at is not null
    or (old.form_id, old.signature, old.leader_key, old.digest, old.versions, old.signed_at, old.signed_by_id)
      is distinct from (new.form_id, new.signature, new.leader_key, new.digest, new.versions, new.signed_at, new.signed_by_id)
  then raise exception 'A signature is never changed';
  end if;
  return new;
end $$;
create trigger case_signature_kept before update or delete on case_signature
  for each row execute function keep_case_signature();

create table case_form_submission (
  id integer generated always as identity primary key,
  form_id integer not null references case_form,
  receipt text not null unique,
  leader_key integer not null,
  submitted_at timestamptz not null default now(),
  submitted_on date not null,
  submitted_by text not null,
  due_on date,
  late boolean not null,
  -- who receives it, in words, as it was that day
  destination text not null,
  returned_on date,
  return_words text,
  forwarded_on date
);
create index case_form_submission_form on case_form_submission (form_id, id);

-- A form is seen with its case, and what belongs to it with the form (docs/adr/0009-scope.md).
call alongside_protect_under('case_form', 'case_id', 'support_case');
call alongside_protect_under('case_form_section', 'form_id', 'case_form');
call alongside_protect_under('case_signature', 'form_id', 'case_form');
call alongside_protect_under('case_form_submission', 'form_id', 'case_form');
