-- Breaking: no. A note of visit that the school calls not accurate can be corrected: what it said then, and what the school said, stays.
alter table case_visit_note add column earlier jsonb not null default '[]' check (jsonb_typeof(earlier) = 'array');
