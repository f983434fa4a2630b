-- Breaking: no. What only a person may judge of who qualifies, and what is asked for, with who decided it and why (TSI-008 to TSI-013).

create table eligibility_request (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  row_id text not null,
  establishment_id integer references establishment,
  trust_uid text references establishment_group,
  -- what the subject was, and where, on the day it was asked for; never typed
  kind text not null check (kind in ('single school', 'school in MAT', 'trust')),
  region text,
  origin text not null,
  reason text not null check (btrim(reason) <> ''),
  asked_on date not null,
  asked_as text not null,
  asked_by text not null,
  person_id integer references person,
  -- by somebody for the school or trust, and not by its own people
  on_behalf boolean not null,
  state text not null default 'requested' check (state in ('requested', 'approved', 'refused')),
  made_at timestamptz not null default now(),
  check (num_nonnulls(establishment_id, trust_uid) = 1),
  check ((kind = 'trust') = (trust_uid is not null))
);
create unique index eligibility_request_open on eligibility_request
  (programme, edition, row_id, coalesce(establishment_id, 0), coalesce(trust_uid, '')) where state = 'requested';
create index eligibility_request_region on eligibility_request (programme, edition, region);

create table eligibility_judgement (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  row_id text not null,
  establishment_id integer references establishment,
  trust_uid text references establishment_group,
  holds boolean not null,
  judged_on date not null,
  -- the role's id in the pack, and its title then
  judged_as text not null,
  judged_as_title text not null,
  judged_by text not null,
  person_id integer references person,
  rationale text not null,
  origin text,
  request_id integer unique references eligibility_request,
  door text not null,
  made_at timestamptz not null default now(),
  check (num_nonnulls(establishment_id, trust_uid) = 1)
);
create index eligibility_judgement_school on eligibility_judgement (establishment_id);
create index eligibility_judgement_trust on eligibility_judgement (trust_uid);

-- A judgement is never changed: a later one takes its place. Only its words may go, by a retention rule.
create function refuse_judgement_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - '{rationale,judged_by}'::text[]) = (to_jsonb(old) - '{rationale,judged_by}'::text[])
  then
    return new;
  end if;
  raise exception 'a judgement of who qualifies is never changed';
end
$$;
create trigger eligibility_judgement_stays before update or delete on eligibility_judgement
  for each row execute function refuse_judgement_change();

-- A request that is decided has the judgement that decided it, and of the same outcome.
create function check_request_decided() returns trigger language plpgsql as $$
declare
  now_state text;
  held boolean;
begin
  select state into now_state from eligibility_request where id = new.id;
  select holds into held from eligibility_judgement where request_id = new.id;
  if now_state is distinct from
     (case when held is null then 'requested' when held then 'approved' else 'refused' end) then
    raise exception 'request % is % and its judgement says otherwise', new.id, now_state;
  end if;
  return null;
end
$$;
create constraint trigger eligibility_request_decided after insert or update on eligibility_request
  deferrable initially deferred for each row execute function check_request_decided();

-- What persons had judged of a school when a run was recorded, so that two runs can be compared by what each rests on.
alter table eligibility_result add column recorded jsonb not null default '[]';
