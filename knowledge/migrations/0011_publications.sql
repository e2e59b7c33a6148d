-- Where pieces were published.
select 1;
