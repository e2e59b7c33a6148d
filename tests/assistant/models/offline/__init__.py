"""Tests of the offline writer."""
