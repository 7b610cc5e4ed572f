create table snapshot (
  source    text   not null,  -- hash of the connection, the query and its columns
  dataset   text   not null,
  from_time bigint not null,  -- rows after it
  to_time   bigint not null,  -- until it, included
  file      text   not null,  -- hash of the Parquet file, which is its name
  rows      bigint not null,
  read_at   bigint not null,
  primary key (source, from_time)
);
