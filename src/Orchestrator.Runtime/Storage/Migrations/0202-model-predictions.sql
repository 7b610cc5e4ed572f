alter table model_version add column predictions text;
