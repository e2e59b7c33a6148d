"""What the page may load: nothing that is not ours.

Chainlit's page asks two foreign hosts for a stylesheet and for fonts, and no setting takes that out; so the tags are
taken out of the page, and its content policy lets nothing else in. A picture in a retrieved text cannot carry
anything out.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import cast

from chainlit import server

_INLINE = re.compile(r"<script>(.*?)</script>", re.S)
#: stylesheets and connection hints of the chat's page that point elsewhere (a formula stylesheet, font hosts)
_FOREIGN = re.compile(r"""<link\b[^>]*\bhref=["']https?://[^>]*>\s*""", re.S)


def close_page() -> str:
    """Take the foreign tags out of Chainlit's page, and return the content policy for what is left."""
    original = cast("Callable[[str], str]", server.get_html_template)  # pyright: ignore[reportUnknownMemberType]

    def closed(root_path: str) -> str:
        return without_foreign_hosts(original(root_path))

    server.get_html_template = closed
    return content_security_policy(closed(""))


def without_foreign_hosts(html: str) -> str:
    """Return the page without the tags that ask foreign hosts for anything."""
    return _FOREIGN.sub("", html)


def content_security_policy(html: str) -> str:
    """Return the policy for one page. Its own inline scripts are let in by hash, so that no other one runs.

    ``unsafe-eval`` is needed: the chat compiles the cards' files in the browser. Styles are set inline by its parts.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE.findall(html)
    )
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'unsafe-eval' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )
