-- Breaking: no. Case studies: what support changed, written for others, about one or several cases, schools or a trust.
create table case_study (
  id integer generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  programme text not null,
  edition text not null,
  title text not null check (title <> ''),
  state text not null default 'draft' check (state in ('draft', 'published', 'withdrawn')),
  -- counts every change, so that two people who write at the same time are told apart
  version integer not null default 1,
  -- counts changes of the text: an approval and a consent are of the text that was read
  text_version integer not null default 1,
  -- the cases it is about, kept by case_study_subject, for the policy below
  case_ids integer[] not null default '{}',
  started_on date not null,
  started_by text not null,
  started_by_id integer references person,
  published_on date,
  published_by text,
  published_by_id integer references person,
  withdrawn_on date,
  withdrawn_by text,
  withdrawn_reason text,
  check ((state = 'published') = (published_on is not null)),
  check ((state = 'withdrawn') = (withdrawn_on is not null)),
  check ((withdrawn_on is null) = (withdrawn_reason is null))
);
create index case_study_list on case_study (programme, state);
create index case_study_cases on case_study using gin (case_ids);

-- The texts by section of the pack, as typed.
create table case_study_section (
  study_id integer not null references case_study,
  section text not null,
  words text not null,
  primary key (study_id, section)
);

-- What it is about: a case, with its school or trust, or a school or trust alone.
create table case_study_subject (
  id integer generated always as identity primary key,
  study_id integer not null references case_study,
  case_id integer references support_case,
  establishment_id integer references establishment,
  trust_uid text references establishment_group,
  linked_on date not null,
  check ((establishment_id is null) <> (trust_uid is null)),
  unique nulls not distinct (study_id, case_id, establishment_id, trust_uid)
);
create index case_study_subject_case on case_study_subject (case_id);

-- Who supported: a leader of the roster, or somebody named.
create table case_study_supporter (
  id integer generated always as identity primary key,
  study_id integer not null references case_study,
  leader_id integer references leader,
  name text,
  organisation text,
  check ((leader_id is null) = (name is not null)),
  unique nulls not distinct (study_id, leader_id, name)
);
create index case_study_supporter_leader on case_study_supporter (leader_id);

-- What came of it, with its day: typed, or a judgement from the register as it was then.
create table case_study_entry (
  id integer generated always as identity primary key,
  study_id integer not null references case_study,
  section text not null,
  on_date date not null,
  words text not null check (words <> ''),
  -- of a judgement: the school that was judged, and where the fact is from
  establishment_id integer references establishment,
  source text
);
create unique index case_study_entry_judgement on case_study_entry (study_id, establishment_id, on_date)
  where establishment_id is not null;

-- Approvals of the text, and what each school or trust said to it: only added.
create table case_study_approval (
  id integer generated always as identity primary key,
  study_id integer not null references case_study,
  text_version integer not null,
  approved_on date not null,
  approved_by text not null,
  approved_by_id integer references person,
  approved_as text
);
create index case_study_approval_study on case_study_approval (study_id, id);

create table case_study_consent (
  id integer generated always as identity primary key,
  study_id integer not null references case_study,
  text_version integer not null,
  establishment_id integer references establishment,
  trust_uid text references establishment_group,
  answer text not null check (answer in ('yes', 'no')),
  given_by text not null check (given_by <> ''),
  given_on date not null,
  way text not null,
  recorded_on date not null,
  recorded_by text not null,
  recorded_by_id integer references person,
  check ((establishment_id is null) <> (trust_uid is null))
);
create index case_study_consent_study on case_study_consent (study_id, id);

-- What is published stays as it was approved and agreed to: it is withdrawn first.
create function keep_published_study() returns trigger language plpgsql as $$
begin
  if exists (select from case_study where id = coalesce(new.study_id, old.study_id) and state = 'published') then
    raise exception 'a published case study does not change; withdraw it first';
  end if;
  return coalesce(new, old);
end
$$;
create trigger keep_published before insert or update or delete on case_study_section
  for each row execute function keep_published_study();
create trigger keep_published before insert or update or delete on case_study_subject
  for each row execute function keep_published_study();
create trigger keep_published before insert or update or delete on case_study_supporter
  for each row execute function keep_published_study();
create trigger keep_published before insert or update or delete on case_study_entry
  for each row execute function keep_published_study();

create function only_added_to_study() returns trigger language plpgsql as $$
begin
  raise exception 'approvals and consents of a case study are never changed and never deleted';
end
$$;
create trigger only_added before update or delete on case_study_approval
  for each row execute function only_added_to_study();
create trigger only_added before update or delete on case_study_consent
  for each row execute function only_added_to_study();

create function note_cases_of_study() returns trigger language plpgsql as $$
declare
  study integer := coalesce(new.study_id, old.study_id);
begin
  update case_study set case_ids = array(
    select s.case_id from case_study_subject s where s.study_id = study and s.case_id is not null order by 1)
    where id = study;
  return null;
end
$$;
create trigger note_cases after insert or delete on case_study_subject for each row execute function note_cases_of_study();

-- A published study is for everybody signed in for its programme, which the use case asks; a draft for whoever sees one of its
-- cases. The policy asks nothing of the tables below it, so that they can be seen with it.
alter table case_study enable row level security;
alter table case_study force row level security;
create policy scope on case_study using (
  (select alongside_sees_all())
  or (state = 'published' and (select alongside_scope()) is not null)
  or case_ids && (select array(select alongside_seen_support_case())));
call alongside_protect_under('case_study_section', 'study_id', 'case_study');
call alongside_protect_under('case_study_subject', 'study_id', 'case_study');
call alongside_protect_under('case_study_supporter', 'study_id', 'case_study');
call alongside_protect_under('case_study_entry', 'study_id', 'case_study');
call alongside_protect_under('case_study_approval', 'study_id', 'case_study');
call alongside_protect_under('case_study_consent', 'study_id', 'case_study');
