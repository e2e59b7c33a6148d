"""An email's HTML: size, links, pictures, unsubscribing, the sender's address, what mail programs refuse."""

import re
from collections.abc import Iterator
from typing import cast

from knowledge.checks.examine import Check, DoesNotApply, NotChecked
from knowledge.checks.examine.links import Link, all_links, host, links
from knowledge.checks.models import Finding
from knowledge.checks.reading import MERGE_TAG, Reading
from knowledge.checks.rules import Rule
from knowledge.checks.text.html import tags, visible
from knowledge.checks.words import pattern

_ACTIVE = ("script", "form", "iframe", "object", "embed", "video", "audio", "input", "applet")
_ON_EVENT = re.compile(r"^on[a-z]+$")
#: from here on the other of the two size rules speaks
CLIPPED_AT = 102_000
_TAG = re.compile(r"<[^>]+>")
_UNSUBSCRIBE_TAG = re.compile(
    r"unsub|opt.?out|abmeld|abbestell|darse.?de.?baja|cancelar|desuscri|descadastr", re.IGNORECASE
)
#: a postal code with its town, in the forms of Germany and Spain, Portugal, the US and the UK
_ADDRESS = re.compile(
    r"\b\d{4,5}(?:-\d{3})?\s+[A-ZÄÖÜÁÉÍÓÚ][\w'’.-]{2,}|\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b"
)
#: the sending service's own tag for it
_ADDRESS_TAG = re.compile(
    r"\{\{[^{}]{0,100}(?:address|adresse|direcci[oó]n|endere[cç]o)[^{}]{0,100}\}\}|\*\|[^|*]{0,100}ADDRESS[^|*]{0,100}\|\*",
    re.IGNORECASE,
)
_SHOWN_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)


def _html(reading: Reading) -> str:
    text = reading.piece.parts.get("html", "")
    if not text.strip():
        raise NotChecked("the email has no HTML yet")
    return text


def size(reading: Reading, rule: Rule) -> Iterator[Finding]:
    length = len(_html(reading).encode())
    if length > rule.limit("most"):
        yield _size_finding(reading, rule, length)


def size_near(reading: Reading, rule: Rule) -> Iterator[Finding]:
    length = len(_html(reading).encode())
    if rule.limit("most") < length <= CLIPPED_AT:
        yield _size_finding(reading, rule, length)


def _size_finding(reading: Reading, rule: Rule, length: int) -> Finding:
    return reading.finding(
        rule,
        "The HTML is too large." if length > CLIPPED_AT else "The HTML is nearly too large.",
        evidence=f"{length / 1000:.0f} KB; Gmail cuts off at 102.",
        fix="Shorten the email or leave out blocks.",
    )


def links_https(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = all_links(reading)
    if not found:
        raise DoesNotApply
    for link in found:
        if link.url.lower().startswith("http://"):
            yield reading.finding(
                rule, "A link of the email is not https.", link.place, evidence=link.url, fix="Use the https address."
            )


def alt(reading: Reading, rule: Rule) -> Iterator[Finding]:
    html = _html(reading)
    pictures = [tag for tag in tags(html, "img") if not tag.closing]
    if not pictures:
        raise DoesNotApply
    for tag in pictures:
        decoration = tag.attributes.get("role") == "presentation" or tag.attributes.get("aria-hidden") == "true"
        pixel = tag.attributes.get("width") in ("1", "0") and tag.attributes.get("height") in ("1", "0")
        if "alt" not in tag.attributes or not (tag.attributes["alt"].strip() or decoration or pixel):
            place = reading.place("html", tag.start, tag.end)
            yield reading.finding(
                rule,
                "A picture has no alternative text.",
                place,
                evidence=place.text[:160],
                fix="Say what it shows, in a few words.",
            )


def unsubscribe(reading: Reading, rule: Rule) -> Iterator[Finding]:
    html = _html(reading)
    said = pattern("unsubscribe")
    for link in links(reading, "html"):
        words = _TAG.sub(" ", link.label.text) if link.label else ""
        if (said and said.search(words)) or _UNSUBSCRIBE_TAG.search(link.url):
            return
    if _UNSUBSCRIBE_TAG.search(" ".join(MERGE_TAG.findall(html))):
        return
    yield reading.finding(
        rule, "There is no link to unsubscribe.", fix="Put the service's unsubscribe link at the foot of the email."
    )


def headers(reading: Reading, rule: Rule) -> Iterator[Finding]:
    given = reading.piece.content.get("headers")
    if not isinstance(given, dict):
        raise NotChecked("the headers are added when it is sent or exported")
    there = {str(name).lower(): str(value) for name, value in cast("dict[object, object]", given).items()}
    one_click = there.get("list-unsubscribe-post", "").replace(" ", "").lower() == "list-unsubscribe=one-click"
    https = "<https://" in there.get("list-unsubscribe", "").lower()
    if not (one_click and https):
        lacking = (
            "List-Unsubscribe with an https address"
            if not https
            else "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        )
        yield reading.finding(
            rule,
            "The headers do not let people unsubscribe in one click.",
            evidence=f"{lacking} is missing.",
            fix="Add both headers.",
        )


def address(reading: Reading, rule: Rule) -> Iterator[Finding]:
    html = _html(reading)
    shown = visible(html)
    if not (_ADDRESS.search(shown) or _ADDRESS_TAG.search(html)):
        yield reading.finding(
            rule,
            "The sender's postal address is missing.",
            evidence="No postal code with a town, and no address tag of a sending service.",
            fix="Put the address at the foot of the email.",
        )


def disguised_links(reading: Reading, rule: Rule) -> Iterator[Finding]:
    found = [link for link in all_links(reading) if link.label is not None]
    if not found:
        raise DoesNotApply
    for link in found:
        if (shown := _shown_host(link)) and shown != host(link.url) and not host(link.url).endswith(f".{shown}"):
            yield reading.finding(
                rule,
                "A link shows one address and leads to another.",
                link.label,
                evidence=f"It shows {shown} and leads to {host(link.url)}.",
                fix="Show the address it leads to, or words.",
            )


def _shown_host(link: Link) -> str:
    words = _TAG.sub(" ", link.label.text if link.label else "").strip()
    shown = _SHOWN_ADDRESS.fullmatch(words)
    leads = link.url.lower().startswith(("http://", "https://"))
    return shown[1].lower().removeprefix("www.") if shown and leads and "@" not in words else ""


def active_content(reading: Reading, rule: Rule) -> Iterator[Finding]:
    html = _html(reading)
    for tag in tags(html):
        handler = next((name for name in tag.attributes if _ON_EVENT.match(name)), "")
        script = tag.attributes.get("href", "").strip().lower().startswith("javascript:")
        if not tag.closing and (tag.name in _ACTIVE or handler or script):
            place = reading.place("html", tag.start, tag.end)
            what = f"<{tag.name}>" if tag.name in _ACTIVE else handler or "javascript:"
            yield reading.finding(
                rule,
                f"Mail programs refuse {what}.",
                place,
                evidence=place.text[:160],
                fix="Take it out; link to a page instead.",
            )


def mostly_pictures(reading: Reading, rule: Rule) -> Iterator[Finding]:
    html = _html(reading)
    pictures = [tag for tag in tags(html, "img") if not tag.closing]
    if not pictures:
        raise DoesNotApply
    count = len(visible(html).split())
    if count < rule.limit("words"):
        yield reading.finding(
            rule,
            "The email says next to nothing without its pictures (a heuristic).",
            evidence=f"{count} words, {len(pictures)} pictures.",
            fix="Say in words what the pictures say.",
        )


CHECKS: dict[str, Check] = {
    "email.html_size": size,
    "email.html_size_near": size_near,
    "email.links_https": links_https,
    "email.alt": alt,
    "email.unsubscribe": unsubscribe,
    "email.headers": headers,
    "email.address": address,
    "email.disguised_links": disguised_links,
    "email.active_content": active_content,
    "email.mostly_pictures": mostly_pictures,
}
