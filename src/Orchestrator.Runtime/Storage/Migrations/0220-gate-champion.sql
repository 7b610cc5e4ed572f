-- The champion that the challenger was compared with; null where nothing served, and in verdicts of before.
alter table gate_verdict add column champion text;
