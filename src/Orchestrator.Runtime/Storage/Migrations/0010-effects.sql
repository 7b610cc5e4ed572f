-- Work for the outside. A row is the truth; messages only wake workers. Keys are permanent, so that nothing is asked twice.
create table effect (
  key         text   primary key,
  kind        text   not null,
  owner       text   not null,
  body        text   not null,
  state       text   not null check (state in ('ready', 'leased', 'done', 'parked', 'cancelled')),
  due_at      bigint not null,            -- domain clock
  retry_at    bigint not null default 0,  -- real clock
  attempts    bigint not null default 0,
  fence       bigint not null default 0,
  lease_owner text,
  lease_until bigint not null default 0,  -- real clock
  repeatable  bigint not null default 1,
  result      text,
  note        text,
  created_at  bigint not null,
  closed_at   bigint
);

create index effect_open on effect (state, due_at);
create index effect_owner on effect (owner);
