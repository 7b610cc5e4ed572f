-- Sessions are opened with other things than keys as well: way is key, password or provider; key_id is the key's id or the person's name, and proof changes when the password does.
alter table session add column way text not null default 'key';
alter table session add column proof text not null default '';
