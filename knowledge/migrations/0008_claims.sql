-- Claims and their evidence; what a person has accepted by name.

-- That a version's claims were read, by which rules, against which evidence; a version without a claim has one too.
create table claim_readings (
  org_id uuid not null references orgs (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  asset_version integer not null,
  content_hash text not null,
  rules text not null,
  read_at timestamptz not null default now(),
  primary key (org_id, asset_id, asset_version)
);
select secure_tenant_table('claim_readings');

-- One factual sentence of one version. ``start_at`` and ``end_at`` are characters of ``part``.
create table claims (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  asset_version integer not null,
  ordinal integer not null,
  kind text not null check (kind in ('statistic', 'price', 'feature', 'comparison', 'superlative', 'testimonial',
                                     'regulated', 'guarantee', 'availability', 'authority', 'general')),
  part text not null,
  start_at integer not null check (start_at >= 0),
  end_at integer not null check (end_at >= start_at),
  text text not null,
  -- the sentence as far as its words go: what was accepted or proved stays so while this is the same
  sentence text not null,
  status text not null check (status in ('supported', 'unsupported', 'contradicted', 'opinion')),
  reason text not null default '',
  -- [{kind, id, quote, title, addedBy, expiresOn}]; ``addedBy`` is null for what the rules found
  evidence jsonb not null default '[]',
  accepted_by uuid references users (id) on delete set null,
  accepted_at timestamptz,
  accepted_note text,
  -- the last day on which the acceptance or the evidence that was added counts
  expires_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, asset_id, asset_version, ordinal)
);
create index claims_of_client on claims (org_id, client_id, status);
select secure_tenant_table('claims');

-- A critical finding of the preflight that a person answers for. It holds for this content only.
create table accepted_findings (
  org_id uuid not null references orgs (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  content_hash text not null,
  check_id text not null,
  accepted_by uuid references users (id) on delete set null,
  accepted_at timestamptz not null default now(),
  note text not null,
  primary key (org_id, asset_id, content_hash, check_id)
);
select secure_tenant_table('accepted_findings');
