-- Which passages share fingerprints with a text: the array operators are not leakproof, so this is a search function
-- (see 0003): it runs as adroom_search and keeps to the organisation of the transaction by itself.
create function chunks_sharing(prints integer[], most integer)
returns table (chunk_id uuid, shared bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.id, (select count(*) from unnest(c.fingerprints) f where f = any(prints)) as shared
  from chunks c
  where c.org_id = (select current_org()) and c.kind = 'swipe' and c.fingerprints && prints
  order by shared desc, c.id limit most
$$;
alter function chunks_sharing(integer[], integer) owner to adroom_search;
revoke all on function chunks_sharing(integer[], integer) from public;
grant execute on function chunks_sharing(integer[], integer) to adroom_app;
