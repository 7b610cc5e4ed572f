create table write_group (
  id     bigint primary key check (id = 1),
  number bigint not null
);

insert into write_group (id, number) values (1, 0);
