-- Breaking: no. A duty is a case of one step: of a school, for a period such as a term, once.
alter table support_case add column period text check (period <> '');
-- A duty that is still open when the next falls due stands beside it.
drop index support_case_one_school;
create unique index support_case_one_school on support_case (programme, flow, establishment_id)
  where status <> 'closed' and subject_kind = 'school' and parent_id is null and period is null;
create unique index support_case_one_duty on support_case (programme, flow, establishment_id, period)
  where status <> 'closed' and period is not null;
