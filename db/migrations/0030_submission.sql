-- Breaking: no. What was sent and done, so that the same form sent again is not done again. The key is a hash of the form's
-- token, its content and who sent it. Rows are taken away after 30 days.
create table submission (
  key text primary key,
  -- what the use case answered; null only within the transaction that is doing the work
  result jsonb,
  made_at timestamptz not null default now()
);
create index submission_made on submission (made_at);
