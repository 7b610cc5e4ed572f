create table gate_verdict (
  key        text   primary key,
  model      text   not null,
  version    text   not null,
  digest     text   not null,
  evaluation text   not null,
  verdict    text   not null check (verdict in ('promote', 'hold', 'reject')),
  reason     text   not null,
  at         bigint not null
);

create index gate_verdict_digest on gate_verdict (model, digest, at);
