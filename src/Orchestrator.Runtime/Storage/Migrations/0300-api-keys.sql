-- Only the hash of a key is kept: a key is 256 random bits, so its hash can neither be guessed nor looked up.
create table api_key (
  id         text   primary key,
  name       text   not null,   -- the person or machine: the actor of the audit
  roles      text   not null,   -- JSON array
  sha256     text   not null unique,
  created_by text   not null,
  created_at bigint not null,
  revoked_at bigint
);
