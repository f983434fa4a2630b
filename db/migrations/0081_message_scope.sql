-- Breaking: no. A letter is seen with the place that its record lies in (docs/adr/0009-scope.md): a region, an authority, a trust or
-- another organisation of the register, a school or a leader, any of them. Who got it and each try are seen with the letter.
alter table message enable row level security;
alter table message force row level security;
create policy scope on message using (
  (select alongside_sees_all())
  or region = any ((select alongside_scope_texts('regions'))::text[])
  or authority = any ((select alongside_scope_texts('authorities'))::text[])
  or organisations && (select alongside_scope_texts('organisations'))::text[]
  or urns && (select alongside_scope_numbers('establishments'))::integer[]
  or leaders && (select alongside_scope_texts('leaders'))::text[]);
call alongside_protect_under('message_recipient', 'message_id', 'message');
call alongside_protect_under('message_attempt', 'recipient_id', 'message_recipient');
