-- A near double is written faster than its organisation was looked up: millions of links come in with one file. Links go
-- with the texts that they link, and these with their organisation.
alter table near_duplicates drop constraint near_duplicates_org_id_fkey;

-- An end at a time: each has an index.
create function drop_links_of_texts() returns trigger language plpgsql as $$
begin
  delete from near_duplicates n using gone g where n.org_id = g.org_id and n.kind = tg_argv[0] and n.a = g.id;
  delete from near_duplicates n using gone g where n.org_id = g.org_id and n.kind = tg_argv[0] and n.b = g.id;
  return null;
end $$;
create trigger links_follow after delete on company_swipe_assets
  referencing old table as gone for each statement execute function drop_links_of_texts('swipe');
create trigger links_follow after delete on voc_snippets
  referencing old table as gone for each statement execute function drop_links_of_texts('voc');
