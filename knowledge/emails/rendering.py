"""An email's content and the client's canon in; the HTML, the plain text and what is wrong with them out.

Pure: no clock, no network, no database; the same content and canon give the same bytes. ``content`` is an email
asset's: subject, preheader, bodyMarkdown, callToAction {label, url}, language, and optionally mergeDialect (liquid),
senderName, postalAddress, unsubscribeUrl, mergeFields (the fields the service has, when somebody said).
"""

import re
from dataclasses import dataclass
from typing import Any, cast

import mrml
from css_inline import CSSInliner, InlineError

from knowledge.emails.checks import Checked, check_email, check_tags
from knowledge.emails.content import Block, read_blocks
from knowledge.emails.held import Held
from knowledge.emails.merge_tags import DIALECTS, Dialect, parse
from knowledge.emails.merge_tags.model import Parsed
from knowledge.emails.mjml import Letter, to_mjml
from knowledge.emails.models import EmailProblem, Rendered
from knowledge.emails.plain_text import to_plain_text
from knowledge.emails.theme import theme_of
from knowledge.emails.whitelist import check_mjml
from knowledge.emails.words import is_right_to_left, unsubscribe_label
from knowledge.errors import Invalid
from knowledge.json_values import as_object

#: what the sending service fills in for everybody, where the content names nothing of its own
_UNSUBSCRIBE: dict[Dialect, str] = {
    "liquid": "{{ unsubscribe_url }}",
    "handlebars": "{{{unsubscribe_url}}}",
    "mailchimp": "*|UNSUB|*",
}
_ADDRESS: dict[Dialect, str] = {
    "liquid": "{{ postal_address }}",
    "handlebars": "{{postal_address}}",
    "mailchimp": "*|LIST:ADDRESSLINE|*",
}
# without this, the renderer links the fonts that it knows from a font service
_OPTIONS = mrml.RenderOptions(fonts={})
_INLINER = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The content's own words, as they are stored."""

    dialect: Dialect
    subject: str
    preheader: str
    body: str
    button: str
    url: str
    sender: str
    unsubscribe: str
    address: str
    language: str


def dialect_of(content: dict[str, Any]) -> Dialect:
    """The chosen one; where none was chosen, the one that the tags in its words are of; else Liquid."""
    chosen = _BY_NAME.get(str(content.get("mergeDialect") or "").lower())
    if chosen is not None:
        return chosen
    words = " ".join(str(content.get(name) or "") for name in ("subject", "preheader", "bodyMarkdown"))
    for dialect, mark in _MARKS.items():
        if mark.search(words):
            return dialect
    return "liquid"


_BY_NAME: dict[str, Dialect] = {dialect: dialect for dialect in DIALECTS}
_MARKS: dict[Dialect, re.Pattern[str]] = {
    "liquid": re.compile(r"\{%|\{\{[^{}]*\|"),
    "handlebars": re.compile(r"\{\{\{|\{\{\s*(?:[#/^!]|else\b|insert\b)"),
    "mailchimp": re.compile(r"\*\|[A-Z]"),
}


def merge_problems(content: dict[str, Any]) -> list[EmailProblem]:
    """What is wrong with the merge tags of a stored email; its parts under the names that the preflight has for them."""
    parts = _parts(content)
    texts = {
        "subject": parts.subject,
        "preheader": parts.preheader,
        "body": parts.body,
        "callToAction.label": parts.button,
        "callToAction.url": parts.url,
    }
    parsed = {name: parse(text, parts.dialect) for name, text in texts.items()}
    html = str(content.get("html") or "")
    return check_tags(Checked(parts.dialect, parsed, html, _fields(content), _subjects(content)))


def render(content: dict[str, Any], canon: dict[str, Any] | None) -> Rendered:
    """Raises nothing for what a person can write: every fault is a problem with its place.

    ``problems`` holds what only rendering shows: MJML faults, merge tags in every branch, the size. The words
    themselves are the preflight's to judge.
    """
    parts = _parts(content)
    held = Held()
    parsed: dict[str, Parsed] = {}

    def hold(name: str, text: str) -> str:
        parsed[name] = parse(text, parts.dialect)
        return held.hold(text, list(parsed[name].spans))

    button, url = hold("callToAction.label", parts.button), hold("callToAction.url", parts.url)
    blocks = read_blocks(hold("body", parts.body), button, url or None)
    language = parts.language
    letter = Letter(
        subject=hold("subject", parts.subject),
        preheader=hold("preheader", parts.preheader),
        blocks=blocks,
        theme=theme_of(canon),
        language=language or "und",
        right_to_left=is_right_to_left(language, parts.subject + parts.body),
        sender=hold("senderName", parts.sender),
        unsubscribe=(unsubscribe_label(language), hold("unsubscribeUrl", parts.unsubscribe)),
        address=hold("postalAddress", parts.address),
    )
    mjml = to_mjml(letter)
    html = held.put_back_in_html(_INLINER.inline(mrml.to_html(mjml, render_options=_OPTIONS).content))
    plain = held.put_back(to_plain_text(blocks, _footer(letter)))
    checked = Checked(parts.dialect, parsed, html, _fields(content), _subjects(content))
    problems = (*check_mjml(mjml), *_lost(blocks, held), *check_email(checked))
    return Rendered(html, plain, problems, len(html.encode()), held.put_back_in_mjml(mjml))


def render_mjml(source: str) -> Rendered:
    """A design of the person's own. Raises Invalid when it cannot be drawn at all; ``problems`` names every other fault."""
    problems = tuple(check_mjml(source))
    try:
        html = _INLINER.inline(mrml.to_html(source, render_options=_OPTIONS).content)
    except (OSError, InlineError) as error:
        named = next((f" {problem.message}" for problem in problems if problem.severity == "critical"), "")
        raise Invalid(f"This MJML cannot be drawn.{named}", fields={"mjml": str(error)[:300]}) from error
    return Rendered(html, "", problems, len(html.encode()), source)


def _parts(content: dict[str, Any]) -> _Parts:
    def text(name: str) -> str:
        return " ".join(str(content.get(name) or "").split())

    dialect = dialect_of(content)
    action = content.get("callToAction")
    named = as_object(action)
    return _Parts(
        dialect=dialect,
        subject=text("subject"),
        preheader=text("preheader"),
        body=str(content.get("bodyMarkdown") or ""),
        button=str(action if isinstance(action, str) else named.get("label") or ""),
        url=str(named.get("url") or ""),
        sender=text("senderName"),
        unsubscribe=text("unsubscribeUrl") or _UNSUBSCRIBE[dialect],
        address=text("postalAddress") or _ADDRESS[dialect],
        language=text("language"),
    )


def _footer(letter: Letter) -> list[str]:
    label, url = letter.unsubscribe
    return [*filter(None, (letter.sender, letter.address)), f"{label}: {url}"]


def _fields(content: dict[str, Any]) -> frozenset[str] | None:
    given = content.get("mergeFields")
    return frozenset(str(name) for name in cast("list[Any]", given)) if isinstance(given, list) and given else None


def _subjects(content: dict[str, Any]) -> list[str]:
    given = content.get("subjects")
    return [str(one) for one in cast("list[Any]", given)] if isinstance(given, list) else []


def _lost(blocks: list[Block], held: Held) -> list[EmailProblem]:
    """Addresses that no mail program opens: they are shown as words alone."""
    found: list[EmailProblem] = []
    for run in (run for block in blocks for run in _all_runs(block)):
        for address in filter(None, (run.href, run.image)):
            shown = held.put_back(address)
            scheme = address.split(":", 1)[0].lower() if ":" in address else ""
            if address.startswith(("\ue010", "#")) or scheme in ("https", "mailto", "tel"):
                continue
            message = f"The address “{shown}” is not an https address."
            fix = "Give the whole address, beginning with https://."
            found.append(EmailProblem("email.link_address", "major", message, "body", shown, -1, fix))
    return found


def _all_runs(block: Block) -> list[Any]:
    inner = [*block.blocks, *(one for item in block.items for one in item)]
    return [*block.runs, *(run for one in inner for run in _all_runs(one))]
