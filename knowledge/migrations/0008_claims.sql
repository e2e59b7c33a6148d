-- Claims and their evidence; what a person has accepted by name.
select 1;
