"""The links of a text: which there are, and taking out those that nobody opened or gave.

What always holds: after :func:`without_strangers` every address that a reader of Markdown would make into a link is one
of those allowed; the words around a link stay, the address goes and is named.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: ``[words](address "title")`` and ``![words](address)``; words may hold one pair of brackets, an address of parentheses
_INLINE = re.compile(
    r"(?P<picture>!?)\[(?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<url>(?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
#: ``[words][name]`` and ``[name]: address``
_NAMED = re.compile(r"(?P<picture>!?)\[(?P<words>[^\[\]\n]+)\]\[(?P<name>[^\[\]\n]*)\]")
_DEFINED = re.compile(r"(?m)^ {0,3}\[(?P<name>[^\[\]\n]+)\]:[ \t]*<?(?P<url>[^\s>]+)>?[^\n]*\n?")
_ANGLED = re.compile(r"<(?P<url>(?:https?|ftp|mailto|tel):[^\s<>]*|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>", re.IGNORECASE)
_HTML = re.compile(
    r"<a\b[^>]*>(?P<words>.*?)</a\s*>|<(?:img|iframe|script|link|a|video|source|embed)\b[^>]*/?>", re.I | re.S
)
_ATTRIBUTE = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_BARE = re.compile(
    r"(?:https?|ftp)://[^\s<>()\[\]{}\"'`|\\^“”„’]+|(?<![\w@./-])www\.[^\s<>()\[\]{}\"'`|\\^“”„’]+", re.IGNORECASE
)
_CODE = re.compile(r"(?s)(```.*?```|~~~.*?~~~|`[^`\n]+`)")
_TRAILING = ".,;:!?*_~)'’”"
_MARKS = re.compile(r"^(?:utm_\w+|gclid|fbclid|mc_cid|mc_eid)=", re.IGNORECASE)


_Stays = Callable[[str], bool]
_Replace = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Removed:
    """A link that was taken out: the words it hung on, and where it led."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    text: str
    removed: list[Removed]


def same_address(url: str) -> str:
    """An address without what does not change the page: scheme, www, a closing slash, the fragment, campaign marks."""
    plain = url.strip().split("#", 1)[0]
    if plain.lower().startswith("www."):
        plain = f"https://{plain}"
    try:
        parts = urlsplit(plain)
        host = (parts.hostname or "").removeprefix("www.").lower() + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return plain.lower()
    if parts.scheme.lower() not in ("http", "https"):
        return plain.lower()
    query = "&".join(one for one in parts.query.split("&") if one and not _MARKS.match(one))
    return f"{host}{unquote(parts.path).rstrip('/')}{f'?{query}' if query else ''}"


def addresses_in(value: object) -> list[str]:
    """Every web address in a text, or anywhere in a JSON value; once each, in order."""
    found: dict[str, None] = {}
    _gather(value, found)
    return list(found)


def _gather(value: object, found: dict[str, None]) -> None:
    if isinstance(value, str):
        for match in _BARE.finditer(value):
            found.setdefault(_trimmed(match[0]))
    elif isinstance(value, dict):
        for inner in cast("dict[str, object]", value).values():
            _gather(inner, found)
    elif isinstance(value, list | tuple | set):
        for inner in cast("list[object]", value):
            _gather(inner, found)


def links_in(markdown: str) -> list[str]:
    """Every address that a reader of Markdown makes into a link or a picture, as it reads it; once each."""
    found: dict[str, None] = {}
    for token in _tokens(MarkdownIt("commonmark").parse(markdown)):
        address = token.attrGet("href") or token.attrGet("src")
        if isinstance(address, str):
            found.setdefault(address)
        elif token.type in ("html_inline", "html_block"):
            for match in _ATTRIBUTE.finditer(token.content):
                found.setdefault(next(group for group in match.groups() if group is not None))
        elif token.type == "text":
            for match in _BARE.finditer(token.content):
                found.setdefault(_trimmed(match[0]))
    return list(found)


def _tokens(tokens: list[Token]) -> Iterable[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])


def without_strangers(markdown: str, allowed: Iterable[str]) -> Cleaned:
    """``markdown`` without the links that lead anywhere but to ``allowed`` (web addresses) or inside the page itself."""
    known = {same_address(url) for url in allowed}
    removed: list[Removed] = []

    def stays(url: str) -> bool:
        return url.startswith("#") or (_is_web(url) and same_address(url) in known)

    parts = _CODE.split(markdown)
    # a piece of code is no link; one that shows an address stays as it is
    text = "".join(part if at % 2 else _swept(part, stays, removed) for at, part in enumerate(parts))
    for url in links_in(text):  # whatever writing of a link there is that the patterns do not know
        if not stays(url):
            removed.append(Removed("", url))
            text = _torn_out(text, url)
    return Cleaned(text, list(dict.fromkeys(removed)))


def _swept(text: str, stays: _Stays, removed: list[Removed]) -> str:
    defined = {_name(match["name"]): match["url"] for match in _DEFINED.finditer(text)}

    def inline(match: re.Match[str]) -> str:
        url = match["angled"] if match["angled"] is not None else match["url"]
        words = _INLINE.sub(inline, match["words"])  # a picture inside a link
        if url and stays(url):
            return match[0] if words == match["words"] else match[0].replace(match["words"], words, 1)
        removed.append(Removed(_plain(words), url))
        return "" if match["picture"] else words

    def named(match: re.Match[str]) -> str:
        url = defined.get(_name(match["name"] or match["words"]))
        if url is None or stays(url):
            return match[0]
        removed.append(Removed(_plain(match["words"]), url))
        return "" if match["picture"] else match["words"]

    def definition(match: re.Match[str]) -> str:
        if stays(match["url"]):
            return match[0]
        if not any(one.url == match["url"] for one in removed):
            removed.append(Removed(match["name"], match["url"]))
        return ""

    def html(match: re.Match[str]) -> str:
        given = [next(g for g in found.groups() if g is not None) for found in _ATTRIBUTE.finditer(match[0])]
        strangers = [url for url in given if not stays(url)]
        if not strangers:
            return match[0]
        removed.extend(Removed(_plain(match["words"] or ""), url) for url in strangers)
        return match["words"] or ""

    def angled(match: re.Match[str]) -> str:
        if stays(match["url"]):
            return match[0]
        removed.append(Removed("", match["url"]))
        return ""

    def bare(match: re.Match[str]) -> str:
        url = _trimmed(match[0])
        if stays(url):
            return match[0]
        removed.append(Removed("", url))
        return match[0][len(url) :]

    text = _INLINE.sub(inline, text)
    text = _NAMED.sub(named, text)
    text = _DEFINED.sub(definition, text)
    text = _HTML.sub(html, text)
    text = _ANGLED.sub(angled, text)
    return _outside_links(text, bare)


def _outside_links(text: str, bare: _Replace) -> str:
    """Bare addresses between the links that stay."""
    out, at = "", 0
    spans = sorted(match.span() for kept in (_INLINE, _ANGLED, _DEFINED, _HTML) for match in kept.finditer(text))
    for start, end in spans:
        if start < at:
            continue
        out += _BARE.sub(bare, text[at:start]) + text[start:end]
        at = end
    return out + _BARE.sub(bare, text[at:])


def _torn_out(text: str, url: str) -> str:
    return text.replace(url, "").replace(unquote(url), "")


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://", "www."))


def _trimmed(url: str) -> str:
    return url.rstrip(_TRAILING)


def _name(name: str) -> str:
    return " ".join(name.split()).casefold()


def _plain(words: str) -> str:
    return re.sub(r"[*_`]|!?\[|\]", "", words).strip()[:200]
