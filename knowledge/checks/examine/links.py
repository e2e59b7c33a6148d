"""Links of a text: were they opened, do they lead anywhere, do their words say where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge.checks.examine import Check, DoesNotApply, NotChecked
from knowledge.checks.models import Finding, Place
from knowledge.checks.reading import Reading
from knowledge.checks.rules import Rule
from knowledge.checks.words import pattern

_MARKDOWN = re.compile(r"(?<!!)\[(?P<label>[^\[\]\n]{0,1000})\]\(\s*<?(?P<url>[^\s()>]{0,2000})[^()\n]{0,300}\)")
_BARE = re.compile(r"(?<![\w(<\"'=/])https?://[^\s<>\"'“”)\]]+[^\s<>\"'“”)\].,;!?*]")
_ANGLE = re.compile(r"<(https?://[^>\s]+)>")
_HTML = re.compile(
    r"""<a\b[^<>]*?\bhref\s*=\s*["']?(?P<url>[^"'<>\s]*)["']?[^<>]*>(?P<label>.{0,2000}?)</a>""", re.I | re.S
)
_TAG = re.compile(r"<[^>]+>")
_MERGE = re.compile(r"\{\{|\{%|\*\|")
_PLACEHOLDER_HOST = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost)(?:\.(?:com|org|net|de|es|pt))?$|^(?:your|ihre?|tu|seu)-", re.I
)


@dataclass(frozen=True)
class Link:
    """``place`` is the address itself; ``label`` the words that lead there, None for a bare address."""

    url: str
    place: Place
    label: Place | None


def links(reading: Reading, part: str = "body") -> list[Link]:
    """The links of a part in order; read once."""
    known: dict[str, list[Link]] = reading.kept.setdefault("links", {})
    if part not in known:
        known[part] = _read_links(reading, part)
    return known[part]


def _read_links(reading: Reading, part: str) -> list[Link]:
    text = reading.piece.parts.get(part, "")
    found: dict[int, Link] = {}
    for pattern_ in (_MARKDOWN, _HTML):
        for match in pattern_.finditer(text):
            label = Place(part, match["label"], match.start("label"), match.end("label"))
            found[match.start("url")] = Link(match["url"], reading.place(part, *match.span("url")), label)
    if part != "html":
        for match in _ANGLE.finditer(text):
            found.setdefault(match.start(1), Link(match[1], reading.place(part, *match.span(1)), None))
        for match in _BARE.finditer(text):
            found.setdefault(match.start(), Link(match[0], reading.place(part, *match.span()), None))
    return [found[start] for start in sorted(found)]


def all_links(reading: Reading) -> list[Link]:
    """Of every part that is read, and of an email's HTML when there is one."""
    parts = [part for part in reading.piece.parts if part not in ("slug", "plainText")]
    found = [link for part in parts for link in links(reading, part)]
    action = _action_url(reading)
    if action and action not in {link.url for link in found}:
        found.append(Link(action, Place("callToAction.url", action, 0, len(action)), None))
    return found


def _action_url(reading: Reading) -> str:
    given = reading.piece.content.get("callToAction")
    url = given.get("url") if isinstance(given, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return url if isinstance(url, str) else ""


def host(url: str) -> str:
    try:
        return (urlsplit(url if "//" in url else f"https://{url}").hostname or "").removeprefix("www.").lower()
    except ValueError:
        return ""


def same_address(url: str) -> str:
    """An address without what does not change the page: scheme, www, a closing slash, the fragment, campaign marks."""
    plain = re.sub(r"#.*$", "", url.strip())
    plain = re.sub(r"([?&])utm_[^&]*", r"\1", plain).rstrip("?&")
    return re.sub(r"^https?://(?:www\.)?", "", plain, flags=re.IGNORECASE).rstrip("/").lower()


def own_hosts(reading: Reading) -> set[str]:
    given = [reading.facts.website, *(reading.facts.own_pages or [])]
    return {host(url) for url in given if url} - {""}


def internal(reading: Reading, rule: Rule) -> Iterator[Finding]:
    own = own_hosts(reading)
    if not own:
        raise NotChecked("the client's own pages are not known")
    there = [link for link in links(reading) if host(link.url) in own or link.url.startswith("/")]
    if not there:
        yield reading.finding(
            rule, "No link leads to another page of the client.", fix="Link to a page that helps the reader on."
        )


def unopened(reading: Reading, rule: Rule) -> Iterator[Finding]:
    if reading.facts.opened_urls is None:
        raise NotChecked("it is not known which addresses were opened or given")
    known = {same_address(url) for url in reading.facts.opened_urls}
    known |= {same_address(url) for url in [reading.facts.website, *(reading.facts.own_pages or [])] if url}
    for link in _web_links(reading):
        if same_address(link.url) not in known:
            yield reading.finding(
                rule,
                "A link was neither opened nor given.",
                link.place,
                evidence=f"{link.url} is no address that was opened or given.",
                fix="Take the link out, or open the page first.",
            )


def _web_links(reading: Reading) -> list[Link]:
    found = [link for link in all_links(reading) if link.url.lower().startswith(("http://", "https://"))]
    if not found:
        raise DoesNotApply
    return [link for link in found if not _MERGE.search(link.url) and link.place.part != "html"]


_WITH_SCHEME = re.compile(r"https?://", re.IGNORECASE)


def malformed(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = all_links(reading)
    if not found:
        raise DoesNotApply
    own = own_hosts(reading)  # whatever it is called, it is the client's
    for link in found:
        mine = _WITH_SCHEME.match(link.url) and host(link.url) in own
        why = "" if mine else _wrong_with(link.url)
        if why:
            yield reading.finding(
                rule, f"A link {why}.", link.place, evidence=f"“{link.url}”", fix="Give the address of a real page."
            )


def _wrong_with(url: str) -> str:
    if _MERGE.search(url) or url.startswith(("mailto:", "tel:", "sms:", "cid:")):
        return ""
    if not url or url == "#":
        return "leads nowhere"
    if url.lower().startswith("javascript:"):
        return "runs a script"
    if url.startswith(("/", "#", "?", "./", "../")):
        return ""
    if not url.lower().startswith(("http://", "https://")):
        return "has no web address" if "." not in url else "lacks https://"
    there = host(url)
    if not there or "." not in there:
        return "has no web address"
    return "leads to a placeholder" if _PLACEHOLDER_HOST.search(there) else ""


def link_text(reading: Reading, rule: Rule) -> Iterator[Finding]:
    vague = pattern("link_text", reading.spoken)
    labelled = [link for link in all_links(reading) if link.label is not None]
    if not labelled:
        raise DoesNotApply
    for link in labelled:
        assert link.label is not None  # noqa: S101 - filtered above
        words = _TAG.sub(" ", link.label.text).strip(" *_.…→>»!")
        if vague and vague.fullmatch(words):
            yield reading.finding(
                rule,
                "A link's words do not say where it leads.",
                link.label,
                evidence=f"“{words}” leads to {link.url}.",
                fix="Name the page it leads to.",
            )


def https(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = all_links(reading)
    if not found:
        raise DoesNotApply
    for link in found:
        if link.url.lower().startswith("http://"):
            yield reading.finding(
                rule,
                "A link is not https.",
                link.place,
                evidence=link.url,
                fix=f"Use https://{link.url[7:]} if it answers.",
            )


CHECKS: dict[str, Check] = {
    "seo.links_internal": internal,
    "seo.link_unopened": unopened,
    "seo.link_malformed": malformed,
    "seo.link_text": link_text,
    "seo.link_https": https,
}
