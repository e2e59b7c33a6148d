"""Email series: what is sent on which day, and the plan that people approve."""
