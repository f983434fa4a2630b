-- Breaking: no. Cases keep to scope as everything else does (docs/adr/0009-scope.md): by region, trust, school, or the leader who
-- works on them. Who has only a step to do in a case of another region is shown that step by the case engine itself.
call alongside_protect('support_case', region => 'region', trust => 'trust_uid', establishment => 'establishment_id');
create policy assigned on support_case using (leader_id in (
  select l.id from leader l where l.reference = any ((select alongside_scope_texts('leaders'))::text[])));
call alongside_protect_under('case_step', 'case_id', 'support_case');
call alongside_protect_under('case_notice', 'case_id', 'support_case');
call alongside_protect_under('case_note', 'case_id', 'support_case');
call alongside_protect_under('case_clearance', 'case_id', 'support_case');
call alongside_protect_under('case_days', 'case_id', 'support_case');
