create table pushed_batch (
  dataset     text   not null,
  part        text   not null,  -- rows or labels
  batch       text   not null,  -- as its pusher calls it
  body        text   not null,  -- hash of what was sent
  file        text   not null,  -- hash of the Parquet file, which is its name
  rows        bigint not null,
  time_column text,             -- by which first_time and last_time were told
  first_time  bigint,
  last_time   bigint,
  pushed_by   text   not null,
  pushed_at   bigint not null,
  primary key (dataset, part, batch)
);

create table pushed_columns (
  dataset text not null,
  part    text not null,
  columns text not null,
  primary key (dataset, part)
);
