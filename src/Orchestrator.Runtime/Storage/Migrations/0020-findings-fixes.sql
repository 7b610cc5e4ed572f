create table finding (
  id          text   primary key,
  fingerprint text   not null,
  rule_group  text   not null,
  rule        text   not null,
  labels      text   not null,  -- JSON object
  state       text   not null check (state in ('open', 'resolved')),
  value       double precision,
  severity    text   not null,
  summary     text   not null,
  owner       text   not null,
  revision    text   not null,
  held        text,
  resolution  text,
  opened_at   bigint not null,
  resolved_at bigint
);

create index finding_state on finding (state, opened_at);

create table fix (
  id           text   primary key,
  finding_id   text   not null references finding (id),
  rule         text   not null,
  model        text,
  dedup_key    text   not null,
  priority     bigint not null,
  label_budget bigint not null,
  state        text   not null,
  is_open      bigint not null,
  body         text   not null,  -- the fix as JSON
  opened_at    bigint not null,
  ended_at     bigint
);

-- One firing creates at most one open fix per dedup key.
create unique index fix_open on fix (dedup_key) where is_open = 1;

create table fix_event (
  fix_id   text   not null references fix (id),
  sequence bigint not null,
  at       bigint not null,
  actor    text   not null,
  body     text   not null,
  primary key (fix_id, sequence)
);

create table setting (
  name  text primary key,
  value text not null
);
