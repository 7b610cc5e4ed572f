-- Of people whom a provider knows: their groups (JSON array), its tokens encrypted by what the cookie holds, and when it was asked last.
alter table session add column person_groups text not null default '[]';
alter table session add column tokens text;
alter table session add column asked_at bigint not null default 0;
