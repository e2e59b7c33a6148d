-- Where pieces were published, and edits that a person may take.

-- One row a piece and place. ``claimed_until``: somebody is sending it right now; ``sending``: it was begun and may be
-- there already, so whoever goes on looks for it under ``key`` before making another.
create table publications (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  place text not null check (place in ('wordpress')),
  key text not null,
  state text not null default 'sending' check (state in ('sending', 'draft', 'live')),
  external_id text,
  url text,
  asset_version integer not null,
  content_hash text not null,
  claimed_until timestamptz,
  published_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, asset_id, place)
);
select secure_tenant_table('publications');

-- A polished or optimised text beside the piece it was made from, in hunks; nothing changes until a person takes some.
create table text_proposals (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  run_id uuid references runs (id) on delete set null,
  kind text not null check (kind in ('polish', 'optimize')),
  asset_version integer not null,
  content_hash text not null,
  -- [{id, part, start, end, before, after, why}] over the parts of that version
  hunks jsonb not null,
  -- {scoreBefore, scoreAfter, groups, leftOut: [{text, why}], rounds}
  account jsonb not null default '{}',
  status text not null default 'open' check (status in ('open', 'taken', 'dismissed')),
  taken jsonb not null default '[]',
  agent text,
  model text,
  decided_by uuid references users (id) on delete set null,
  decided_at timestamptz,
  idempotency_key text,
  created_at timestamptz not null default now(),
  unique (org_id, idempotency_key)
);
create index text_proposals_of_asset on text_proposals (org_id, asset_id, created_at desc);
select secure_tenant_table('text_proposals');
