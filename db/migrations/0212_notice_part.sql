-- Breaking: no. What a notice is about within its case: the page below the case's own that it opens; empty for the case itself.
alter table case_notice add column part text not null default '' check (part ~ '^(/[a-z0-9-]+)*$');
