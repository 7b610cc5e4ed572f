-- How many different people answer each row, and how far they agreed (JSON); what each of them said.
alter table label_queue add column overlap bigint not null default 1;
alter table label_queue add column agreement text;

create table label_answer (
  queue_id    text   not null,
  position    bigint not null,
  sequence    bigint not null,  -- in which the queue's answers came
  person      text   not null,
  answer      text,            -- null: skipped
  answered_at bigint not null,
  primary key (queue_id, position, person),
  foreign key (queue_id, position) references label_task (queue_id, position)
);
