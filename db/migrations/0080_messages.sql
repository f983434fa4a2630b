-- Breaking: no. Letters as they were sent, to whom and why, and what became of them (TSI-036, TSI-067, TSI-095, TSI-206).

create table message (
  id integer generated always as identity (start with 1001) primary key,
  programme text not null,
  edition text not null,
  -- version of the edition's document, and the mark of the letter's own wording
  pack_version text not null,
  letter text not null,
  letter_digest text not null,
  title text not null,
  subject text not null check (subject <> ''),
  body text not null check (body <> ''),
  -- what it is about: the record's kind and key in the audit, what people call it, and its page
  record text not null,
  record_key text not null,
  record_label text not null,
  record_href text not null,
  -- where the record lies, for the scope of who may read it
  region text,
  authority text,
  organisations text[] not null default '{}',
  urns integer[] not null default '{}',
  leaders text[] not null default '{}',
  -- the day that the letter bears; a demonstration has days of its own
  dated date not null,
  queued_at timestamptz not null default now(),
  queued_by text not null
);
create index message_newest on message (id desc);
create index message_record on message (record, record_key);
create index message_words on message using gin ((subject || ' ' || record_label || ' ' || title) gin_trgm_ops) with (fastupdate = off);

create table message_recipient (
  id integer generated always as identity primary key,
  message_id integer not null references message,
  part text not null check (part in ('to', 'cc')),
  position integer not null,
  -- null for a person of the case who needs no role
  role text,
  role_title text not null,
  place_kind text not null,
  place_key text not null,
  place_name text not null,
  person_id integer references person,
  name text not null,
  email text not null check (position('@' in email) > 1),
  because text not null check (because <> ''),
  state text not null default 'queued'
    check (state in ('queued', 'handed-over', 'delivered', 'unknown', 'bounced', 'given-up')),
  state_at timestamptz not null default now(),
  -- since it was queued or tried again by hand
  tries integer not null default 0,
  next_try_at timestamptz default now(),
  -- why the last try failed; null after one that did not
  trouble text,
  -- how the mail service calls it, to ask what became of it
  reference text,
  asked_at timestamptz,
  -- a try was under way when the service ended, or nobody knows whether one arrived
  perhaps_twice boolean not null default false,
  -- that it did not arrive was told to whoever waits for it
  told_at timestamptz,
  unique (message_id, part, position),
  check ((state = 'queued') = (next_try_at is not null))
);
create index message_recipient_due on message_recipient (next_try_at) where state = 'queued';
create index message_recipient_waiting on message_recipient (asked_at) where state = 'handed-over' and reference is not null;
create index message_recipient_untold on message_recipient (id) where state in ('bounced', 'given-up') and told_at is null;
create index message_recipient_state on message_recipient (state);

create table message_attempt (
  id integer generated always as identity primary key,
  recipient_id integer not null references message_recipient,
  channel text not null,
  begun_at timestamptz not null default now(),
  ended_at timestamptz,
  outcome text check (outcome in ('handed-over', 'delivered', 'bounced', 'again', 'interrupted')),
  detail text not null default '',
  check ((ended_at is null) = (outcome is null))
);
create index message_attempt_recipient on message_attempt (recipient_id);
-- one try at a time for each recipient
create unique index message_attempt_open on message_attempt (recipient_id) where ended_at is null;

-- What was sent stays as it was: an old letter keeps the old name (TSI-067).
create function keep_message() returns trigger language plpgsql as $$
begin
  raise exception 'A message stays as it was sent' using errcode = 'restrict_violation';
end $$;
create trigger message_stays before update or delete on message for each row execute function keep_message();

create function keep_message_recipient() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.message_id, old.part, old.position, old.role, old.role_title, old.place_kind, old.place_key,
      old.place_name, old.person_id, old.name, old.email, old.because)
    is distinct from (new.message_id, new.part, new.position, new.role, new.role_title, new.place_kind, new.place_key,
      new.place_name, new.person_id, new.name, new.email, new.because)
  then raise exception 'The recipient of a message stays as it was sent' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger message_recipient_stays before update or delete on message_recipient
  for each row execute function keep_message_recipient();
