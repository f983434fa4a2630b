-- Breaking: no. Matching: schools beside a pool of leaders, what was decided about them, each answer, and proposals.

-- An exercise is over real schools and can never be confirmed; only the invented England leads to proposals.
create table scenario (
  id integer generated always as identity primary key,
  name text not null check (name = btrim(name) and name <> ''),
  kind text not null check (kind in ('exercise', 'invented')),
  programme text not null,
  edition text not null,
  term text not null,
  -- in words: how the schools and the leaders were chosen, and what their priority follows from
  source text not null,
  priority_rule text not null,
  -- what it began with; later changes are decisions
  weights jsonb not null,
  limits jsonb not null,
  region_priorities jsonb not null default '{}',
  copied_from integer references scenario,
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null,
  check (kind <> 'exercise' or confirmed_at is null)
);

-- One school's need. Areas are null where they are not used: nobody's concerns about a real school are held.
create table scenario_need (
  scenario_id integer not null references scenario,
  establishment_id integer not null references establishment,
  position integer not null,
  half_days integer not null check (half_days > 0),
  priority integer not null check (priority >= 0),
  areas text[],
  primary key (scenario_id, establishment_id)
);

create table scenario_leader (
  scenario_id integer not null references scenario,
  leader_id bigint not null references leader,
  position integer not null,
  primary key (scenario_id, leader_id)
);

-- What an officer decided, in order. Undone, never deleted.
create table scenario_decision (
  id integer generated always as identity primary key,
  scenario_id integer not null references scenario,
  kind text not null check (kind in ('lock', 'forbid', 'clear', 'release', 'weights', 'limits', 'need')),
  establishment_id integer,
  leader_id bigint,
  -- of weights, limits and needs: the values from now on
  values jsonb,
  words text not null,
  reason text,
  made_at timestamptz not null default now(),
  made_by text not null,
  door text not null,
  undone_at timestamptz,
  undone_by text,
  check ((kind in ('lock', 'forbid', 'clear', 'release')) = (leader_id is not null)),
  check ((kind in ('weights', 'limits')) = (establishment_id is null)),
  check (kind <> 'clear' or reason is not null),
  check ((undone_at is null) = (undone_by is null)),
  foreign key (scenario_id, establishment_id) references scenario_need,
  foreign key (scenario_id, leader_id) references scenario_leader
);
create index scenario_decision_scenario on scenario_decision (scenario_id, id);

-- One row for each answer, with what it was given, so that answers stay comparable after the facts have moved on.
create table scenario_solution (
  id integer generated always as identity primary key,
  scenario_id integer not null references scenario,
  because text not null,
  status text not null check (status in ('optimal', 'feasible')),
  score numeric not null,
  fingerprint text not null,
  weights jsonb not null,
  answer jsonb not null,
  pairs_allowed integer not null,
  narrowed_to integer,
  broken_locks jsonb not null default '[]',
  millis integer not null,
  solved_at timestamptz not null default now()
);
create index scenario_solution_scenario on scenario_solution (scenario_id, id);

-- A pair that is put forward, with everything the choice rested on (TSI-021, TSI-069, TSI-090). Days are held by the ledger.
create table proposal (
  id integer generated always as identity primary key,
  scenario_id integer not null references scenario,
  establishment_id integer not null,
  leader_id bigint not null,
  solution_id integer references scenario_solution,
  matched_as text,
  half_days integer not null check (half_days > 0),
  score numeric not null,
  miles double precision,
  parts jsonb not null,
  -- a score or note for each of capacity, experience, expertise and priorities
  factors jsonb not null check (factors ?& array['capacity', 'experience', 'expertise', 'priorities']),
  override_reason text check (override_reason <> ''),
  type_reason text check (type_reason <> ''),
  day_entry_id bigint references leader_day_entry,
  made_at timestamptz not null default now(),
  made_by text not null,
  door text not null,
  withdrawn_at timestamptz,
  withdrawn_by text,
  foreign key (scenario_id, establishment_id) references scenario_need,
  foreign key (scenario_id, leader_id) references scenario_leader
);
create unique index proposal_open on proposal (scenario_id, establishment_id) where withdrawn_at is null;

-- A real school gets no proposal, whatever door it came through (design, section 5).
create function refuse_exercise_proposal() returns trigger language plpgsql as $$
begin
  if (select kind from scenario where id = new.scenario_id) = 'exercise' then
    raise exception 'a scenario over real schools is an exercise and leads to no proposal';
  end if;
  return new;
end
$$;
create trigger proposal_not_of_exercise before insert on proposal
  for each row execute function refuse_exercise_proposal();
