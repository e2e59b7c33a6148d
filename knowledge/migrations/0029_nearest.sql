-- The nearest passages with a tag: those of a tag lie together, a row for each tag of a passage with its bits, so that nothing
-- else is compared. And less is done around every question.

-- The conditions of a search as in 0004: only those that are asked for cost anything.
create or replace function search_conditions(org uuid, kinds text[], f jsonb) returns text
language plpgsql immutable parallel safe as $$
declare
  -- one kind, the usual, is compared in half the time
  said text := format('org_id = %L and ', org) || case when cardinality(kinds) = 1 then format('kind = %L', kinds[1]) else format('kind = any(%L)', kinds) end;
begin
  if f = '{}' then return said; end if;
  if f ? 'client_id' then said := said || format(' and client_id = %L::uuid', f->>'client_id'); end if;
  if f ? 'platforms' then said := said || format(' and platforms && %L', json_texts(f->'platforms')); end if;
  if f ? 'formats' then said := said || format(' and format = any(%L)', json_texts(f->'formats')); end if;
  if f ? 'languages' then said := said || format(' and language = any(%L)', json_texts(f->'languages')); end if;
  if f ? 'brand_ids' then said := said || format(' and brand_id = any(%L::uuid[])', json_texts(f->'brand_ids')); end if;
  if f ? 'tags' then said := said || format(' and tags && %L', json_texts(f->'tags')); end if;
  if f ? 'day_from' then said := said || format(' and day >= %L', f->>'day_from'); end if;
  if f ? 'day_to' then said := said || format(' and day <= %L', f->>'day_to'); end if;
  if f ? 'score_from' then said := said || format(' and score >= %L', f->>'score_from'); end if;
  if f ? 'score_to' then said := said || format(' and score <= %L', f->>'score_to'); end if;
  if f ? 'parent_ids' then said := said || format(' and parent_id = any(%L::uuid[])', json_texts(f->'parent_ids')); end if;
  return said;
end $$;

-- A JSON array of words.
create function json_texts(list jsonb) returns text[] language sql immutable parallel safe as $$
  select array_agg(v) from jsonb_array_elements_text(list) v
$$;

-- Tags as the rows of tags know them. Two that are one number (of 2^64) cost time, never an answer: rows are looked at again.
create function tag_numbers(tags text[]) returns bigint[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct hashtextextended(tag, 0)), '{}') from unnest(tags) tag
$$;

-- Where a vector's numbers are further from nought than ``times`` the usual (root mean square), for each of their two bits.
create function vector_heights(vec halfvec, times float8) returns bit varying language sql immutable strict parallel safe as $$
  select (high || high) from (
    select binary_quantize(one - bound) | ~binary_quantize(one + bound) as high
    from (select l2_normalize(vec) as one,
            array_fill(times / sqrt(vector_dims(vec)), array[vector_dims(vec)])::halfvec as bound) v) h
$$;

-- Keeps the rows of tags of a model's table (the trigger's word) in step with its vectors.
create function keep_tags() returns trigger language plpgsql set search_path = public, pg_temp
set random_page_cost = 1.1 as $$  -- what is changed lies in memory: found by the key, however many there are
begin
  if tg_op <> 'INSERT' then
    execute format('delete from %I t using gone g, unnest(tag_numbers(g.tags)) number
      where t.org_id = g.org_id and t.tag = number and t.chunk_id = g.chunk_id', tg_argv[0]);
  end if;
  if tg_op <> 'DELETE' then
    execute format('insert into %I (org_id, tag, chunk_id, kind, client_id, format, day, score, marks, bits)
      select c.org_id, number, c.chunk_id, c.kind, c.client_id, c.format, c.day, c.score, c.marks, c.bits
      from come c, unnest(tag_numbers(c.tags)) number', tg_argv[0]);
  end if;
  return null;
end $$;

-- The table embeddings_<id>_tags of one model: the bits of its vectors once more for each of their tags, with what is filtered by.
create function create_tag_table(model integer) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  vectors text := format('embeddings_%s', model);
  name text := vectors || '_tags';
begin
  execute format('create table %I (
    org_id uuid not null, tag bigint not null, chunk_id uuid not null, kind text not null, client_id uuid, format text,
    day date, score real, marks bigint not null, bits bit(%s) not null,
    primary key (org_id, tag, chunk_id) include (kind, client_id, format, day, score, marks, bits)
  )', name, 2 * (select dimensions from embedding_models where id = model));
  execute format('alter table %I alter column bits set storage plain', name);
  execute format('create trigger tags_come after insert on %I referencing new table as come
    for each statement execute function keep_tags(%L)', vectors, name);
  execute format('create trigger tags_change after update on %I referencing old table as gone new table as come
    for each statement execute function keep_tags(%L)', vectors, name);
  execute format('create trigger tags_go after delete on %I referencing old table as gone
    for each statement execute function keep_tags(%L)', vectors, name);
  perform secure_tenant_table(format('%I', name)::regclass);
  perform open_to_search(name);
end $$;
revoke all on function create_tag_table(integer) from public;

-- The table embeddings_<id> of one model (0026), with it.
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
  perform create_tag_table(model);
  perform secure_tenant_table(format('%I', name)::regclass);
  perform open_to_search(name);
end $$;

-- ``few`` given: whole vectors, compared one by one when the planner expects at most so many, else through HNSW. ``few``
-- null: as is likely to cost least, bits first among them where there are 400 for each that is wanted. ``few`` below
-- nought: bits first, whatever it costs. Through HNSW three times as many as are wanted are taken, since an index that is
-- filtered afterwards gives them only nearly in order.
-- (volatile, because Postgres lets no other function EXPLAIN.)
drop function vector_chunks(integer, text, text[], jsonb, integer, integer);
create function vector_chunks(model integer, asked halfvec, kinds text[], f jsonb, most integer, few integer)
returns table (chunk_id uuid, parent_id uuid, rank bigint, similarity real)
language plpgsql volatile security definer set search_path = public, pg_temp
set hnsw.ef_search = 100 set hnsw.iterative_scan = relaxed_order set hnsw.max_scan_tuples = 60000
-- what is searched lies in memory; a second process takes longer to begin than most searches take
set random_page_cost = 1.1 set max_parallel_workers_per_gather = 0 as $$
declare
  org uuid := current_org();
  vectors text := embeddings_part(model, org);
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
  -- those of a tag lie together, but their rows all over the memory: of few, bits are looked at more closely
  by_tag boolean := f ? 'tags' and not f ? 'parent_ids';
  closely boolean;
  tags bigint[];
  rough bit varying;
  signs bit varying;
  high bit varying;
  higher bit varying;
  highest bit varying;
  measure text;
  rim float8;
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
    if lists and (f ? 'client_id' or not by_tag) and least(one_by_one, by_index) > 500 then
      marked := format('from %I where %s', vectors, search_conditions(org, kinds, f - '{tags,platforms}'::text[]) || list_conditions(f));
      execute 'explain (format json) select chunk_id, parent_id, vec ' || marked into plan;
      by_marks := 100 + (plan->0->'Plan'->>'Total Cost')::float8;
    end if;
    closely := by_tag and likely <= 400 * most;
    if few < 0 or (by_tag or likely > 400 * most) and least(one_by_one, by_index, by_marks) > 600 then
      if by_tag then
        tags := tag_numbers(json_texts(f->'tags'));
        sieve := format('from %I where tag = any(%L) and %s', format('embeddings_%s_tags', model), tags, sieve_conditions(org, kinds, f - 'tags'));
      else
        sieve := format('from %I where %s', vectors, sieve_conditions(org, kinds, f));
      end if;
      measure := format(case when closely
        then '((bits & $3::bit(%1$s)) <~> ($2 & $3)::bit(%1$s)) + ((bits & $4::bit(%1$s)) <~> ($2 & $4)::bit(%1$s))
          + ((bits & $5::bit(%1$s)) <~> ($2 & $5)::bit(%1$s))'
        else 'bits <~> $1::bit(%s)' end, 2 * vector_dims(asked));
      execute 'explain (format json) select chunk_id, bits ' || sieve into plan;
      by_bits := case when few < 0 then 0 else 600 + 1.5 * (plan->0->'Plan'->>'Total Cost')::float8 end;
    end if;
    if by_bits < least(one_by_one, by_index, by_marks) then
      rough := vector_bits(asked);
      signs := binary_quantize(asked) || binary_quantize(asked);
      if closely then
        high := vector_heights(asked, 0.3); higher := vector_heights(asked, 0.9); highest := vector_heights(asked, 1.5);
      elsif likely > 800 * most then
        -- to sort all of many takes as long as to compare them: the first 500 tell how far the nearest 600 may be
        execute format('select percentile_disc(%s) within group (order by apart) from (select %s as apart %s limit 500) s',
            least(60 * most / likely, 1), measure, sieve) into rim using rough;
        sieve := format('%s and %s <= %s', sieve, measure, coalesce(rim, 0));
      end if;
      execute format('select array_agg(chunk_id), array_agg(apart) from (
          select %s chunk_id, apart from (select chunk_id, %s as apart %s order by apart limit $6) s order by apart) s',
          case when cardinality(tags) > 1 then 'distinct' else '' end, measure, sieve)
        into ids, aparts using rough, signs, high, higher, highest, 40 * most * greatest(cardinality(tags), 1);
      foreach n in array array[5 * most, 15 * most, 40 * most] loop
        execute format(best, vectors, conditions) into seen using asked, ids[:n], aparts[:n], most;
        -- done when all there are were compared, or when of a hundred that are wanted 0.2 are likely to be missed
        done := rim is null and coalesce(cardinality(ids), 0) < n or (cardinality(seen.distances) = most
          and coalesce(likely_missed(n, likely, aparts[n], aparts[n / 2], seen.slope, seen.base, seen.spread,
                                     seen.distances[most]) <= 0.002 * most, false));
        exit when done;
      end loop;
    end if;
    if not done and by_marks < least(one_by_one, by_index) then
      execute format('select array_agg(chunk_id), array_agg(distance) from (
          select chunk_id, (vec <=> $1) + 0.0 as distance %s order by distance, chunk_id limit $2) s', marked)
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
  return query execute format('select chunk_id, parent_id, row_number() over (order by distance, chunk_id), (1 - distance)::real
    from (select chunk_id, parent_id, %s as distance %s order by distance%s) near limit $2',
    -- an order that the HNSW index does not have makes the planner compare each
    case when indexed then 'vec <=> $1' else '(vec <=> $1) + 0.0' end, rows_of,
    case when indexed then ' limit $3' else ', chunk_id limit $2' end) using asked, most, taken;
end $$;

revoke all on function vector_chunks(integer, halfvec, text[], jsonb, integer, integer) from public;
grant execute on function vector_chunks(integer, halfvec, text[], jsonb, integer, integer) to adroom_app;
alter function vector_chunks(integer, halfvec, text[], jsonb, integer, integer) owner to adroom_search;

-- Models that are there. (An organisation at a time: whoever owns the tables may be kept to one by their policies.)
do $$
declare
  it record;
  org uuid;
begin
  for it in select id, format('embeddings_%s', id) as name from embedding_models loop
    if to_regclass(it.name) is not null then
      perform create_tag_table(it.id);
      for org in select id from orgs loop
        perform set_config('app.org_id', org::text, true);
        execute format('insert into %I (org_id, tag, chunk_id, kind, client_id, format, day, score, marks, bits)
          select e.org_id, number, e.chunk_id, e.kind, e.client_id, e.format, e.day, e.score, e.marks, e.bits
          from %I e, unnest(tag_numbers(e.tags)) number where e.org_id = $1 order by number, e.chunk_id', it.name || '_tags', it.name) using org;
      end loop;
      perform set_config('app.org_id', '', true);
      execute format('analyze %I', it.name || '_tags');
    end if;
  end loop;
end $$;
