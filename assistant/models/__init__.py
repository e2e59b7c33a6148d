"""Which model answers, what it may cost, and never paying for the same answer twice."""
