"""Emails and series: looked at, checked, changed, scheduled, taken out, tried."""
