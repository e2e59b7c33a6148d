-- Runs in which an agent was at work are found without reading their logs.
create index run_events_agents on run_events (agent, run_id) where type = 'agent_started';
