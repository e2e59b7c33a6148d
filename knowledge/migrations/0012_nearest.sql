-- The nearest passages in one look: how many rows the filters leave is asked of the planner's statistics (0.1 ms), not
-- counted first; a client's passages have an index of their own.

-- The passages nearest to a vector (cosine). Exact when the filters leave few rows, since an index that is filtered
-- afterwards misses some; through the HNSW index otherwise, asking on until enough rows pass the filters. ``few`` is held
-- against the planner's estimate: one that is too low costs time, never an answer.
-- (volatile, because Postgres lets no other function EXPLAIN.)
create or replace function vector_chunks(model integer, question text, kinds text[], f jsonb, most integer, few integer)
returns table (chunk_id uuid, parent_id uuid, rank bigint, similarity real)
language plpgsql volatile security definer set search_path = public, pg_temp
set hnsw.ef_search = 100 set hnsw.iterative_scan = relaxed_order set hnsw.max_scan_tuples = 60000 as $$
declare
  org uuid := current_org();
  rows_of text;
  plan json;
  likely bigint;
begin
  if org is null then
    raise exception 'no organisation is set';
  end if;
  rows_of := format('from %I where %s', format('embeddings_%s', model), search_conditions(org, kinds, f));
  execute 'explain (format json) select ' || rows_of into plan;
  likely := plan->0->'Plan'->>'Plan Rows';
  return query execute
    'with near as materialized (select chunk_id, parent_id, vec <=> $1::halfvec as distance ' || rows_of
    -- an order that the index does not have makes the planner compare each
    || case when likely > few then ' order by vec <=> $1::halfvec limit $2' else ' order by (vec <=> $1::halfvec) + 0.0, chunk_id limit $2' end
    || ') select chunk_id, parent_id, row_number() over (order by distance, chunk_id), (1 - distance)::real
    from near order by 3 limit $2' using question, most;
end $$;

-- The table embeddings_<id> of one model (0005), with the rows of a client together in an index.
create or replace function create_embedding_table(model integer) returns void
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
  execute format('create index on %I (org_id, client_id)', name);
  perform secure_tenant_table(format('%I', name)::regclass);
  execute format('create policy search on %I for select to adroom_search using (true)', name);
  execute format('grant select on %I to adroom_search', name);
end $$;

do $$
declare
  it text;
begin
  for it in select format('embeddings_%s', id) from embedding_models loop
    if to_regclass(it) is not null then
      execute format('create index on %I (org_id, client_id)', it);
    end if;
  end loop;
end $$;
