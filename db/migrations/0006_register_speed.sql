-- Breaking: no. While a first load runs, the register stands without its search indexes and references; these statements
-- put them back. Empty at any other time.
create table register_put_back (
  id integer generated always as identity primary key,
  statement text not null
);
