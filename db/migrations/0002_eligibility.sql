-- Breaking: no. Recorded answers to "who qualifies": what was asked, on which data, and what came out for each school.
create table eligibility_run (
  id integer generated always as identity primary key,
  programme text not null,
  edition text not null,
  -- the edition whole, as it stood when it judged
  pack jsonb not null,
  on_date date not null,
  -- parameters that differed from the pack's own; a recorded run has none unless somebody said so
  changed_parameters jsonb not null default '{}',
  -- the register snapshots that the answer rests on, and what each lacks
  snapshots jsonb not null,
  -- changes when any fact that an answer could rest on does
  data_mark text not null,
  considered integer not null,
  eligible integer not null,
  reason text,
  recorded_at timestamptz not null default now()
);
create index eligibility_run_programme on eligibility_run (programme, edition, id);

create table eligibility_result (
  run_id integer not null references eligibility_run on delete cascade,
  establishment_id integer not null references establishment,
  outcome text not null,
  basis text not null,
  rows jsonb not null,
  -- the judgements held of the school that day, so that two runs can be compared although the register moved on
  history jsonb not null,
  primary key (run_id, establishment_id)
);
