-- The knowledge base: imports, passages that can be searched, one table of vectors for each embedding model.
-- The role adroom_search exists before this runs (knowledge/migrate.py makes it). It cannot log in; the search
-- functions run as it, see only the tables named here, and take the organisation from the transaction's setting:
-- full-text and array operators are not leakproof, so under row-level security the planner would not use their
-- indexes (notes in knowledge/search).

create extension if not exists vector;

-- ---------------------------------------------------------------- imports

-- One file on its way in. ``position`` is the number of its rows that are dealt with: it moves in the transaction
-- that stores them, so that going on after a crash neither loses nor doubles one.
create table imports (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  -- null: into the organisation's swipe library
  client_id uuid references clients (id) on delete cascade,
  session_id uuid references sessions (id) on delete set null,
  run_id uuid references runs (id) on delete set null,
  kind text not null check (kind in ('swipes', 'voc', 'document')),
  filename text not null,
  storage_key text not null,
  bytes bigint not null,
  sha256 text not null,
  -- how the file is read: ad_json, meta_csv, foreplay_json, review_csv, text, transcript, pdf, docx, html …
  format text not null,
  -- encoding, delimiter, which column is what, the source's name and kind; guessed, shown, correctable
  options jsonb not null default '{}',
  status text not null default 'preview' check (status in ('preview', 'running', 'completed', 'stopped', 'failed')),
  position bigint not null default 0,
  rows_total bigint,
  rows_new bigint not null default 0,
  rows_changed bigint not null default 0,
  rows_unchanged bigint not null default 0,
  -- rows that say again what another row of the file said
  rows_merged bigint not null default 0,
  rows_rejected bigint not null default 0,
  near_duplicates bigint not null default 0,
  error text,
  created_by uuid references users (id),
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now()
);
create index imports_recent on imports (org_id, created_at desc, id desc);
-- the same file into the same place comes in once at a time; no client is the organisation's own library
create unique index imports_one_running
  on imports (org_id, coalesce(client_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, sha256)
  where status = 'running';
select secure_tenant_table('imports');

create table import_rejects (
  org_id uuid not null references orgs (id) on delete cascade,
  import_id uuid not null references imports (id) on delete cascade,
  row bigint not null,
  ordinal smallint not null default 0,
  field text,
  reason text not null,
  excerpt text not null default '',
  primary key (import_id, row, ordinal)
);
select secure_tenant_table('import_rejects');

-- ---------------------------------------------------------------- what the first migration lacked

-- content_hash: of everything imported, so that the same row again is seen to be the same
alter table company_swipe_assets add column content_hash text not null default '';
alter table company_swipe_assets add column simhash bigint;
alter table company_swipe_assets add column import_id uuid references imports (id) on delete set null;
-- an export may say any whole number
alter table company_swipe_assets alter column days_active type bigint, alter column used_count type bigint,
  alter column saved_count type bigint, alter column likes type bigint, alter column age_audience_min type bigint,
  alter column age_audience_max type bigint;
create index swipe_assets_recent on company_swipe_assets (org_id, created_at desc, id desc);
create index swipe_assets_brand on company_swipe_assets (org_id, brand_id);

-- storage_key, thumb_key: our own copies, fetched on request; fetch_error: why there is none
alter table company_swipe_media add column storage_key text;
alter table company_swipe_media add column thumb_key text;
alter table company_swipe_media add column fetched_at timestamptz;
alter table company_swipe_media add column fetch_error text;

alter table client_swipe_assets add column updated_at timestamptz not null default now();
create unique index client_swipe_once on client_swipe_assets (org_id, client_id, company_swipe_id)
  where company_swipe_id is not null;

alter table voc_snippets add column simhash bigint;
alter table voc_snippets add column import_id uuid references imports (id) on delete set null;
alter table voc_snippets add column speaker text;
-- seconds into the call
alter table voc_snippets add column started_at real;
create index voc_snippets_recent on voc_snippets (org_id, client_id, created_at, id);

-- Texts that say nearly the same (simhash distance of 3 or less): linked, never deleted. a < b.
create table near_duplicates (
  org_id uuid not null references orgs (id) on delete cascade,
  kind text not null check (kind in ('swipe', 'voc')),
  a uuid not null,
  b uuid not null,
  distance smallint not null,
  primary key (org_id, kind, a, b),
  check (a < b)
);
create index near_duplicates_back on near_duplicates (org_id, b);
select secure_tenant_table('near_duplicates');

-- The letter groups of brand names, for names typed wrongly. Text equality is leakproof: no function is needed.
create table brand_trigrams (
  org_id uuid not null references orgs (id) on delete cascade,
  brand_id uuid not null references company_swipe_brands (id) on delete cascade,
  trigram text not null,
  primary key (org_id, trigram, brand_id)
);
select secure_tenant_table('brand_trigrams');

-- ---------------------------------------------------------------- passages

-- What search finds: a part of an ad, a quote, a passage of a document. The columns after ``text`` that are not of
-- the text itself are copies from the parent to filter by.
create table chunks (
  org_id uuid not null,
  id uuid not null default new_id(),
  -- swipe: the organisation's library (client_id null); client_swipe: a client's own example
  kind text not null check (kind in ('swipe', 'client_swipe', 'voc', 'document')),
  parent_id uuid not null,
  client_id uuid,
  part text not null check (part in ('hook', 'body', 'headline', 'script', 'quote', 'turn', 'passage')),
  ordinal integer not null default 0,
  speaker text,
  started_at real,
  text text not null,
  content_hash bytea not null,
  language text,
  platforms text[] not null default '{}',
  format text,
  brand_id uuid,
  day date,
  score real,
  tags text[] not null default '{}',
  -- winnowed hashes of five-word runs, for finding copied passages
  fingerprints integer[] not null default '{}',
  tsv tsvector not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, parent_id, part, ordinal)
) partition by hash (org_id);

do $$
begin
  for n in 0..15 loop
    execute format('create table chunks_%s partition of chunks for values with (modulus 16, remainder %s)', n, n);
  end loop;
end $$;

create index chunks_tsv on chunks using gin (tsv);
create index chunks_fingerprints on chunks using gin (fingerprints);
create index chunks_parent on chunks (org_id, parent_id);

select secure_tenant_table('chunks');
do $$
begin
  for n in 0..15 loop
    perform secure_tenant_table(format('chunks_%s', n)::regclass);
    execute format('revoke all on chunks_%s from adroom_app', n);  -- entered through chunks only
  end loop;
end $$;
create policy search on chunks for select to adroom_search using (true);
grant select on chunks to adroom_search;

-- What a text was said in goes when the text goes.
create function drop_chunks_of_parents() returns trigger language plpgsql as $$
begin
  delete from chunks c using gone g where c.org_id = g.org_id and c.parent_id = g.id;
  return null;
end $$;
create trigger chunks_follow after delete on company_swipe_assets
  referencing old table as gone for each statement execute function drop_chunks_of_parents();
create trigger chunks_follow after delete on client_swipe_assets
  referencing old table as gone for each statement execute function drop_chunks_of_parents();
create trigger chunks_follow after delete on voc_snippets
  referencing old table as gone for each statement execute function drop_chunks_of_parents();
create trigger chunks_follow after delete on documents
  referencing old table as gone for each statement execute function drop_chunks_of_parents();
