-- Rows that are kept aside since a move: the same version may become current again with others aside. Null: as the version's manifest says.
alter table dataset_move add column quarantine text;
