-- Research, and the pages that were opened for it.
select 1;
