"""Who does the work, and how people talk with it: agents, models, runs, workflows, chat, API."""
