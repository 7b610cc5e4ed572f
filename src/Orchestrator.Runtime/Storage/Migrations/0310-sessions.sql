-- A person's session in a browser: only the hash of what the cookie holds is kept. It ends with the key that it was opened with.
create table session (
  sha256       text   primary key,
  key_id       text   not null,
  opened_at    bigint not null,
  expires_at   bigint not null,   -- moves on while the session is used, up to a bound from opened_at
  confirmed_at bigint not null    -- when the person last showed the key itself
);
