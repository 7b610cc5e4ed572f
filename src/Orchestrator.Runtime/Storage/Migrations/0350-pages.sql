-- Lists go from the newest to the oldest, a page at a time.
drop index finding_state;
create index finding_open on finding (state, opened_at desc, id);
create index finding_newest on finding (opened_at desc, id);
create index fix_open_newest on fix (is_open, opened_at desc, id);
create index fix_newest on fix (opened_at desc, id);
create index fix_state on fix (state);
create index fix_finding on fix (finding_id);
create index workflow_instance_newest on workflow_instance (created_at desc, id);
create index label_queue_instance on label_queue (instance_id);
