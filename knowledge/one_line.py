"""A text as one line of a limited length."""


def one_line(text: str, most: int) -> str:
    """At most ``most`` characters; what is longer ends with "…"."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
