-- Edges between the quarters of a segment: made by the first measurement, used by everything after it.
create table segment_edges (
  monitor    text   not null,
  dataset    text   not null,  -- whose rows gave them
  segment    text   not null,
  definition text   not null,  -- hash of what the author says: another definition has other edges
  edges      text   not null,  -- JSON array of three numbers
  made_at    bigint not null,
  primary key (monitor, dataset, segment, definition)
);
