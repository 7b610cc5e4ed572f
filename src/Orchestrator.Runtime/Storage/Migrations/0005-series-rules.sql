-- Samples as they came: one row per monitor run or request; seq is the watermark of evaluations.
create table sample_batch (
  seq         bigint primary key,
  received_at bigint not null,
  source      text   not null,   -- monitor:NAME or rules:GROUP
  body        text   not null    -- JSON array of samples
);

create index sample_batch_source on sample_batch (source, seq);

-- Revisions of authored files that passed every check, and the one in force.
create table revision (
  id        text   primary key,  -- hash of the files
  source    text   not null,     -- where it came from: a folder, a commit
  author    text,
  loaded_at bigint not null,
  files     text   not null      -- JSON object: path -> text
);

create table revision_in_force (
  id          bigint primary key check (id = 1),
  revision_id text   not null references revision (id),
  since       bigint not null
);

-- What the last look at the source found; a bad one never replaces the revision in force.
create table revision_attempt (
  id          bigint primary key check (id = 1),
  at          bigint not null,
  source      text   not null,
  accepted    bigint not null,
  diagnostics text   not null    -- JSON array of lines
);

create table firing (
  monitor      text   not null,
  scheduled_at bigint not null,
  revision     text   not null,
  problems     text,             -- JSON array, when it is done
  ended_at     bigint,
  primary key (monitor, scheduled_at)
);

create table group_state (
  rule_group text   primary key,
  as_of      bigint not null,
  watermark  bigint not null,
  state      text   not null     -- JSON
);

create table evaluation (
  seq        bigint primary key,
  rule_group text   not null,
  revision   text   not null,
  as_of      bigint not null,
  watermark  bigint not null
);

create table alert_transition (
  evaluation bigint not null references evaluation (seq),
  position   bigint not null,
  body       text   not null,    -- JSON
  primary key (evaluation, position)
);

-- The domain clock of a played story; absent where the domain goes by the real clock.
create table story_clock (
  id  bigint primary key check (id = 1),
  now bigint not null
);
