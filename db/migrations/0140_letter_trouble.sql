-- Breaking: no. When it was told to whoever waits that a letter does not get through, until it arrives after all (TSI-095).
alter table message_recipient add column trouble_told_at timestamptz;
drop index message_recipient_untold;
create index message_recipient_untold on message_recipient (id)
  where (state in ('bounced', 'given-up') and told_at is null)
    or (state = 'queued' and trouble is not null and trouble_told_at is null);
create index message_recipient_arrived on message_recipient (id)
  where trouble_told_at is not null and state in ('handed-over', 'delivered');
