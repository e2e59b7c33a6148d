"""Artifacts: the versioned documents that people approve."""
