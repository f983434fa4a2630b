-- Breaking: no. The plan of a case: the leader's own planner, what is to be improved, lists to go through.

-- The leader's own planner; nobody else reads it unless it is shared, and no form contains it (TSI-120).
create table case_plan (
  case_id integer not null references support_case,
  leader_id integer not null references leader,
  -- in order: [{ steps: [id], halfDays, note }]
  rows jsonb not null,
  shared boolean not null default false,
  version integer not null default 1,
  saved_on date not null,
  primary key (case_id, leader_id)
);
create index case_plan_leader on case_plan (leader_id);

create table case_strategy (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  area text not null,
  action text not null check (action <> ''),
  owner text not null check (owner <> ''),
  due_on date not null,
  expected text,
  -- the item of a list that it came from
  checklist text,
  item text,
  made_on date not null,
  made_by text not null,
  made_by_id integer references person,
  dropped_on date,
  dropped_because text,
  check ((dropped_on is null) = (dropped_because is null))
);
create index case_strategy_case on case_strategy (case_id);

-- A theme that this case does not need, and why (TSI-116).
create table case_theme (
  case_id integer not null references support_case,
  theme text not null,
  reason text not null check (reason <> ''),
  said_on date not null,
  said_by text not null,
  primary key (case_id, theme)
);

-- Answers of lists of the pack. One row an item; the audit keeps what it was before.
create table case_check (
  case_id integer not null references support_case,
  checklist text not null,
  item text not null,
  value text not null default '',
  note text,
  answered_on date not null,
  answered_by text not null,
  answered_by_id integer references person,
  primary key (case_id, checklist, item)
);
