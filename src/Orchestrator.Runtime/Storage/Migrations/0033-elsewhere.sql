-- Trainings that a command handed on, and whose end is told by a callback.
create table training_elsewhere (
  id              text   primary key,
  key             text   not null unique,  -- of the activity that waits
  instance_id     text   not null,
  model           text   not null,
  runner          text   not null,
  dataset         text   not null,
  dataset_version text   not null,
  running         text   not null,         -- what the command called it
  folder          text   not null,
  log             text   not null,         -- artifact with what the command printed
  state           text   not null check (state in ('running', 'answered', 'ended')),
  answer          text,                    -- JSON of the callback
  reason          text,                    -- why it ended otherwise than well
  opened_at       bigint not null,
  deadline        bigint not null,
  ended_at        bigint
);
