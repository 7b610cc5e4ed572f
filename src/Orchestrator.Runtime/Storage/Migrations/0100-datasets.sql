create table dataset_version (
  dataset    text   not null,
  version    text   not null,  -- hash of schema and rows
  number     bigint not null,
  manifest   text   not null,  -- as in manifest.json
  created_at bigint not null,
  primary key (dataset, version),
  unique (dataset, number)
);

create table dataset_move (
  dataset      text   not null,
  sequence     bigint not null,
  key          text   unique,  -- of the activity that asked for it
  from_version text,
  to_version   text   not null,
  actor        text   not null,
  reason       text   not null,
  at           bigint not null,
  primary key (dataset, sequence)
);

create table dataset_import (
  dataset     text   primary key,
  fingerprint text   not null,
  version     text   not null,
  at          bigint not null
);

create table confirmed_label (
  dataset      text   not null,
  row_id       text   not null,
  content      text   not null,
  label        text   not null,
  label_set    text   not null,
  confirmed_by text   not null,
  confirmed_at bigint not null,
  primary key (dataset, row_id)
);
