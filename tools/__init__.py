"""What can be done: one typed tool a file, declared once, served on every surface."""
