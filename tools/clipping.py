"""Long text cut to what fits in front of a model, always with a note that it was cut."""


def clip(text: str, most: int) -> str:
    """At most ``most`` characters of the text, and a note of how much is missing when something is."""
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()}\n[… cut here: {len(text) - most:,} of {len(text):,} characters left out]"
