-- Definitions made in the designer, and scratch drafts of those that come from elsewhere. A version is never deleted: what ran once can always be shown.
create table workflow_version (
    id text primary key,
    definition_id text not null,
    version bigint not null,
    origin text not null,
    state text not null,
    name text not null,
    body text not null,
    base text,
    created_at bigint not null,
    created_by text not null,
    changed_at bigint not null,
    changed_by text not null,
    unique (definition_id, version)
);

-- Who edits what, until when by the real clock.
create table workflow_edit (
    definition_id text primary key,
    holder text not null,
    draft_id text not null,
    until bigint not null
);

-- What somebody wanted to save and could not.
create table workflow_kept_draft (
    id text primary key,
    definition_id text not null,
    kept_by text not null,
    kept_at bigint not null,
    reason text not null,
    body text not null
);

-- Changes of authored definitions that somebody proposed.
create table workflow_proposal (
    id text primary key,
    definition_id text not null,
    proposed_by text not null,
    proposed_at bigint not null,
    path text not null,
    body text not null,
    branch text
);
