-- The nearest passages, sooner still: two bits for each number of a vector lie in one index with everything that is
-- filtered by. Those of what a filter leaves are compared first, without a row being read, and the best of them again by
-- their whole vectors. How much the bits tell depends on the model: so it is worked out for every question, and where it is
-- not enough, whole vectors are compared one by one or found through HNSW as before.

-- A word as a number below ``places``.
create function hashed(word text, places integer) returns integer language sql immutable strict parallel safe as $$
  select ((hashtextextended(word, 0) & 9223372036854775807) % places)::integer
$$;

-- A list as so many marks, one for each of its values: two lists that share a value share a mark (not the other way round).
create function list_marks(list text[], places integer) returns bigint language sql immutable strict parallel safe as $$
  select coalesce(bit_or(1::bigint << hashed(one, places)), 0) from unnest(list) one
$$;

-- Language (12 bits), brand (20) and platforms (16 marks) in one number.
create function row_marks(language text, brand_id uuid, platforms text[]) returns bigint
language sql immutable parallel safe as $$
  select coalesce(hashed(language, 4096), 0)::bigint | (coalesce(hashed(brand_id::text, 1048576), 0)::bigint << 12)
    | (list_marks(platforms, 16) << 32)
$$;

-- Two bits for each number of a vector: whether it is above -0.6 and above 0.6 of the usual (root mean square), the bounds of
-- the best three steps for a normal distribution (Max 1960). In how many bits two vectors differ tells how far apart they are.
create function vector_bits(vec halfvec) returns bit varying language sql immutable strict parallel safe as $$
  select binary_quantize(one - bound) || binary_quantize(one + bound)
  from (select l2_normalize(vec) as one,
          array_fill(0.6 / sqrt(vector_dims(vec)), array[vector_dims(vec)])::halfvec as bound) v
$$;

-- The lists of a search as the indexes know them.
create function list_conditions(f jsonb) returns text language sql immutable parallel safe as $$
  select case when f ? 'platforms' then format(' and (marks >> 32) & %s <> 0', list_marks((select array_agg(v) from jsonb_array_elements_text(f->'platforms') v), 16)) else '' end
    || case when f ? 'tags' then format(' and tag_marks & %s <> 0', list_marks((select array_agg(v) from jsonb_array_elements_text(f->'tags') v), 64)) else '' end
$$;

-- The conditions of a search as far as the index of bits knows them: what passes the search's own passes these, not the
-- other way round.
create function sieve_conditions(org uuid, kinds text[], f jsonb) returns text
language sql immutable parallel safe as $$
  select search_conditions(org, kinds, f - '{platforms,tags,languages,brand_ids}'::text[])
    || case when f ? 'languages' then format(' and (marks & 4095) = any(%L)', (select array_agg(hashed(v, 4096)) from jsonb_array_elements_text(f->'languages') v)) else '' end
    || case when f ? 'brand_ids' then format(' and (marks >> 12 & 1048575) = any(%L)', (select array_agg(hashed(v::uuid::text, 1048576)) from jsonb_array_elements_text(f->'brand_ids') v)) else '' end
    || list_conditions(f)
$$;

-- How many of all passages are likely to be nearer than ``farthest`` without having been compared as a whole. Those that
-- were compared, ``n``, differ in up to ``rim`` bits (half of them in up to ``middle``), and lie on a line: ``slope`` for
-- each bit, give or take ``spread`` (normally distributed). Beyond the rim they become more as they did up to it, e-fold
-- in ``1/growth`` bits; of those ``x`` bits beyond it, the tail beyond ``away + steep * x`` is nearer. This is the integral
-- over all x >= 0 of n * growth * exp(growth * x) * tail(away + steep * x), in parts; at most the tail of all there are.
create function likely_missed(n float8, of_all float8, rim float8, middle float8, slope float8, base float8, spread float8,
  farthest float8) returns float8
language sql immutable parallel safe as $$
  select case when slope > 0 and steep > 0.001 then least(
      of_all * tail, n * (exp(least((growth / steep) ^ 2 / 2 - growth * away / steep, 600))
        * erfc(greatest((away - growth / steep) / sqrt(2), -20)) / 2 - tail))
    end
  from (select ln(2) / greatest(rim - middle, 1) as growth, slope / greatest(spread, 1e-9) as steep,
          greatest(least((slope * rim + base - farthest) / greatest(spread, 1e-9), 30), -30) as away) a,
       lateral (select erfc(away / sqrt(2)) / 2 as tail) t
$$;

-- The part of a model's table that an organisation's vectors are in, as Postgres finds it (its hash of a uuid in a partition
-- key, which lies on disks and so cannot change): to plan for a part takes a third of the time that the whole takes.
create function embeddings_part(model integer, org uuid) returns text language sql immutable parallel safe as $$
  select format('embeddings_%s_%s', model, ((uuid_hash_extended(org, 8816678312871386365) & 15) + 3) & 15)
$$;

-- ``few`` given: whole vectors, compared one by one when the planner expects at most so many, else through HNSW. ``few``
-- null: as is likely to cost least, bits first among them. Through HNSW three times as many as are wanted are taken, since
-- an index that is filtered afterwards gives them only nearly in order.
-- (volatile, because Postgres lets no other function EXPLAIN.)
create or replace function vector_chunks(model integer, question text, kinds text[], f jsonb, most integer, few integer)
returns table (chunk_id uuid, parent_id uuid, rank bigint, similarity real)
language plpgsql volatile security definer set search_path = public, pg_temp
set hnsw.ef_search = 100 set hnsw.iterative_scan = relaxed_order set hnsw.max_scan_tuples = 60000
-- what is searched lies in memory; a second process takes longer to begin than most searches take
set random_page_cost = 1.1 set max_parallel_workers_per_gather = 0 as $$
declare
  org uuid := current_org();
  vectors text := embeddings_part(model, org);
  asked halfvec := question;
  taken integer := 3 * most;
  lists boolean := f ?| '{tags,platforms}';
  -- of those named, the nearest by their whole vectors and by the search's own conditions; and what distance their bits tell
  best constant text := 'select (array_agg(chunk_id order by distance, chunk_id))[:$4] as chunks,
      (array_agg(parent_id order by distance, chunk_id))[:$4] as parents,
      (array_agg(distance order by distance, chunk_id))[:$4] as distances,
      regr_slope(distance, apart) as slope, regr_intercept(distance, apart) as base,
      sqrt(greatest(regr_syy(distance, apart) * (1 - regr_r2(distance, apart)), 0) / greatest(count(*) - 2, 1)) as spread
    from (select e.chunk_id, e.parent_id, u.apart, e.vec <=> $1 as distance
          from unnest($2, $3) u (id, apart) join %I e on e.chunk_id = u.id and %s offset 0) near';
  -- what each way is likely to cost in units of the planner's for reading rows, of which some 400 are a millisecond
  one_by_one float8;
  by_index float8 := 'infinity';
  by_bits float8 := 'infinity';
  by_marks float8 := 'infinity';
  conditions text;
  rows_of text;
  sieve text;
  marked text;
  plan json;
  likely float8;
  looked_at float8;
  indexed boolean;
  ids uuid[];
  aparts float8[];
  n integer;
  seen record;
  done boolean := false;
begin
  if org is null then
    raise exception 'no organisation is set';
  end if;
  conditions := search_conditions(org, kinds, f);
  rows_of := format('from %I where %s', vectors, conditions);
  execute 'explain (format json) select chunk_id, parent_id, vec ' || rows_of into plan;
  likely := greatest((plan->0->'Plan'->>'Plan Rows')::float8, 1);
  one_by_one := (plan->0->'Plan'->>'Total Cost')::float8;
  if few is not null then
    indexed := likely > few;
  else
    if likely > 1000 then
      -- how many vectors the index gives until enough of them pass the filters: it holds all organisations of its part
      select taken * greatest(c.reltuples, likely) / likely into looked_at
        from pg_class c where c.oid = to_regclass(vectors)
          and exists (select from pg_index where indexrelid = to_regclass(vectors || '_vec') and indisvalid);
      by_index := coalesce(150 + 8 * looked_at, by_index);
    end if;
    if lists and least(one_by_one, by_index) > 500 then
      marked := format('from %I where %s', vectors, search_conditions(org, kinds, f - '{tags,platforms}'::text[]) || list_conditions(f));
      execute 'explain (format json) select chunk_id, parent_id, vec ' || marked into plan;
      by_marks := 100 + (plan->0->'Plan'->>'Total Cost')::float8;
    end if;
    if least(one_by_one, by_index, by_marks) > 500 then
      sieve := format('from %I where %s', vectors, sieve_conditions(org, kinds, f));
      execute 'explain (format json) select chunk_id, bits ' || sieve into plan;
      by_bits := 600 + 1.5 * (plan->0->'Plan'->>'Total Cost')::float8;
    end if;
    if by_bits < least(one_by_one, by_index, by_marks) then
      execute format('select array_agg(chunk_id), array_agg(apart) from (
          select chunk_id, bits <~> $1::bit(%s) as apart %s order by apart limit $2) s', 2 * vector_dims(asked), sieve)
        into ids, aparts using vector_bits(asked), 40 * most;
      foreach n in array array[5 * most, 40 * most] loop
        execute format(best, vectors, conditions) into seen using asked, ids[:n], aparts[:n], most;
        -- done when all there are were compared, or when of ten that are wanted 0.05 are likely to be missed
        done := coalesce(cardinality(ids), 0) < n or (cardinality(seen.distances) = most
          and coalesce(likely_missed(n, likely, aparts[n], aparts[n / 2], seen.slope, seen.base, seen.spread,
                                     seen.distances[most]) <= 0.005 * most, false));
        exit when done;
      end loop;
    end if;
    if not done and by_marks < least(one_by_one, by_index) then
      execute format('select array_agg(chunk_id), array_agg(distance) from (
          select chunk_id, vec <=> $1 as distance %s order by (vec <=> $1) + 0.0, chunk_id limit $2) s', marked)
        into ids, aparts using asked, 4 * most;
      execute format(best, vectors, conditions) into seen using asked, ids, aparts, most;
      -- those of a mark that have not the value may have pushed out some that have
      done := coalesce(cardinality(ids), 0) < 4 * most or cardinality(seen.distances) = most;
    end if;
    if done then
      return query select c, p, place, (1 - d)::real
        from unnest(seen.chunks, seen.parents, seen.distances) with ordinality u (c, p, d, place);
      return;
    end if;
    indexed := by_index < one_by_one;
    if indexed then
      perform set_config('hnsw.ef_search', least(greatest(1.5 * looked_at, 60), 400)::integer::text, true);
    end if;
  end if;
  return query execute
    'with near as materialized (select chunk_id, parent_id, vec <=> $1 as distance ' || rows_of
    -- an order that the HNSW index does not have makes the planner compare each
    || case when indexed then ' order by vec <=> $1 limit $3' else ' order by (vec <=> $1) + 0.0, chunk_id limit $2' end
    || ') select chunk_id, parent_id, row_number() over (order by distance, chunk_id), (1 - distance)::real
    from near order by 3 limit $2' using asked, most, taken;
end $$;

-- Two indexes that answer by themselves, in the order of client, format and day. One has the bits and all filters in it, one
-- the whole vectors: a client's are read one after the other, without a row being looked for. An entry has at most 2,704
-- bytes: the bits of the longest vectors there may be (4,000 numbers) fit, whole vectors of up to 800.
create or replace function index_embeddings(model integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  width integer := (select dimensions from embedding_models where id = model);
  name text := format('embeddings_%s', model);
begin
  execute format('create index on %I (org_id, client_id, format, day) include (kind, score, marks, tag_marks, chunk_id, bits)', name);
  if width <= 800 then
    execute format('create index on %I (org_id, client_id, format, day)
      include (kind, language, brand_id, score, marks, tag_marks, parent_id, chunk_id, vec)', name);
  end if;
end $$;

-- The columns that are made of others.
create function mark_embeddings(model integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  name text := format('embeddings_%s', model);
  width integer := (select dimensions from embedding_models where id = model);
begin
  execute format('alter table %I
    add column marks bigint not null generated always as (row_marks(language, brand_id, platforms)) stored,
    add column tag_marks bigint not null generated always as (list_marks(tags, 64)) stored,
    add column bits bit(%s) not null generated always as (vector_bits(vec)::bit(%2$s)) stored', name, 2 * width);
end $$;
revoke all on function mark_embeddings(integer) from public;

-- What the search functions may read; they keep to one organisation by themselves.
create function open_to_search(name text) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  execute format('create policy search on %I for select to adroom_search using (true)', name);
  execute format('grant select on %I to adroom_search', name);
end $$;
revoke all on function open_to_search(text) from public;

-- The table embeddings_<id> of one model (0020), with them.
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
  perform mark_embeddings(model);
  for n in 0..15 loop
    execute format('create table %I partition of %I for values with (modulus 16, remainder %s)', name || '_' || n, name, n);
    execute format('alter table %I alter column vec set storage plain, alter column bits set storage plain', name || '_' || n);
    perform secure_tenant_table(format('%I', name || '_' || n)::regclass);
    execute format('revoke all on %I from adroom_app', name || '_' || n);  -- entered through the whole only
    perform open_to_search(name || '_' || n);
  end loop;
  execute format('create index on %I (org_id, content_hash)', name);
  execute format('create index on %I (org_id, parent_id)', name);
  perform index_embeddings(model);
  perform secure_tenant_table(format('%I', name)::regclass);
  perform open_to_search(name);
end $$;

-- Tables that are there: the bits come, and the index of whole vectors in its new order. A table is written anew, and its
-- HNSW index with it: that is left to the process that makes vectors (assistant/embedding/worker.py), so that nobody waits
-- for it; until it is there, bits or all vectors are compared.
do $$
declare
  it record;
  old regclass;
begin
  for it in select id, format('embeddings_%s', id) as name from embedding_models loop
    if to_regclass(it.name) is not null then
      execute format('drop index if exists %I', it.name || '_vec');
      for old in select i.indexrelid::regclass from pg_index i
                 where i.indrelid = to_regclass(it.name) and pg_get_indexdef(i.indexrelid) like '%(org_id, client_id)%' loop
        execute format('drop index %s', old);
      end loop;
      perform mark_embeddings(it.id);
      for n in 0..15 loop
        execute format('alter table %I alter column bits set storage plain', it.name || '_' || n);
        perform open_to_search(it.name || '_' || n);
      end loop;
      perform index_embeddings(it.id);
      execute format('analyze %I', it.name);
    end if;
  end loop;
end $$;
