-- Breaking: no. Money of cases: what is promised, claimed, due and paid stands as lines with entries that are only ever added.
-- Every entry moves pence from one account of its line to another, so the books balance whatever happens; `outside` is where
-- money comes from when it is promised, and where it goes when a promise ends.
create table money_line (
  id integer generated always as identity primary key,
  case_id integer not null references support_case,
  leader_id integer references leader,
  line text not null,
  part text not null,
  kind text not null check (kind in ('payable', 'grant')),
  title text not null,
  payee text not null,
  most_pence bigint not null check (most_pence >= 0),
  made_on date not null,
  unique nulls not distinct (case_id, line, part, leader_id)
);

create table money_entry (
  id integer generated always as identity primary key,
  line_id integer not null references money_line,
  on_date date not null,
  pence bigint not null check (pence > 0),
  from_account text not null check (from_account in ('outside', 'committed', 'claimed', 'due', 'with-payer', 'paid')),
  to_account text not null check (to_account in ('outside', 'committed', 'claimed', 'due', 'with-payer', 'paid')),
  words text not null,
  made_by text not null,
  made_by_id integer references person,
  check (from_account <> to_account)
);
create index money_entry_line on money_entry (line_id);

create view money_balance with (security_invoker = true) as
  select line_id, account, sum(pence)::bigint as pence
  from (select line_id, to_account as account, pence from money_entry
    union all select line_id, from_account, -pence from money_entry) moved
  group by line_id, account;

create function keep_books() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    raise exception 'an entry of the books is never changed and never deleted';
  end if;
  perform from money_line where id = new.line_id for update;
  if exists (select from money_balance where line_id = new.line_id and account <> 'outside' and pence < 0) then
    raise exception 'line % has less in % than is taken out of it', new.line_id, new.from_account;
  end if;
  if (select coalesce(sum(pence), 0) from money_balance where line_id = new.line_id and account in ('with-payer', 'paid'))
     > (select most_pence from money_line where id = new.line_id) then
    raise exception 'line % pays more than it may', new.line_id;
  end if;
  return null;
end
$$;
create trigger keep_books after insert or update or delete on money_entry for each row execute function keep_books();

-- A payment run: one person prepares it, another releases it; each item has the answer of whoever pays.
create table payment_run (
  id integer generated always as identity primary key,
  reference text not null unique,
  programme text not null,
  status text not null check (status in ('prepared', 'released', 'cancelled', 'done')),
  prepared_on date not null,
  prepared_by text not null,
  prepared_by_id integer references person,
  released_on date,
  released_by text,
  released_by_id integer references person,
  check (released_by_id is distinct from prepared_by_id or released_by_id is null),
  check (status not in ('released', 'done') or released_on is not null)
);

create table payment_item (
  id integer generated always as identity primary key,
  run_id integer not null references payment_run,
  number integer not null,
  line_id integer not null references money_line,
  pence bigint not null check (pence > 0),
  state text not null check (state in ('open', 'paid', 'failed', 'cancelled')),
  answered_on date,
  paid_on date,
  paid_reference text,
  reason text,
  unique (run_id, number),
  check (state <> 'paid' or (paid_on is not null and paid_reference is not null))
);
create unique index payment_item_open on payment_item (line_id) where state = 'open';

call alongside_protect_under('money_line', 'case_id', 'support_case');
call alongside_protect_under('money_entry', 'line_id', 'money_line');
call alongside_protect_under('payment_item', 'line_id', 'money_line');
call alongside_keep_to_machine('payment_run');
