-- Series of emails with their schedule, and the tests that were sent.

create table email_series (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  campaign_id uuid references campaigns (id) on delete cascade,
  run_id uuid references runs (id) on delete set null,
  title text not null,
  goal text not null,
  tone text not null default '',
  language text not null default '',
  status text not null default 'draft' check (status in ('draft', 'scheduled')),
  -- the plan: day 0 is starts_on, each email goes out at send_time there
  starts_on date,
  send_time time,
  timezone text,
  scheduled_by uuid references users (id),
  scheduled_at timestamptz,
  idempotency_key text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, idempotency_key),
  check (status = 'draft' or (starts_on is not null and send_time is not null and timezone is not null
                              and scheduled_by is not null and scheduled_at is not null))
);
create index email_series_recent on email_series (org_id, client_id, created_at desc, id desc);
select secure_tenant_table('email_series');

create table email_series_emails (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  series_id uuid not null references email_series (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  position integer not null check (position between 1 and 30),
  day integer not null check (day between 0 and 3650),
  purpose text not null,
  -- what was approved for the plan; another hash now means that it was edited after
  scheduled_hash text,
  unique (series_id, position),
  unique (asset_id)
);
select secure_tenant_table('email_series_emails');

create table email_tests (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  asset_version integer not null,
  recipient text not null,
  status text not null default 'sending' check (status in ('sending', 'sent', 'failed')),
  problem text,
  sent_by uuid not null references users (id),
  idempotency_key text,
  created_at timestamptz not null default now(),
  unique (org_id, idempotency_key)
);
create index email_tests_of on email_tests (asset_id, created_at desc);
select secure_tenant_table('email_tests');
