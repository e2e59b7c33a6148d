-- The nearest passages, sooner: vectors lie beside what they are filtered by in an index of their own, so that those of a
-- client are read one after the other, without the rows they come from; and whether they are compared one by one or found
-- through the HNSW index is decided by what each is likely to cost.

-- ``few`` given: compared one by one when the planner expects at most so many. ``few`` null: as is cheaper. Through HNSW
-- three times as many as are wanted are taken, since an index that is filtered afterwards gives them only nearly in order.
-- (volatile, because Postgres lets no other function EXPLAIN.)
create or replace function vector_chunks(model integer, question text, kinds text[], f jsonb, most integer, few integer)
returns table (chunk_id uuid, parent_id uuid, rank bigint, similarity real)
language plpgsql volatile security definer set search_path = public, pg_temp
set hnsw.ef_search = 100 set hnsw.iterative_scan = relaxed_order set hnsw.max_scan_tuples = 60000
-- what is searched lies in memory; a second process takes longer to begin than most searches take
set random_page_cost = 1.1 set max_parallel_workers_per_gather = 0 as $$
declare
  org uuid := current_org();
  vectors text := format('embeddings_%s', model);
  asked halfvec := question;
  taken integer := 3 * most;
  rows_of text;
  plan json;
  likely float8;
  looked_at float8;
  indexed boolean;
begin
  if org is null then
    raise exception 'no organisation is set';
  end if;
  rows_of := format('from %I where %s', vectors, search_conditions(org, kinds, f));
  execute 'explain (format json) select chunk_id, parent_id, vec ' || rows_of into plan;
  likely := greatest((plan->0->'Plan'->>'Plan Rows')::float8, 1);
  if few is null then
    -- how many vectors the index gives until enough of them pass the filters: it holds all organisations of its part
    select taken * greatest(c.reltuples, likely) / likely into looked_at
      from generate_series(0, 15) n join pg_class c on c.oid = to_regclass(vectors || '_' || n)
      where satisfies_hash_partition(to_regclass(vectors), 16, n, org);
    -- measured: one of them costs about as much as 12 of the planner's units
    indexed := likely > 1000 and 12 * looked_at < (plan->0->'Plan'->>'Total Cost')::float8;
    if indexed and looked_at > 100 then
      perform set_config('hnsw.ef_search', least(1.5 * looked_at, 400)::integer::text, true);
    end if;
  else
    indexed := likely > few;
  end if;
  return query execute
    'with near as materialized (select chunk_id, parent_id, vec <=> $1 as distance ' || rows_of
    -- an order that the HNSW index does not have makes the planner compare each
    || case when indexed then ' order by vec <=> $1 limit $3' else ' order by (vec <=> $1) + 0.0, chunk_id limit $2' end
    || ') select chunk_id, parent_id, row_number() over (order by distance, chunk_id), (1 - distance)::real
    from near order by 3 limit $2' using asked, most, taken;
end $$;

-- The index that has the vectors in it. An entry has at most 2,704 bytes, so vectors of more than 800 numbers are not
-- in it, nor are lists and free words: for those the rows are read.
create function index_embeddings(model integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  width integer := (select dimensions from embedding_models where id = model);
begin
  execute format('create index on %I (org_id, client_id)%s', format('embeddings_%s', model),
    case when width <= 800 then ' include (kind, format, brand_id, day, score, parent_id, chunk_id, vec)' else '' end);
end $$;
revoke all on function index_embeddings(integer) from public;

-- The table embeddings_<id> of one model (0012), with that index.
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
  perform index_embeddings(model);
  perform secure_tenant_table(format('%I', name)::regclass);
  execute format('create policy search on %I for select to adroom_search using (true)', name);
  execute format('grant select on %I to adroom_search', name);
end $$;

do $$
declare
  it record;
begin
  for it in select id, dimensions, format('embeddings_%s', id) as name from embedding_models loop
    if to_regclass(it.name) is not null and it.dimensions <= 800 then
      execute format('drop index if exists %I', it.name || '_org_id_client_id_idx');
      perform index_embeddings(it.id);
    end if;
  end loop;
end $$;
