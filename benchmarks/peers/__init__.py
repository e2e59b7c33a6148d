"""The bare stacks that the product is held against."""
