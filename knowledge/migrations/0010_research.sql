-- Research: what was asked and found, the pages that were opened for it, what a host allows, the client's own pages.

-- What a host's robots.txt said, kept for a day. status 0: the host did not answer.
create table robots_files (
  org_id uuid not null references orgs (id) on delete cascade,
  origin text not null,
  status smallint not null,
  body text not null default '',
  fetched_at timestamptz not null default now(),
  primary key (org_id, origin)
);
select secure_tenant_table('robots_files');

-- A page as it was last opened. What was said instead of it stands in ``reason``; then there is no text.
create table web_pages (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  -- as it was asked for, without a fragment
  url text not null,
  -- where it was in the end
  found_url text not null,
  status text not null check (status in ('opened', 'forbidden', 'refused', 'failed')),
  reason text,
  title text not null default '',
  description text not null default '',
  language text,
  published_on date,
  -- [{level, text}]
  outline jsonb not null default '[]',
  -- [{term, count}], the most frequent first
  terms jsonb not null default '[]',
  -- sentences with a figure, as they stand there
  facts text[] not null default '{}',
  questions text[] not null default '{}',
  text text not null default '',
  words integer not null default 0,
  bytes bigint not null default 0,
  content_hash text not null default '',
  fetched_at timestamptz not null default now(),
  unique (org_id, url)
);
select secure_tenant_table('web_pages');

-- A research document. ``data`` is knowledge/research/models.py:Research.
create table research (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  campaign_id uuid references campaigns (id) on delete set null,
  run_id uuid references runs (id) on delete set null,
  topic text not null,
  -- the topic's own words, folded and sorted: what a later piece finds it by
  topic_words text[] not null,
  language text not null,
  data jsonb not null,
  agent text not null,
  model text not null,
  idempotency_key text,
  created_at timestamptz not null default now(),
  unique (org_id, idempotency_key)
);
create index research_recent on research (org_id, client_id, created_at desc, id desc);
select secure_tenant_table('research');

-- The pages of a research document, in the order they were found. page_id is null for one that was not opened.
create table research_sources (
  org_id uuid not null references orgs (id) on delete cascade,
  research_id uuid not null references research (id) on delete cascade,
  ordinal smallint not null,
  url text not null,
  page_id uuid references web_pages (id) on delete set null,
  primary key (research_id, ordinal)
);
create index research_sources_page on research_sources (page_id);
select secure_tenant_table('research_sources');

-- The client's own pages, as its site map lists them.
create table own_pages (
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  url text not null,
  title text not null default '',
  -- the words of its address and title, folded
  words text[] not null default '{}',
  changed_on date,
  -- site_map: listed there; given: a person named it
  source text not null default 'site_map' check (source in ('site_map', 'given')),
  read_at timestamptz not null default now(),
  primary key (org_id, client_id, url)
);
select secure_tenant_table('own_pages');

-- When a client's site map was read last, and what came of it.
create table site_maps (
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  url text not null,
  files integer not null default 0,
  pages integer not null default 0,
  skipped integer not null default 0,
  notes text[] not null default '{}',
  read_at timestamptz not null default now(),
  primary key (org_id, client_id)
);
select secure_tenant_table('site_maps');
