-- Why the rule held when the finding opened: a JSON object; null in findings of before.
alter table finding add column explanation text;
