"""Links of a piece that people gave by writing them in, or by approving a version they stand in.

What always holds: a link that a model or an agent brought in is none of them until a person has approved it.
"""

from typing import Any

from knowledge.assets.models import Asset
from knowledge.json_values import as_list
from knowledge.publishing.links import addresses_in, links_in, same_address

#: where they are kept, in ``seo``: beside the content, of whose hash they are no part
GIVEN_LINKS = "givenLinks"
_WRITTEN = ("markdown", "bodyMarkdown", "text", "plainText", "callToAction")
MOST = 500


def links_given(asset: Asset) -> set[str]:
    return {url for url in as_list(asset.seo.get(GIVEN_LINKS)) if isinstance(url, str)}


def with_edit(asset: Asset, content: dict[str, Any], *, by_person: bool) -> dict[str, Any]:
    """What an edit to ``content`` adds to ``seo``; empty when it gives no link."""
    before, after = _links(asset.content), _links(content)
    known = {same_address(url) for url in before}
    given = links_given(asset)
    given |= set(before) if asset.status in ("approved", "published") else set()
    given |= {url for url in after if by_person and same_address(url) not in known}
    return {GIVEN_LINKS: sorted(given)[:MOST]} if given else {}


def _links(content: dict[str, Any]) -> list[str]:
    texts = [content.get(name) for name in _WRITTEN]
    found = [url for text in texts for url in (links_in(text) if isinstance(text, str) else addresses_in(text))]
    return [url for url in dict.fromkeys(found) if url.startswith(("http://", "https://"))]
