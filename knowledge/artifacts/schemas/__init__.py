"""One file for each type of artifact document."""
