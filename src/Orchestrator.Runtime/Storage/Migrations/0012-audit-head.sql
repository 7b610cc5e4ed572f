-- The end of the chain, so that missing last entries are seen as well.
create table audit_head (
  id       bigint primary key check (id = 1),
  sequence bigint not null,
  hash     text   not null
);

insert into audit_head (id, sequence, hash) values (1, 0, '');
