-- What the content system took out of a page that was sent, and how to go on, in a person's words; '' when it kept all.
alter table publications add column lost text not null default '';
