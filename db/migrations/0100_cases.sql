-- Breaking: no. Cases: one flow of steps about a school or a trust, with everything that was done in it and by whom.

-- The rules under which cases began, whole and for ever: a case is judged by these even when a newer version is loaded (TSI-001).
create table pack_version (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  version text not null,
  -- json and not jsonb: the order in which a pack lists its fields and steps is the order in which people meet them
  content json not null,
  content_hash text not null,
  kept_at timestamptz not null default now(),
  unique (programme, edition, version, content_hash)
);

create table support_case (
  id integer generated always as identity primary key,
  reference text not null unique check (reference <> ''),
  pack_version_id integer not null references pack_version,
  programme text not null,
  edition text not null,
  flow text not null,
  parent_id integer references support_case,
  -- what the case is about, as it was when the case began; places are what scope asks
  subject_kind text not null check (subject_kind in ('school', 'trust')),
  kind text not null check (kind in ('single school', 'school in trust', 'trust')),
  establishment_id integer references establishment,
  trust_uid text references establishment_group,
  urn integer,
  region text,
  authority_code text,
  diocese text,
  -- the one who answers for the work; at most one at any time (TSI-196)
  leader_id integer references leader,
  matched_as text,
  status text not null default 'open' check (status in ('open', 'held', 'closed')),
  stage text not null,
  level text not null default 'school' check (level in ('school', 'trust')),
  agreed_half_days integer not null check (agreed_half_days >= 0),
  extra_half_days integer not null default 0 check (extra_half_days >= 0),
  -- why the subject is entitled: rows met, judgements with dates, who decided; never changed afterwards (TSI-015)
  basis jsonb not null,
  by_exception boolean not null default false,
  flags jsonb not null default '{}',
  started_on date not null,
  started_by text not null,
  closed_on date,
  -- counts every change, so that two people who act on what they saw are told apart
  version integer not null default 1,
  check ((subject_kind = 'school') = (establishment_id is not null)),
  check (subject_kind <> 'trust' or trust_uid is not null),
  check ((status = 'closed') = (closed_on is not null))
);
-- One case of a flow at a time for the same subject (TSI-016); a child stands beside its parent.
create unique index support_case_one_school on support_case (programme, flow, establishment_id)
  where status <> 'closed' and subject_kind = 'school' and parent_id is null;
create unique index support_case_one_trust on support_case (programme, flow, trust_uid)
  where status <> 'closed' and subject_kind = 'trust' and parent_id is null;
create index support_case_parent on support_case (parent_id);
create index support_case_school on support_case (establishment_id);
create index support_case_trust on support_case (trust_uid);
create index support_case_leader on support_case (leader_id);
create index support_case_list on support_case (programme, status, region, stage);

-- Every step that was ever open. An open one is work for somebody: `acts` names who may do it, by role and place.
create table case_step (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  seq integer not null,
  step text not null,
  -- which of several, where a step is asked of each of a list; else empty
  key text not null default '',
  kind text not null check (kind in ('step', 'action')),
  leader_id integer references leader,
  opened_on date not null,
  due_on date,
  -- the rule and the calendar by which the due day was worked out (TSI-084)
  clock text,
  calendar text,
  delay_to date,
  delay_reason text,
  state text not null check (state in ('open', 'done', 'withdrawn')),
  -- set aside by going back to an earlier step; kept and shown, but it decides nothing any more
  superseded boolean not null default false,
  acts text[] not null default '{}',
  late_told_on date,
  draft jsonb,
  outcome text not null default '',
  fields jsonb not null default '{}',
  reasons jsonb not null default '{}',
  note text,
  done_on date,
  done_at timestamptz,
  done_by text,
  done_by_id integer references person,
  done_as text,
  door text,
  check ((state = 'done') = (done_on is not null)),
  unique (case_id, seq)
);
create unique index case_step_open_once on case_step (case_id, step, key) where state = 'open';
create index case_step_work on case_step using gin (acts) with (fastupdate = off) where state = 'open';
create index case_step_due on case_step (due_on) where state = 'open';

-- What somebody is told: a step went back, a clock passed, a concern was raised.
create table case_notice (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  party text not null,
  acts text[] not null,
  words text not null,
  made_on date not null,
  seen_at timestamptz,
  seen_by text
);
create index case_notice_case on case_notice (case_id, id);
create index case_notice_new on case_notice using gin (acts) with (fastupdate = off) where seen_at is null;

-- A refusal of a step that a party may clear with a reason, for one leader.
create table case_clearance (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  check_id text not null,
  leader_id integer references leader,
  reason text not null check (reason <> ''),
  cleared_on date not null,
  cleared_by text not null
);
create index case_clearance_case on case_clearance (case_id);

-- Days of a leader that a case holds or has been promised, so that they can be given back.
create table case_days (
  case_id integer not null references support_case,
  leader_id integer not null references leader,
  day_entry_id integer not null references leader_day_entry,
  primary key (case_id, day_entry_id)
);
create index case_days_entry on case_days (day_entry_id);

-- A note about a case: shared with everybody who sees it, with the leader, or kept among those who run the programme.
create table case_note (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  audience text not null check (audience in ('shared', 'internal')),
  words text not null check (words <> ''),
  made_on date not null,
  made_by text not null,
  made_by_id integer references person
);
create index case_note_case on case_note (case_id, id);
