-- Breaking: no. An interest is declared and withdrawn on a day of the service; when that was entered stays beside it.
alter table leader_interest
  add column declared_on date not null default (now() at time zone 'Europe/London')::date,
  add column withdrawn_on date;
update leader_interest set declared_on = (declared_at at time zone 'Europe/London')::date,
  withdrawn_on = (withdrawn_at at time zone 'Europe/London')::date;
alter table leader_interest add check (withdrawn_on is null or withdrawn_at is not null);
