"""The parts of a piece in which claims are looked for: everything a reader sees, each under the name the checks use."""

from typing import Any

from knowledge.assets.models import Asset
from knowledge.checks.piece import of_content
from knowledge.json_values import as_list, as_object

#: made from the other parts, or names and addresses
_NO_WORDS = frozenset({"html", "slug", "brandName", "businessName", "plainText"})
#: lists of what may be sent or shown instead
_VARIANTS = ("subjects", "variants", "faq", "emails")


def parts_of(asset: Asset) -> list[tuple[str, str]]:
    """(name, text) in reading order; the plain text of an email comes last, for what stands nowhere else."""
    return parts_of_content(asset.channel, asset.format, asset.title, asset.content)


def parts_of_content(channel: str, format: str, title: str, content: dict[str, Any]) -> list[tuple[str, str]]:
    piece = of_content(channel, format, title, content)
    found = [(name, text) for name, text in piece.parts.items() if name not in _NO_WORDS]
    for name in _VARIANTS:
        found += _leaves(content.get(name), name)
    # one that was made from the body says nothing of its own, and its footer is the sender's address
    if "plainText" in piece.parts and (content.get("plainTextOwn") or "html" not in content):
        found.append(("plainText", piece.parts["plainText"]))
    return [(name, text) for name, text in found if text.strip()]


def _leaves(node: object, way: str) -> list[tuple[str, str]]:
    if isinstance(node, str):
        return [(way, node)]
    found: list[tuple[str, str]] = []
    for at, inner in enumerate(as_list(node)):
        found += _leaves(inner, f"{way}.{at}")
    for name, inner in as_object(node).items():
        if name not in _NO_WORDS and not name.lower().endswith(("id", "ids", "url")):
            found += _leaves(inner, f"{way}.{name}")
    return found
