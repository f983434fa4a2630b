-- Breaking: no. Whoever looks after the cases of an authority in a programme sees them, and no other programme's there.
create policy of_authority on support_case using (
  programme || '/' || authority_code = any ((select alongside_scope_texts('authorityCases'))::text[]));
