-- The commit of each followed branch whose rules were good last: only what has it among its ancestors is followed.
create table git_head (
  url         text not null,
  branch      text not null,
  commit_sha  text not null,
  accepted    text,            -- a commit that a person named after the branch was rewritten
  primary key (url, branch)
);
