-- Every decision, each chained to the one before it by its hash.
create table audit (
  sequence bigint primary key,
  at       bigint not null,
  actor    text   not null,
  action   text   not null,
  subject  text   not null,
  body     text   not null,
  hash     text   not null
);
