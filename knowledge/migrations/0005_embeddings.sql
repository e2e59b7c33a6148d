-- Embedding models, and one table of vectors for each: vectors of two models are never compared.

create table embedding_models (
  id integer generated always as identity primary key,
  provider text not null check (provider in ('openai', 'onnx')),
  name text not null,
  -- the file's SHA-256 for a local model, '' for a hosted one
  revision text not null default '',
  dimensions integer not null check (dimensions between 1 and 4000),
  -- building: vectors are being made; active: searched (one at most); retired: to be dropped
  status text not null default 'building' check (status in ('building', 'active', 'retired')),
  -- recall@10 of its index against an exact scan, measured before it was switched to
  recall numeric,
  created_at timestamptz not null default now(),
  activated_at timestamptz,
  retired_at timestamptz,
  unique (provider, name, revision, dimensions)
);
create unique index embedding_models_active on embedding_models (status) where status = 'active';
grant select on embedding_models to adroom_app, adroom_search;

-- The table embeddings_<id> of one model, closed like chunks. The owner's to call (knowledge/embeddings/registry.py); its
-- index comes when the vectors are in: so it is built at once, and fast.
create function create_embedding_table(model integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  width integer := (select dimensions from embedding_models where id = model);
  name text := format('embeddings_%s', model);
begin
  if width is null then
    raise exception 'there is no embedding model %', model;
  end if;
  if to_regclass(name) is not null then
    return;
  end if;
  execute format('create table %I (
    org_id uuid not null, chunk_id uuid not null, parent_id uuid not null, content_hash bytea not null,
    kind text not null, client_id uuid, language text, platforms text[] not null, format text, brand_id uuid,
    day date, score real, tags text[] not null, vec halfvec(%s) not null,
    primary key (org_id, chunk_id),
    foreign key (org_id, chunk_id) references chunks (org_id, id) on delete cascade
  ) partition by hash (org_id)', name, width);
  for n in 0..15 loop
    execute format('create table %I partition of %I for values with (modulus 16, remainder %s)', name || '_' || n, name, n);
    execute format('alter table %I alter column vec set storage plain', name || '_' || n);
    perform secure_tenant_table(format('%I', name || '_' || n)::regclass);
    execute format('revoke all on %I from adroom_app', name || '_' || n);  -- entered through the whole only
  end loop;
  execute format('create index on %I (org_id, content_hash)', name);
  execute format('create index on %I (org_id, parent_id)', name);
  perform secure_tenant_table(format('%I', name)::regclass);
  execute format('create policy search on %I for select to adroom_search using (true)', name);
  execute format('grant select on %I to adroom_search', name);
end $$;
revoke all on function create_embedding_table(integer) from public;

-- Questions are asked of this model from now on; the one before answers those under way and is dropped later.
create function switch_embedding_model(model integer, measured numeric) returns void
language sql set search_path = public, pg_temp as $$
  update embedding_models set status = 'retired', retired_at = now() where status = 'active' and id <> model;
  update embedding_models set status = 'active', activated_at = now(), recall = measured, retired_at = null
    where id = model;
$$;
revoke all on function switch_embedding_model(integer, numeric) from public;
