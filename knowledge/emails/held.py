"""Merge tags kept out of the way while Markdown, MJML and HTML are made around them.

``{{ name | default: "you" }}`` would be escaped, encoded or torn apart by every one of these. Each tag is held as a
number between two private-use characters, which nothing changes, and put back at the end, in an address with single
quotation marks instead of double ones.
"""

import re
from dataclasses import dataclass, field

_OPEN, _CLOSE = "\ue010", "\ue011"
HELD = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_STRAY = re.compile(f"[{_OPEN}{_CLOSE}]")
#: a whole attribute, a comment that stands for a guard, or a bare tag
_PUT_BACK = re.compile(f'="([^"]*{_OPEN}[^"]*)"|<!--((?:{_OPEN}\\d+{_CLOSE})+)-->|{_OPEN}(\\d+){_CLOSE}')


@dataclass
class Held:
    """The tags of one email, in order of appearance."""

    tags: list[str] = field(default_factory=list[str])

    def hold(self, text: str, spans: list[tuple[int, int]]) -> str:
        """``text`` with each span (start, end; in order, apart) replaced by what stands for it."""
        parts: list[str] = []
        at = 0
        for start, end in spans:
            parts += [_STRAY.sub("", text[at:start]), f"{_OPEN}{len(self.tags)}{_CLOSE}"]
            self.tags.append(text[start:end])
            at = end
        parts.append(_STRAY.sub("", text[at:]))
        return "".join(parts)

    def put_back(self, text: str) -> str:
        """In running text."""
        return HELD.sub(lambda found: self._tag(found[1]), text)

    def put_back_in_html(self, html: str) -> str:
        """In finished HTML: guards stand where their comments stood."""
        return _PUT_BACK.sub(self._in_html, html)

    def put_back_in_mjml(self, mjml: str) -> str:
        """In MJML, whose attributes hold them as character references."""
        return self.put_back_in_html(mjml.replace(f"&#{ord(_OPEN)};", _OPEN).replace(f"&#{ord(_CLOSE)};", _CLOSE))

    def _in_html(self, found: re.Match[str]) -> str:
        if found[1] is not None:
            return '="' + HELD.sub(lambda tag: self._tag(tag[1]).replace('"', "'"), found[1]) + '"'
        return self.put_back(found[2] or found[0])

    def _tag(self, number: str) -> str:
        at = int(number)
        return self.tags[at] if at < len(self.tags) else ""
