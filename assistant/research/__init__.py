"""Searching the web: providers behind one interface, each search paid for from the budgets."""
