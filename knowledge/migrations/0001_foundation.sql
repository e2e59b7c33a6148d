-- The whole foundation: people, clients, artifacts, assets, runs, sessions, money.
-- Every tenant table carries org_id and is closed by row-level security through secure_tenant_table().
-- The application role adroom_app exists before this runs (knowledge/migrate.py makes it); it owns nothing.

-- Time-ordered ids where the server has them (Postgres 18), random ones elsewhere.
do $$
begin
  if exists (select from pg_proc where proname = 'uuidv7' and pronamespace = 'pg_catalog'::regnamespace) then
    create function new_id() returns uuid language sql volatile as 'select uuidv7()';
  else
    create function new_id() returns uuid language sql volatile as 'select gen_random_uuid()';
  end if;
end $$;

-- The organisation of this transaction, or null: then every tenant table looks empty.
create function current_org() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.org_id', true), '')::uuid $$;

-- Closes one table: rows of other organisations can be neither read nor written, not even by its owner.
create function secure_tenant_table(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s using (org_id = (select current_org())) '
                 'with check (org_id = (select current_org()))', target);
  execute format('grant select, insert, update, delete on %s to adroom_app', target);
end $$;
revoke all on function secure_tenant_table(regclass) from public;

-- ---------------------------------------------------------------- people

create table orgs (
  id uuid primary key default new_id(),
  name text not null,
  created_at timestamptz not null default now()
);
alter table orgs enable row level security;
-- Not forced: the owner (migrations, start-up) may list organisations; the application sees its own only.
create policy tenant on orgs using (id = (select current_org())) with check (id = (select current_org()));
grant select, insert, update on orgs to adroom_app;

create table users (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  external_id text not null,
  email text not null,
  display_name text not null,
  role text not null check (role in ('partner', 'strategy', 'creative', 'performance', 'ops', 'data',
                                     'experiment', 'legal', 'admin')),
  created_at timestamptz not null default now(),
  unique (org_id, external_id)
);
create unique index users_email on users (org_id, lower(email));
select secure_tenant_table('users');

create table api_keys (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  name text not null,
  key_hash text not null,
  scopes text[] not null default '{}',
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  unique (org_id, key_hash)
);
-- A key carries its organisation's id in the clear part, so it is looked up inside that organisation's scope.
select secure_tenant_table('api_keys');

-- ---------------------------------------------------------------- clients and campaigns

create table clients (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  industry text,
  website text,
  primary_markets text[] not null default '{}',
  primary_languages text[] not null default '{English}',
  timezone text,
  status text not null default 'active' check (status in ('active', 'paused', 'archived')),
  created_at timestamptz not null default now()
);
create unique index clients_name on clients (org_id, lower(name)) where status <> 'archived';
select secure_tenant_table('clients');

create table product_offers (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  name text not null,
  description text,
  business_model text not null default 'one_off' check (business_model in ('one_off', 'subscription', 'hybrid')),
  differentiation_bullets text[] not null default '{}',
  guarantee_text text,
  created_at timestamptz not null default now()
);
create index on product_offers (org_id, client_id);
select secure_tenant_table('product_offers');

create table product_offer_price_points (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  offer_id uuid not null references product_offers (id) on delete cascade,
  label text not null,
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz not null default now()
);
create index on product_offer_price_points (org_id, offer_id);
select secure_tenant_table('product_offer_price_points');

create table campaigns (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  status text not null default 'draft' check (status in ('draft', 'planning', 'running', 'completed', 'cancelled')),
  goal_description text,
  objective_type text check (objective_type in ('awareness', 'leads', 'sales', 'hiring', 'partnerships', 'retention')),
  numeric_target numeric,
  baseline numeric,
  timeframe_days integer check (timeframe_days > 0),
  budget_min numeric,
  budget_max numeric,
  starts_on date,
  ends_on date,
  created_at timestamptz not null default now(),
  check (ends_on is null or starts_on is null or ends_on >= starts_on)
);
create unique index campaigns_name on campaigns (org_id, client_id, lower(name)) where status <> 'cancelled';
select secure_tenant_table('campaigns');

-- ---------------------------------------------------------------- artifacts: one row per version

create table artifacts (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  campaign_id uuid references campaigns (id) on delete cascade,
  type text not null check (type in ('intake', 'client_canon', 'metric_schema', 'strategy_sheet', 'experiment_spec',
    'asset_brief', 'creatives', 'execution', 'monitoring', 'delivery', 'qa_report', 'experiment_report', 'playbook')),
  key text not null default '',
  version integer not null check (version > 0),
  status text not null check (status in ('draft', 'approved', 'revised', 'flagged_for_review', 'archived')),
  data jsonb not null,
  notes jsonb not null default '[]',
  content_hash text not null,
  inputs_hash text not null,
  source_versions jsonb not null default '{}',
  created_by text not null,
  model text,
  approved_at timestamptz,
  approved_by uuid references users (id),
  flagged_reason text,
  created_at timestamptz not null default now()
);
create unique index artifacts_version on artifacts
  (org_id, client_id, coalesce(campaign_id, '00000000-0000-0000-0000-000000000000'), type, key, version);
create index artifacts_recent on artifacts (org_id, created_at desc, id desc);
select secure_tenant_table('artifacts');
-- A version's content never changes and no version is taken away: the application may only move its state.
revoke update, delete on artifacts from adroom_app;
grant update (status, notes, approved_at, approved_by, flagged_reason) on artifacts to adroom_app;

-- ---------------------------------------------------------------- conversations

create table sessions (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  user_id uuid not null references users (id),
  client_id uuid references clients (id) on delete set null,
  campaign_id uuid references campaigns (id) on delete set null,
  channel text not null check (channel in ('chat', 'slack', 'api')),
  external_thread text not null,
  active_agent text not null default 'cmo',
  budget_limit numeric,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, channel, external_thread)
);
select secure_tenant_table('sessions');

create table session_items (
  org_id uuid not null references orgs (id) on delete cascade,
  session_id uuid not null references sessions (id) on delete cascade,
  seq bigint not null,
  item jsonb not null,
  created_at timestamptz not null default now(),
  primary key (session_id, seq)
);
select secure_tenant_table('session_items');

-- One message of a person and what came of it; an unfinished one is taken up again after a crash.
create table turns (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  session_id uuid not null references sessions (id) on delete cascade,
  user_id uuid not null references users (id),
  input text not null,
  command text,
  -- what the agents were told about the state of things, kept so that taking the turn up again asks the same question
  context jsonb not null default '{}',
  status text not null default 'running' check (status in ('running', 'completed', 'failed', 'stopped')),
  agent text,
  answer text,
  error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index on turns (org_id, session_id, created_at);
create unique index turns_one_at_a_time on turns (session_id) where status = 'running';
select secure_tenant_table('turns');

-- ---------------------------------------------------------------- runs

create table runs (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid references clients (id) on delete cascade,
  campaign_id uuid references campaigns (id) on delete cascade,
  session_id uuid references sessions (id) on delete set null,
  parent_id uuid references runs (id) on delete cascade,
  kind text not null,
  command text,
  title text not null,
  state text not null default 'CREATED',
  status text not null default 'queued' check (status in ('queued', 'running', 'waiting', 'completed', 'failed',
                                                          'cancelled', 'stopped')),
  progress smallint not null default 0 check (progress between 0 and 100),
  iteration integer not null default 0,
  input jsonb not null default '{}',
  output jsonb,
  error text,
  engine text not null,
  engine_id text,
  idempotency_key text,
  client_token_hash text,
  budget_limit numeric,
  budget_spent numeric not null default 0,
  last_seq bigint not null default 0,
  started_by uuid references users (id),
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),
  unique (org_id, idempotency_key)
);
create index runs_recent on runs (org_id, created_at desc, id desc);
create index runs_session on runs (org_id, session_id);
create unique index runs_one_onboarding on runs (org_id, client_id)
  where kind = 'client_onboarding' and status in ('queued', 'running', 'waiting');
create unique index runs_one_planning on runs (org_id, campaign_id)
  where kind = 'campaign_planning' and status in ('queued', 'running', 'waiting');
select secure_tenant_table('runs');

create table run_events (
  org_id uuid not null references orgs (id) on delete cascade,
  run_id uuid not null references runs (id) on delete cascade,
  seq bigint not null,
  at timestamptz not null default clock_timestamp(),
  type text not null,
  agent text,
  iteration integer not null default 0,
  step text,
  data jsonb not null default '{}',
  dedup_key text,
  primary key (run_id, seq)
);
create unique index run_events_once on run_events (run_id, dedup_key) where dedup_key is not null;
select secure_tenant_table('run_events');
revoke update, delete on run_events from adroom_app;

create table agent_runs (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  run_id uuid references runs (id) on delete cascade,
  session_id uuid references sessions (id) on delete cascade,
  agent text not null,
  iteration integer not null default 0,
  status text not null default 'running' check (status in ('running', 'completed', 'failed', 'stopped')),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  model text,
  input_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost numeric not null default 0,
  error text,
  created_at timestamptz not null default now(),
  check (run_id is not null or session_id is not null)
);
create index on agent_runs (org_id, run_id);
create index on agent_runs (org_id, status) where status = 'running';
select secure_tenant_table('agent_runs');

create table approvals (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  run_id uuid references runs (id) on delete cascade,
  gate text not null,
  subject_type text not null check (subject_type in ('artifact', 'asset', 'run', 'plan', 'budget')),
  subject_id uuid not null,
  subject_version integer not null default 1,
  subject_hash text not null default '',
  requested_at timestamptz not null default now(),
  expires_at timestamptz,
  decision text check (decision in ('approved', 'rejected', 'changes_requested')),
  decided_by uuid references users (id),
  decided_at timestamptz,
  decided_in text check (decided_in in ('chat', 'slack', 'api')),
  notes text,
  edits jsonb,
  -- an edit of the subject after the request withdraws it: the hash it was shown for is gone
  withdrawn_at timestamptz,
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  unique (run_id, gate)
);
create index approvals_open on approvals (org_id, requested_at) where decision is null and withdrawn_at is null;
create index approvals_subject on approvals (org_id, subject_type, subject_id);
select secure_tenant_table('approvals');

-- Completed model and tool calls of a run's step or a chat turn: what was paid for is not paid for again.
create table journal (
  org_id uuid not null references orgs (id) on delete cascade,
  scope_id uuid not null,
  kind text not null check (kind in ('model', 'tool')),
  key text not null,
  occurrence integer not null,
  result jsonb not null,
  created_at timestamptz not null default now(),
  primary key (scope_id, kind, key, occurrence)
);
select secure_tenant_table('journal');

-- ---------------------------------------------------------------- assets and experiments

create table experiments (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  campaign_id uuid not null references campaigns (id) on delete cascade,
  name text not null,
  experiment_spec_id uuid references artifacts (id),
  status text not null default 'planned' check (status in ('planned', 'running', 'completed', 'cancelled')),
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now()
);
select secure_tenant_table('experiments');

create table assets (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  campaign_id uuid references campaigns (id) on delete cascade,
  experiment_id uuid references experiments (id) on delete set null,
  asset_brief_id uuid references artifacts (id) on delete set null,
  run_id uuid references runs (id) on delete set null,
  variant_id text,
  source_type text not null default 'generated' check (source_type in ('generated', 'historical', 'competitor_example')),
  status text not null default 'draft' check (status in ('researching', 'draft', 'polishing', 'qa_passed', 'approved',
                                                         'published', 'rejected')),
  channel text not null,
  format text not null,
  title text not null,
  icp_id text,
  funnel_stage_id text,
  concept_id text,
  angle_type text,
  content jsonb not null default '{}',
  seo jsonb not null default '{}',
  word_count integer not null default 0,
  version integer not null default 1,
  content_hash text not null default '',
  storage_key text,
  mime text,
  bytes bigint,
  sha256 text,
  agent text,
  model text,
  idempotency_key text,
  published_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, idempotency_key)
);
create index assets_recent on assets (org_id, client_id, created_at desc, id desc);
select secure_tenant_table('assets');

create table comments (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  artifact_id uuid references artifacts (id) on delete cascade,
  asset_id uuid references assets (id) on delete cascade,
  author uuid not null references users (id),
  body text not null check (char_length(body) between 1 and 20000),
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (num_nonnulls(artifact_id, asset_id) = 1)
);
create index on comments (org_id, artifact_id);
create index on comments (org_id, asset_id);
select secure_tenant_table('comments');

create table asset_performance_snapshots (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  asset_id uuid not null references assets (id) on delete cascade,
  experiment_id uuid references experiments (id) on delete cascade,
  variant_id text,
  time_from timestamptz not null,
  time_to timestamptz not null,
  metrics jsonb not null default '{}',
  segments jsonb not null default '{}',
  source text,
  created_at timestamptz not null default now()
);
select secure_tenant_table('asset_performance_snapshots');

create table generations (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  run_id uuid not null references runs (id) on delete cascade,
  agent_run_id uuid references agent_runs (id) on delete set null,
  task_key text not null,
  iteration integer not null default 0,
  asset_id uuid references assets (id) on delete set null,
  thumb_key text,
  score numeric,
  scores jsonb not null default '{}',
  seed bigint,
  adapter text,
  meta jsonb not null default '{}',
  created_at timestamptz not null default now()
);
select secure_tenant_table('generations');

create table creative_briefs (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  user_id uuid not null references users (id),
  title text not null,
  description text,
  deliverables jsonb not null default '[]',
  guards jsonb not null default '{}',
  created_at timestamptz not null default now()
);
select secure_tenant_table('creative_briefs');

create table onboarding_payloads (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  intake_form jsonb not null default '{}',
  brand_docs jsonb not null default '[]',
  funnel_pages jsonb not null default '[]',
  voc_sources jsonb not null default '[]',
  constraints_docs jsonb not null default '[]',
  created_at timestamptz not null default now()
);
select secure_tenant_table('onboarding_payloads');

create table resource_constraints (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  campaign_id uuid not null references campaigns (id) on delete cascade,
  max_concurrent_experiments integer,
  budget numeric,
  channels text[] not null default '{}',
  team_capacity text,
  created_at timestamptz not null default now()
);
select secure_tenant_table('resource_constraints');

-- ---------------------------------------------------------------- voice of customer, documents, swipes

create table voc_sources (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  kind text not null check (kind in ('support', 'sales_call', 'survey', 'review')),
  name text not null,
  uri text,
  imported_at timestamptz not null default now(),
  content_hash text not null,
  created_at timestamptz not null default now(),
  unique (org_id, client_id, content_hash)
);
select secure_tenant_table('voc_sources');

create table voc_snippets (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  source_id uuid not null references voc_sources (id) on delete cascade,
  kind text not null check (kind in ('support', 'sales_call', 'survey', 'review')),
  text text not null,
  author text,
  rating numeric,
  said_on date,
  language text,
  themes text[] not null default '{}',
  sentiment text,
  extra jsonb not null default '{}',
  content_hash text not null,
  created_at timestamptz not null default now(),
  unique (org_id, client_id, content_hash)
);
select secure_tenant_table('voc_snippets');

create table documents (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  kind text not null check (kind in ('brand_doc', 'funnel_page', 'constraints_doc', 'transcript', 'other')),
  title text not null,
  uri text,
  text text not null,
  content_hash text not null,
  storage_key text,
  created_at timestamptz not null default now(),
  unique (org_id, client_id, content_hash)
);
select secure_tenant_table('documents');

create table company_swipe_brands (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  external_brand_id text not null,
  name text not null,
  slug text,
  ad_library_link text,
  brand_page_link text,
  logo_url text,
  categories text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (org_id, external_brand_id)
);
select secure_tenant_table('company_swipe_brands');

create table company_swipe_assets (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  external_ad_id text not null,
  external_platform_ad_id text,
  brand_id uuid references company_swipe_brands (id) on delete set null,
  title text, body text, platforms text[] not null default '{}',
  cta_type text, cta_text text, display_format text, landing_page text, link_description text, ad_source_link text,
  start_date date, end_date date, days_active integer, active_in_library boolean, active boolean,
  used_count integer, saved_count integer, likes integer,
  winning_score numeric, winning_score_data jsonb, performance_score numeric, performance_score_data jsonb,
  age_audience_min integer, age_audience_max integer, gender_audience text, eu_total_reach bigint,
  ad_spend_range_score numeric, ad_spend_range_score_data jsonb,
  added_human_time text, added_by_user_human_time text, saved_by_this_user boolean,
  share_url text, embed_url text, is_aaa_eligible boolean, is_saved boolean, is_used boolean, is_liked boolean,
  ad_script text, ad_reach_by_location jsonb, ad_spend jsonb, ad_library_object jsonb,
  language text, verticals text[] not null default '{}', is_favorite boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, external_ad_id)
);
select secure_tenant_table('company_swipe_assets');

create table company_swipe_media (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  swipe_asset_id uuid not null references company_swipe_assets (id) on delete cascade,
  external_media_id text not null,
  path text, url text, thumbnail_path text, thumbnail_url text, disk text,
  type text check (type in ('video', 'image')),
  mime_type text, size_bytes bigint, video_length numeric, download_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, swipe_asset_id, external_media_id)
);
select secure_tenant_table('company_swipe_media');

create table client_swipe_assets (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid not null references clients (id) on delete cascade,
  company_swipe_id uuid references company_swipe_assets (id) on delete cascade,
  custom_title text, custom_body text, custom_channel text, custom_format text, custom_landing_page text,
  custom_media jsonb,
  tags text[] not null default '{}',
  icp_id text, funnel_stage_id text, angle_type text, notes text,
  is_good_example boolean not null default false,
  is_bad_example boolean not null default false,
  created_at timestamptz not null default now()
);
create index on client_swipe_assets (org_id, client_id);
select secure_tenant_table('client_swipe_assets');

-- ---------------------------------------------------------------- money

create table budgets (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  scope text not null check (scope in ('org', 'user', 'session', 'run')),
  scope_id uuid not null,
  period text not null default 'total' check (period in ('total', 'day', 'month')),
  -- a new total period starts here; day and month are calendar periods in UTC
  period_start timestamptz not null default '-infinity',
  -- what the day of period_start had already cost before it; usage_days counts that day as a whole
  spent_before numeric not null default 0,
  limit_amount numeric not null check (limit_amount >= 0),
  warn_at numeric not null default 0.8 check (warn_at > 0 and warn_at <= 1),
  raised_by uuid references users (id),
  created_at timestamptz not null default now(),
  unique (org_id, scope, scope_id, period)
);
select secure_tenant_table('budgets');

create table usage_ledger (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  user_id uuid,
  session_id uuid,
  run_id uuid,
  agent text,
  kind text not null check (kind in ('model', 'web_search', 'file_search', 'image', 'embedding')),
  model text not null,
  calls integer not null default 1,
  input_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  unit_cost jsonb not null default '{}',
  cost numeric not null check (cost >= 0),
  price_source text not null,
  call_key text,
  at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (org_id, call_key)
);
create index ledger_org on usage_ledger (org_id, at) include (cost);
create index ledger_user on usage_ledger (org_id, user_id, at) include (cost);
create index ledger_session on usage_ledger (org_id, session_id, at) include (cost);
create index ledger_run on usage_ledger (org_id, run_id, at) include (cost);
select secure_tenant_table('usage_ledger');
revoke update, delete on usage_ledger from adroom_app;

-- The ledger added up by day (UTC) and scope, so that a budget is checked without reading a year of calls.
-- Only the trigger writes it: it cannot differ from the ledger.
create table usage_days (
  org_id uuid not null references orgs (id) on delete cascade,
  scope text not null check (scope in ('org', 'user', 'session', 'run')),
  scope_id uuid not null,
  day date not null,
  cost numeric not null,
  primary key (org_id, scope, scope_id, day)
);
select secure_tenant_table('usage_days');
revoke insert, update, delete on usage_days from adroom_app;

create function add_to_usage_days() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into usage_days as d (org_id, scope, scope_id, day, cost)
  select e.org_id, s.scope, s.scope_id, (e.at at time zone 'UTC')::date, sum(e.cost)
  from entries e cross join lateral (values ('run', e.run_id), ('session', e.session_id),
                                            ('user', e.user_id), ('org', e.org_id)) s (scope, scope_id)
  where s.scope_id is not null
  group by 1, 2, 3, 4 order by 1, 2, 3, 4  -- one order, so that two at once never wait for each other
  on conflict (org_id, scope, scope_id, day) do update set cost = d.cost + excluded.cost;
  return null;
end $$;
revoke all on function add_to_usage_days() from public;
create trigger usage_days_follow after insert on usage_ledger
  referencing new table as entries for each statement execute function add_to_usage_days();

create table budget_reservations (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  user_id uuid,
  session_id uuid,
  run_id uuid,
  amount numeric not null check (amount >= 0),
  call_key text not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  settled_at timestamptz,
  created_at timestamptz not null default now()
);
create index reservations_open on budget_reservations (org_id) where settled_at is null;
create unique index reservations_call on budget_reservations (org_id, call_key) where settled_at is null;
select secure_tenant_table('budget_reservations');

-- ---------------------------------------------------------------- requests that must not happen twice

create table idempotency_keys (
  org_id uuid not null references orgs (id) on delete cascade,
  key text not null,
  fingerprint text not null,
  status integer,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (org_id, key)
);
select secure_tenant_table('idempotency_keys');
