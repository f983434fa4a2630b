-- Breaking: no. Reminders of open steps: when one was sent, of itself or by hand, by which letter, or why nobody could be reached.
create table case_reminder (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  step_seq integer not null,
  on_day date not null,
  of_itself boolean not null,
  by_name text not null check (by_name <> ''),
  by_id integer references person,
  message_id integer unique references message,
  -- why no letter could go
  trouble text check (trouble <> ''),
  foreign key (case_id, step_seq) references case_step (case_id, seq),
  check ((message_id is null) = (trouble is not null)),
  check (of_itself or message_id is not null)
);
-- Whatever happens at the same moment: one letter for a step and day, and one try of the night.
create unique index case_reminder_one_a_day on case_reminder (case_id, step_seq, on_day) where message_id is not null;
create unique index case_reminder_one_a_night on case_reminder (case_id, step_seq, on_day) where of_itself;
alter table case_reminder enable row level security;
alter table case_reminder force row level security;
create policy scope on case_reminder using ((select alongside_sees_all())
  or exists (select from public.support_case c where c.id = case_reminder.case_id));

create function keep_case_reminder() returns trigger language plpgsql as $$
begin
  raise exception 'A reminder stays as it was sent' using errcode = 'restrict_violation';
end $$;
create trigger case_reminder_stays before update or delete on case_reminder
  for each row execute function keep_case_reminder();
