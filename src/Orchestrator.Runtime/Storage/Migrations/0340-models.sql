-- What belongs to which model, so that people see only theirs: of keys the roles for single models (JSON object), of findings the model of their labels, of fixes the run.
alter table api_key add column models text not null default '{}';
alter table finding add column model text not null default '';
update finding set model = coalesce(json_extract(labels, '$.model'), '');
alter table fix add column instance_id text;
update fix set instance_id = json_extract(body, '$.instance_id');
create index fix_instance on fix (instance_id);
