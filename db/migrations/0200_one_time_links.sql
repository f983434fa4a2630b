-- Breaking: no. Links with which one person who has no sign-in answers what one record asks of them (docs/adr/0014-one-time-links.md).

create table one_time_link (
  id integer generated always as identity primary key,
  -- the record as the audit calls it, its address, and which opening within it waits for the person
  record text not null,
  record_key text not null,
  record_href text not null check (record_href like '/%'),
  part integer not null,
  -- for whom, in which role and at which address: any of them may end later, and the link with it
  person_id integer not null references person,
  programme text not null,
  role text not null,
  place_kind text not null,
  place_key text not null,
  email text not null check (position('@' in email) > 1),
  message_id integer not null unique references message,
  made_on date not null,
  made_at timestamptz not null,
  made_by text not null,
  made_as text not null,
  last_day date not null check (last_day >= made_on),
  wrong_tries integer not null default 0 check (wrong_tries between 0 and 5),
  used_at timestamptz,
  ended_at timestamptz,
  ended_because text check (ended_because in ('revoked', 'replaced', 'wrong-address')),
  ended_by text,
  check ((ended_at is null) = (ended_because is null) and (ended_at is null) = (ended_by is null))
);
create index one_time_link_record on one_time_link (record, record_key);
create index one_time_link_person on one_time_link (person_id);
-- A new one takes the place of the one before.
create unique index one_time_link_alone on one_time_link (record, record_key, part, person_id)
  where used_at is null and ended_at is null;

-- What a letter's link is known by. The token is made as the letter is handed over and stands nowhere else; a letter that is
-- tried again takes another one, and any of them opens the link.
create table one_time_link_token (
  token_hash bytea primary key check (length(token_hash) = 32),
  link_id integer not null references one_time_link,
  made_at timestamptz not null default now()
);
create index one_time_link_token_link on one_time_link_token (link_id);

-- Whom it is for and until when stays as it was sent; used and ended are said once.
create function keep_one_time_link() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.record, old.record_key, old.record_href, old.part, old.person_id, old.programme, old.role,
      old.place_kind, old.place_key, old.email, old.message_id, old.made_on, old.made_at, old.made_by, old.made_as, old.last_day)
    is distinct from (new.record, new.record_key, new.record_href, new.part, new.person_id, new.programme, new.role,
      new.place_kind, new.place_key, new.email, new.message_id, new.made_on, new.made_at, new.made_by, new.made_as, new.last_day)
    or (old.used_at is not null and new.used_at is distinct from old.used_at)
    or (old.ended_at is not null and new.ended_at is distinct from old.ended_at)
    or (new.used_at is not null and old.used_at is null and old.ended_at is not null)
    or new.wrong_tries < old.wrong_tries
  then raise exception 'A one-time link stays as it was sent, and is used and ended once' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger one_time_link_stays before update or delete on one_time_link
  for each row execute function keep_one_time_link();

-- A session that a link opened reaches the link's record and nothing else.
alter table user_session add column link_id integer references one_time_link;
create unique index user_session_link on user_session (link_id) where link_id is not null;

call alongside_keep_to_machine('one_time_link');
call alongside_keep_to_machine('one_time_link_token');
