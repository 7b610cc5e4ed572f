-- The samples in memory as they were up to a batch, compressed, so that a restart need not compress them again; dropped with the first file that retention drops.
create table chunk_snapshot (
  id     bigint primary key check (id = 1),
  batch  bigint not null,
  sha256 text   not null
);
