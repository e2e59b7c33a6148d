"""What everything costs: budgets, what is held against them, and the ledger of what was spent."""
