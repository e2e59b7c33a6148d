"""What the page may load: nothing that is not ours. The proposal for the product's own page, used by the stand-in."""

import base64
import hashlib
import re

_INLINE = re.compile(r"<script>(.*?)</script>", re.S)
#: stylesheets and connection hints of the chat's page that point elsewhere (a formula stylesheet, font hosts)
_FOREIGN = re.compile(r"""<link\b[^>]*\bhref=["']https?://[^>]*>\s*""", re.S)


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
