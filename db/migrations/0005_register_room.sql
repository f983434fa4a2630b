-- Room on each page for a second copy of its rows: an import that changes facts without an index then touches no index.
-- Without it, 20,000 changed rows took 5 s and not 0.3, nearly all of it in the trigram index.
alter table establishment set (fillfactor = 60);
alter table establishment_group set (fillfactor = 80);
