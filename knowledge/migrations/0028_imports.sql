-- What comes in by the hundred thousand is written faster when its organisation is not looked up for each row. It goes with
-- what it belongs to, and that with the organisation: media with their ad, letter groups with their brand, links of near
-- doubles with the texts that they link.
alter table company_swipe_media drop constraint company_swipe_media_org_id_fkey;
alter table brand_trigrams drop constraint brand_trigrams_org_id_fkey;
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
