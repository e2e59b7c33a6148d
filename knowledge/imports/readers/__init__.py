"""Reading files: one format a module, all alike (see knowledge/imports/reading.py)."""
