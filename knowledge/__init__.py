"""What is known: Postgres and nothing above it. Imports no web or agent framework."""
