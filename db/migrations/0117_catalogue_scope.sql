-- Breaking: no. Local places and signposting are the service's own to show (docs/adr/0009-scope.md): the catalogue is everybody's,
-- and the use cases say who may change it.
call alongside_keep_to_machine('local_place');
call alongside_keep_to_machine('signposting');
