-- Breaking: no. A leader who leaves a case keeps the days that were done: they go to a claim of that leader's own, in a case beside
-- it, and are counted there and nowhere else. So no day can be paid twice.
alter table case_log_item add column claim_case_id integer references support_case;
create index case_log_item_claim on case_log_item (claim_case_id) where claim_case_id is not null;

create function keep_partial_claims() returns trigger language plpgsql as $$
begin
  if old.claim_case_id is not null and new.claim_case_id is distinct from old.claim_case_id then
    raise exception 'a day stays in the claim of the leader who left';
  end if;
  if old.claim_case_id is not null and new.counted and not old.counted then
    raise exception 'a day of a leader who left is not validated any more';
  end if;
  if new.claim_case_id is not null and old.claim_case_id is null and not exists (
    select from support_case c where c.id = new.claim_case_id and c.parent_id = new.case_id and c.leader_id = new.leader_id) then
    raise exception 'a claim of a leader stands beside the case of its days';
  end if;
  return new;
end $$;
create trigger case_log_item_claimed before update on case_log_item
  for each row execute function keep_partial_claims();
