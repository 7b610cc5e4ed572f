create table label_queue (
  id          text   primary key,
  dataset     text   not null,
  version     text   not null,   -- dataset version whose rows are asked for
  instance_id text   not null,   -- workflow instance that waits
  bookmark    text   not null,
  state       text   not null check (state in ('open', 'closing', 'closed')),
  budget      bigint not null,
  classes     text   not null,   -- JSON array of the labels to choose from
  label_set   text   not null,
  opened_at   bigint not null,
  deadline    bigint not null,
  closed_at   bigint
);

create table label_task (
  queue_id     text   not null references label_queue (id),
  position     bigint not null,
  row_id       text   not null,
  content_hash text   not null,
  given        text   not null,
  suggested    text,
  score        double precision not null,
  columns      text   not null,  -- JSON object of the values to show
  state        text   not null check (state in ('open', 'answered', 'skipped')),
  answer       text,
  answered_by  text,
  answered_at  bigint,
  primary key (queue_id, position)
);

create index label_task_state on label_task (queue_id, state, position);
