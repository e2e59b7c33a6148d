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
  unique (provider, name, revision, dimensions)
);
create unique index embedding_models_active on embedding_models (status) where status = 'active';
grant select on embedding_models to adroom_app, adroom_search;

-- The table embeddings_<id> of one model: partitions, index, policies, grants. Made by its owner only.
create function create_embedding_table(model integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  width integer := (select dimensions from embedding_models where id = model);
  name text := format('embeddings_%s', model);
begin
  if width is null then
    raise exception 'there is no embedding model %', model;
  end if;
  execute format('create table if not exists %I (
    org_id uuid not null, chunk_id uuid not null, parent_id uuid not null, content_hash bytea not null,
    kind text not null, client_id uuid, language text, platforms text[] not null, format text, brand_id uuid,
    day date, score real, tags text[] not null, vec halfvec(%s) not null,
    primary key (org_id, chunk_id),
    foreign key (org_id, chunk_id) references chunks (org_id, id) on delete cascade
  ) partition by hash (org_id)', name, width);
end $$;
revoke all on function create_embedding_table(integer) from public;
grant execute on function create_embedding_table(integer) to adroom_app;
