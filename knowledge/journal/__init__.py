"""What models and tools have already answered, so that nothing paid for is paid for again."""
