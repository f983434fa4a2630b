-- Breaking: no. A case beside a case keeps which step of that case it was begun by.
alter table support_case
  add column begun_by_seq integer,
  add check (begun_by_seq is null or parent_id is not null),
  add foreign key (parent_id, begun_by_seq) references case_step (case_id, seq);
