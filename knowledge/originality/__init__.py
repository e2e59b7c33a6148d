"""Whether a piece stands too close to an ad somebody else made."""
