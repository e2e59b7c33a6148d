"""What the product costs, against the named peer it is built on, measured in the same run. Never a timed test."""
