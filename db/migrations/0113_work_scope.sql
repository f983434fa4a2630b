-- Breaking: no. The work of a case is seen with the case (docs/adr/0009-scope.md). A member of the leader's team sees the cases of
-- the own teams: `case_member` asks nothing of the case, so that the two policies do not read each other.
alter table case_member enable row level security;
alter table case_member force row level security;
create policy scope on case_member using ((select alongside_sees_all()) or person_id = (select alongside_person()));
create policy member on support_case using (id in (
  select m.case_id from case_member m where m.person_id = (select alongside_person()) and m.ended_on is null));
call alongside_protect_under('case_log_item', 'case_id', 'support_case');
call alongside_protect_under('case_log_move', 'item_id', 'case_log_item');
call alongside_protect_under('case_log_note', 'item_id', 'case_log_item');
call alongside_protect_under('case_extension', 'case_id', 'support_case');
call alongside_protect_under('case_plan', 'case_id', 'support_case');
call alongside_protect_under('case_strategy', 'case_id', 'support_case');
call alongside_protect_under('case_theme', 'case_id', 'support_case');
call alongside_protect_under('case_check', 'case_id', 'support_case');
call alongside_protect_under('case_visit_note', 'case_id', 'support_case');
call alongside_protect_under('case_visit_judgement', 'note_id', 'case_visit_note');
