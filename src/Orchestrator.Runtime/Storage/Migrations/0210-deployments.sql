create table deployment (
  key            text   primary key,
  model          text   not null,
  kind           text   not null check (kind in ('promotion', 'rollback')),
  version        text,
  digest         text,
  previous       text,
  hook           text   not null,
  confirm_within bigint,
  state          text   not null check (state in ('telling', 'waiting', 'told', 'confirmed', 'failed')),
  note           text,
  opened_at      bigint not null,
  confirm_by     bigint,
  ended_at       bigint
);

create index deployment_model on deployment (model, opened_at);
