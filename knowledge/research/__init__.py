"""Research: pages of the web opened by the rules of their hosts, what stands on them, and documents made from them."""
