-- Breaking: no. Local corrections of the register: they stand above it until it agrees or a person ends them.
create table register_correction (
  id integer generated always as identity primary key,
  establishment_id integer not null references establishment,
  field text not null check (field in ('phase', 'type', 'status', 'trust', 'authority', 'pupils', 'opened', 'closed', 'street',
    'locality', 'address3', 'town', 'county', 'postcode', 'diocese', 'grade', 'inspected-on', 'published-on', 'predecessor')),
  -- the inspection or the link that is corrected, else the school itself
  inspection_id integer references inspection,
  linked_urn integer,
  -- the column by which the register is asked whether it agrees
  fact text not null,
  -- what stands instead, and what the newest files say, by column; a link is "held" or "not held"
  corrected jsonb not null,
  register jsonb not null,
  -- from when it is so; without, it always was
  holds_from date,
  source text not null,
  source_date date not null,
  reason text not null,
  made_at timestamptz not null default now(),
  made_on date not null,
  made_by text not null,
  ended_at timestamptz,
  ended_on date,
  ended_how text check (ended_how in ('register agrees', 'person')),
  ended_by text,
  end_reason text,
  check ((field in ('grade', 'inspected-on', 'published-on')) = (inspection_id is not null)),
  check ((field = 'predecessor') = (linked_urn is not null)),
  check (corrected ? fact and register ? fact),
  check ((ended_at is null) = (ended_how is null) and (ended_at is null) = (ended_on is null)),
  -- one that agrees with the register would hide the next change of it
  check (ended_at is not null or corrected -> fact <> register -> fact),
  check (ended_how is distinct from 'person' or (ended_by is not null and end_reason is not null))
);
create unique index register_correction_once
  on register_correction (establishment_id, field, coalesce(inspection_id, 0), coalesce(linked_urn, 0)) where ended_at is null;
create index register_correction_school on register_correction (establishment_id, id);

-- The academy trust of each establishment as the register's files say it: the one it joined last and has not left; where a
-- newer register file names another, that one. Sponsors, federations and foundation trusts are groups but not trusts here.
create view register_trust as
  with trust as (
    select uid from establishment_group
    where type in ('Multi-academy trust', 'Single-academy trust', 'Secure single-academy trust')
  ), member as (
    select distinct on (m.establishment_id) m.establishment_id as id, m.group_uid as uid, f.as_at
    from group_membership m join trust t on t.uid = m.group_uid join data_file f on f.id = m.data_file_id
    where m.left_on is null
    order by m.establishment_id, m.joined desc nulls last, f.as_at desc, m.group_uid
  )
  select e.id, case
      when named.uid is not null and (member.uid is null or e.as_at > member.as_at) then named.uid
      else member.uid
    end as uid
  from establishment e
  left join member on member.id = e.id
  left join trust named on named.uid = e.trust_code;

-- Which school plainly came before which by its own links, with what a person has cut or added.
create view plain_predecessor as
  select l.establishment_id, l.linked_urn as predecessor_urn from establishment_link l
  where l.link_type = 'Predecessor' and not exists (
    select from register_correction c
    where c.establishment_id = l.establishment_id and c.linked_urn = l.linked_urn and c.ended_at is null
      and c.corrected ->> 'link' = 'not held')
  union
  select establishment_id, linked_urn from register_correction
  where ended_at is null and field = 'predecessor' and corrected ->> 'link' = 'held';

alter table register_event add column correction_id integer references register_correction;
alter table register_event drop constraint register_event_kind_check;
alter table register_event add constraint register_event_kind_check check (kind in ('opened', 'closed', 'converted', 'merged',
  'split', 'moved-trust', 'moved-authority', 'moved-region', 'renamed', 'graded', 'inspected', 'corrected', 'correction-ended'));
