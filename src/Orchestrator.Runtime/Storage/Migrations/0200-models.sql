create table model_version (
  model           text   not null,
  number          bigint not null,
  key             text   not null unique,
  digest          text   not null,
  dataset         text   not null,
  dataset_version text   not null,
  trainer         text   not null,
  metrics         text   not null,
  created_at      bigint not null,
  primary key (model, number)
);

create table champion_move (
  model        text   not null,
  sequence     bigint not null,
  key          text   not null unique,
  kind         text   not null check (kind in ('promotion', 'rollback')),
  from_version text,
  to_version   text,
  actor        text   not null,
  reason       text   not null,
  at           bigint not null,
  primary key (model, sequence)
);
