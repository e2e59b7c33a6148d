-- Email series and their schedules.
select 1;
