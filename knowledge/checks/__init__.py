"""What can be computed about a text before anybody judges it: rules as data, findings with their place, a content score."""
