-- Claims that a model named beside those that the rules read.

-- A sentence of a piece that a model called a claim. It counts as long as its words stand in the piece, whatever the version.
create table named_claims (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  kind text not null check (kind in ('statistic', 'price', 'feature', 'comparison', 'superlative', 'regulated', 'guarantee',
                                     'availability', 'authority')),
  text text not null,
  -- the sentence as far as its words go, as in ``claims``
  sentence text not null,
  model text not null,
  created_at timestamptz not null default now()
);
create unique index named_claims_once on named_claims (org_id, asset_id, md5(sentence));
select secure_tenant_table('named_claims');

-- Which model read this version for claims beside the rules; or why one that should have could not.
alter table claim_readings add column model text not null default '', add column unread text not null default '';
alter table claims add column named_by text not null default '';
