create table workflow_instance (
  id            text   primary key,
  definition_id text   not null,
  definition    text   not null,  -- Elsa 3 JSON, as it was approved
  state         text   not null,  -- JSON
  status        text   not null,
  version       bigint not null,
  created_at    bigint not null,
  updated_at    bigint not null
);

create index workflow_instance_status on workflow_instance (status, created_at);

create table workflow_event (
  instance_id text   not null references workflow_instance (id),
  sequence    bigint not null,
  at          bigint not null,
  body        text   not null,    -- JSON
  primary key (instance_id, sequence)
);
