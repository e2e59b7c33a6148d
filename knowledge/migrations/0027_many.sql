-- Bits are compared first only among many. The nearest of few lie so far away that bits seldom tell them from the others: then
-- whole vectors were compared in the end all the same, after all that. And a vector of the HNSW index costs more than was
-- reckoned, the more the more of them are looked at.

-- ``few`` given: whole vectors, compared one by one when the planner expects at most so many, else through HNSW. ``few``
-- null: as is likely to cost least, bits first among them where there are 600 for each that is wanted. ``few`` below
-- nought: bits first, whatever it costs. Through HNSW three times as many as are wanted are taken, since an index that is
-- filtered afterwards gives them only nearly in order.
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
  if few >= 0 then
    indexed := likely > few;
  else
    if likely > 1000 then
      -- how many vectors the index gives until enough of them pass the filters: it holds all organisations of its part
      select taken * greatest(c.reltuples, likely) / likely into looked_at
        from pg_class c where c.oid = to_regclass(vectors)
          and exists (select from pg_index where indexrelid = to_regclass(vectors || '_vec') and indisvalid);
      by_index := coalesce(150 + 14 * looked_at, by_index);
    end if;
    if lists and least(one_by_one, by_index) > 500 then
      marked := format('from %I where %s', vectors, search_conditions(org, kinds, f - '{tags,platforms}'::text[]) || list_conditions(f));
      execute 'explain (format json) select chunk_id, parent_id, vec ' || marked into plan;
      by_marks := 100 + (plan->0->'Plan'->>'Total Cost')::float8;
    end if;
    if few < 0 or likely > 600 * most and least(one_by_one, by_index, by_marks) > 500 then
      sieve := format('from %I where %s', vectors, sieve_conditions(org, kinds, f));
      execute 'explain (format json) select chunk_id, bits ' || sieve into plan;
      by_bits := case when few < 0 then 0 else 600 + 1.5 * (plan->0->'Plan'->>'Total Cost')::float8 end;
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
