-- Label sets of series, by a number that is never given again.
create table series (
  id     bigint primary key,
  labels text   not null unique   -- JSON object
);

-- Bodies become bytes: those that begin with a bracket are JSON as before, the others are columns.
create table sample_batch_of_bytes (
  seq         bigint primary key,
  received_at bigint not null,
  source      text   not null,    -- monitor:NAME or rules:GROUP
  body        blob   not null
);

insert into sample_batch_of_bytes (seq, received_at, source, body) select seq, received_at, source, cast(body as blob) from sample_batch;
drop table sample_batch;
alter table sample_batch_of_bytes rename to sample_batch;
create index sample_batch_source on sample_batch (source, seq);

-- Folders of Parquet files that hold the samples of old batches.
create table sample_file (
  name        text   primary key,
  first_batch bigint not null,
  last_batch  bigint not null,
  last_time   bigint not null,    -- of the newest sample, in microseconds
  samples     bigint not null,
  bytes       bigint not null
);

-- Batches up to this one are in files, or were dropped with them; rows that are still here are not read for their samples.
create table sample_compaction (
  id    bigint primary key check (id = 1),
  batch bigint not null
);

insert into sample_compaction (id, batch) values (1, 0);
