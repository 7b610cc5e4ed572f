-- Why a queue was closed: all answers were in, its time was over, or nobody waits for it any more.
alter table label_queue add column outcome text;
