-- How passages are found: their words as lexemes, and the functions that search past row-level security while
-- keeping to the organisation of the transaction by themselves (why: 0003).

-- A folded word's lexemes beside the stems of the text's own language: the first find names and numbers as they are
-- written, the second find the other forms of a word. ``folded``: plain words, case and accents taken away; ``config``:
-- a text search configuration such as english, or simple when the language is unknown.
create function chunk_tsv(folded text, words text, config regconfig) returns tsvector
language sql immutable parallel safe as $$
  select setweight(to_tsvector('simple', folded), 'A') || setweight(to_tsvector(config, words), 'B')
$$;

-- Each of ``words`` (folded, plain) as a query: the word as it is, its stems in each of ``configs``, and what
-- ``also`` at the same place says (a brand's name for a mistyped one, or ''). Null for a stop word of any language.
create function word_queries(words text[], also text[], configs regconfig[]) returns tsquery[]
language sql stable parallel safe as $$
  select array_agg(built.q order by u.n)
  from unnest(words, also) with ordinality u (word, other, n), lateral (
    select case when bool_or(numnode(plainto_tsquery(config, u.word)) = 0) then null
      else (quote_literal(u.word) || ':A')::tsquery
        || (string_agg(quote_literal(stem.lexeme) || ':B', ' | '))::tsquery
        || case when u.other = '' then ''::tsquery else (quote_literal(u.other) || ':A')::tsquery end
      end as q
    from unnest(configs) config
    left join lateral unnest(to_tsvector(config, u.word)) stem on true
  ) built
$$;

-- The conditions of a search as SQL, only those that are asked for, the organisation as a constant: so the planner
-- knows the partition. ``f`` is the filters' JSON (knowledge/search/service.py); every value is quoted.
create function search_conditions(org uuid, kinds text[], f jsonb) returns text
language sql immutable parallel safe as $$
  select format('org_id = %L and kind = any(%L)', org, kinds)
    || case when f ? 'client_id' then format(' and client_id = %L::uuid', f->>'client_id') else '' end
    || case when f ? 'platforms' then format(' and platforms && %L', (select array_agg(v) from jsonb_array_elements_text(f->'platforms') v)) else '' end
    || case when f ? 'formats' then format(' and format = any(%L)', (select array_agg(v) from jsonb_array_elements_text(f->'formats') v)) else '' end
    || case when f ? 'languages' then format(' and language = any(%L)', (select array_agg(v) from jsonb_array_elements_text(f->'languages') v)) else '' end
    || case when f ? 'brand_ids' then format(' and brand_id = any(%L::uuid[])', (select array_agg(v) from jsonb_array_elements_text(f->'brand_ids') v)) else '' end
    || case when f ? 'tags' then format(' and tags && %L', (select array_agg(v) from jsonb_array_elements_text(f->'tags') v)) else '' end
    || case when f ? 'day_from' then format(' and day >= %L', f->>'day_from') else '' end
    || case when f ? 'day_to' then format(' and day <= %L', f->>'day_to') else '' end
    || case when f ? 'score_from' then format(' and score >= %L', f->>'score_from') else '' end
    || case when f ? 'score_to' then format(' and score <= %L', f->>'score_to') else '' end
    || case when f ? 'parent_ids' then format(' and parent_id = any(%L::uuid[])', (select array_agg(v) from jsonb_array_elements_text(f->'parent_ids') v)) else '' end
$$;

-- How many passages hold each query, counted up to ``most``: rare words say more.
create function word_counts(queries tsquery[], kinds text[], f jsonb, most integer) returns bigint[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  org uuid := current_org();
  found bigint[];
begin
  if org is null then
    raise exception 'no organisation is set';
  end if;
  execute format('select array_agg((select count(*) from (select from chunks where %s and tsv @@ q limit $2) s) order by n) '
                 'from unnest($1) with ordinality u (q, n)', search_conditions(org, kinds, f)) into found using queries, most;
  return found;
end $$;

-- The passages that hold the words: all of them (``weights`` null), or those that hold at least ``share`` of
-- the weight. Ranked by weight held, then by how close together and how often (ts_rank_cd). At most 5,000 matches are ranked.
create function lexical_chunks(
  queries tsquery[], weights float8[], share float8, kinds text[], f jsonb, most integer)
returns table (chunk_id uuid, parent_id uuid, rank bigint)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  org uuid := current_org();
  whole tsquery;
begin
  if org is null then
    raise exception 'no organisation is set';
  end if;
  if weights is null then
    whole := (select string_agg('(' || q::text || ')', ' & ')::tsquery from unnest(queries) q);
    return query execute format(
      'with held as materialized (select id, parent_id, tsv from chunks where %s and tsv @@ $1 limit 5000)
       select id, parent_id, row_number() over (order by ts_rank_cd(tsv, $1) desc, id) from held order by 3 limit $2',
      search_conditions(org, kinds, f)) using whole, most;
  else
    whole := (select string_agg('(' || q::text || ')', ' | ')::tsquery from unnest(queries) q);
    return query execute format(
      'with held as materialized (
         select id, parent_id, tsv, (select sum(w) from unnest($2, $3) u (q, w) where tsv @@ q) as weight
         from (select id, parent_id, tsv from chunks where %s and tsv @@ $1 limit 5000) c)
       select id, parent_id, row_number() over (order by weight desc, ts_rank_cd(tsv, $1) desc, id) from held
       where weight >= $5 * (select sum(w) from unnest($3) w) order by 3 limit $4',
      search_conditions(org, kinds, f)) using whole, queries, weights, most, share;
  end if;
end $$;

-- The passages nearest to a vector (cosine). Exact when the filters leave few rows, since an index that is filtered
-- afterwards misses some; through the HNSW index otherwise, asking on until enough rows pass the filters.
create function vector_chunks(model integer, question text, kinds text[], f jsonb, most integer, few integer)
returns table (chunk_id uuid, parent_id uuid, rank bigint, similarity real)
language plpgsql stable security definer set search_path = public, pg_temp
set hnsw.ef_search = 100 set hnsw.iterative_scan = relaxed_order set hnsw.max_scan_tuples = 60000 as $$
declare
  org uuid := current_org();
  vectors text := format('embeddings_%s', model);
  conditions text;
  left_over bigint;
begin
  if org is null then
    raise exception 'no organisation is set';
  end if;
  conditions := search_conditions(org, kinds, f);
  execute format('select count(*) from (select from %I where %s limit %s) s', vectors, conditions, few + 1) into left_over;
  return query execute format(
    'with near as materialized (select chunk_id, parent_id, vec <=> $1::halfvec as distance from %I where %s '
    || case when left_over > few then 'order by vec <=> $1::halfvec limit $2' else '' end
    || ') select chunk_id, parent_id, row_number() over (order by distance, chunk_id), (1 - distance)::real
    from near order by 3 limit $2', vectors, conditions) using question, most;
end $$;

do $$
declare
  it text;
begin
  foreach it in array array[
    'word_counts(tsquery[], text[], jsonb, integer)',
    'lexical_chunks(tsquery[], float8[], float8, text[], jsonb, integer)',
    'vector_chunks(integer, text, text[], jsonb, integer, integer)'] loop
    execute format('revoke all on function %s from public', it);
    execute format('grant execute on function %s to adroom_app', it);
    execute format('alter function %s owner to adroom_search', it);
  end loop;
end $$;
