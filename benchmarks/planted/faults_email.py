"""Faults of emails."""

# ruff: noqa: E501 - a plant a line, so that they can be compared

import re

from benchmarks.planted.pieces import Given
from benchmarks.planted.plant import Change, Plant, body, put

_SPAM = {
    "en": "Act now, dear friend",
    "de": "Jetzt zugreifen: gratis",
    "es": "Compra ahora: gratis",
    "pt": "Compre já: grátis",
}
_SPAM_BODY = {"en": "Act now. You have won. No obligation. It is urgent.", "de": "Jetzt kaufen. Gratis. Dringend. Nur für kurze Zeit.",
              "es": "Compra ahora. Gratis. Urgente. Sin compromiso.", "pt": "Compre já. Grátis. Urgente. Sem compromisso."}  # fmt: skip
_FREE = {
    "en": "The court is free on Thursday",
    "de": "Der Platz ist am Donnerstag frei",
    "es": "La pista está libre el jueves",
    "pt": "O campo está livre na quinta",
}
_CAPITALS = {
    "en": "YOUR RACKET IS WAITING HERE",
    "de": "IHR SCHLÄGER WARTET HIER",
    "es": "TU PALA TE ESPERA AQUÍ",
    "pt": "A SUA RAQUETE ESTÁ AQUI",
}
_LONG = {"en": "Your new racket is waiting for you on court number two", "de": "Ihr neuer Schläger wartet schon seit gestern auf Platz zwei",
         "es": "Tu nueva pala te espera desde ayer por la tarde en la pista", "pt": "A sua nova raquete está à sua espera desde ontem no campo"}  # fmt: skip


def _by(texts: dict[str, str], key: str) -> Change:
    def change(given: Given) -> None:
        given.content[key] = texts[given.language]

    return change


def _add(texts: dict[str, str]) -> Change:
    def change(given: Given) -> None:
        given.content["bodyMarkdown"] += "\n" + texts[given.language] + "\n"

    return change


def _prefix(mark: str) -> Change:
    def change(given: Given) -> None:
        given.content["subject"] = mark + given.content["subject"]

    return change


def _repeat(given: Given) -> None:
    given.content["preheader"] = given.content["subject"] + ". " + given.content["subject"] + "."


def _html(edit: object) -> Change:
    def change(given: Given) -> None:
        before = given.content["html"]
        given.content["html"] = edit(before)  # type: ignore[operator]
        assert given.content["html"] != before

    return change


def _grow(size: int) -> Change:
    """Up to ``size`` bytes, with what nobody sees."""
    return _html(lambda html: html.replace("</body>", "<!--" + "x" * (size - len(html.encode()) - 7) + "--></body>"))


def _in(html: str) -> Change:
    return _html(lambda before: before.replace("</body>", f"{html}</body>"))


def _pictures_only(given: Given) -> None:
    """The greeting, the address and the link to unsubscribe stay."""
    given.content["html"] = re.sub(r"<p>(?!Nordlicht|<a)(?:(?!</p>).){40,}</p>", "", given.content["html"])


PLANTS = [
    Plant("email.subject_missing", "email", put("subject", "  ")),
    Plant("email.subject_missing", "email", put("subject", "")),
    Plant("email.subject_length", "email", _by(_LONG, "subject"), put("subject", "{{ person.first_name_or_a_long_field_name }}, court two is yours")),
    Plant("email.preheader_length", "email", put("preheader", "Padel.")),
    Plant("email.preheader_length", "email", put("preheader", "")),
    Plant("email.preheader_length", "email", put("preheader", "Padel, tennis, golf, " * 6)),
    Plant("email.preheader_repeats", "email", _repeat, also=("email.preheader_length",)),
    Plant("email.subject_reply", "email", _prefix("Re: "), put("subject", "Re-string it in ten minutes")),
    Plant("email.subject_reply", "email", _prefix("FW: ")),
    Plant("email.subject_capitals", "email", _by(_CAPITALS, "subject"), put("subject", "FAQ: Padel")),
    Plant("email.subject_marks", "email", put("subject", "Padel!!! Golf!"), put("subject", "Padel at 8!"), ("brand.exclamation",)),
    Plant("email.subject_marks", "email", put("subject", "Padel $$$ golf"), put("subject", "Padel at 8 €")),
    Plant("email.spam_words", "email", _by(_SPAM, "subject"), _by(_FREE, "subject")),
    Plant("email.spam_words", "email", _add(_SPAM_BODY), _add({key: value + "." for key, value in _FREE.items()})),
    Plant("email.plain_text", "email", put("plainText", "")),
    Plant("email.plain_text", "email", put("plainText", "Golf.")),
    Plant("email.html_size", "email", _grow(102_001), also=()),
    Plant("email.html_size", "email", _grow(200_000)),
    Plant("email.html_size_near", "email", _grow(95_000), _grow(89_900)),
    Plant("email.links_https", "email", _in('<a href="http://www.nordlicht-padel.de/b">Padel</a>'), _in('<a href="tel:+4940123">Padel</a>')),
    Plant("email.links_https", "email", body(lambda text: text + "\n[Padel](http://www.nordlicht-padel.de)\n")),
    Plant("email.alt", "email", _in('<img src="https://www.nordlicht-padel.de/b.png" width="200">'), _in('<img src="https://www.nordlicht-padel.de/b.png" alt="" role="presentation">')),
    Plant("email.alt", "email", _in('<img src="https://www.nordlicht-padel.de/b.png" alt="" width="200">'), _in('<img src="https://www.nordlicht-padel.de/b.png" alt="" width="1" height="1">')),
    Plant("email.unsubscribe", "email", _html(lambda html: re.sub(r'<p><a href="[^"]*/u/1">.*?</a></p>', "", html)), _html(lambda html: re.sub(r'<a href="[^"]*/u/1">.*?</a>', '<a href="*|UNSUB|*">Padel</a>', html))),
    Plant("email.headers", "email", put("headers", {"List-Unsubscribe": "<mailto:a@nordlicht-padel.de>"})),
    Plant("email.headers", "email", put("headers", {"List-Unsubscribe": "<https://www.nordlicht-padel.de/u>"}), put("headers", {"list-unsubscribe": "<mailto:a@b.de>, <https://b.de/u>", "list-unsubscribe-post": "List-Unsubscribe=One-Click"})),
    Plant("email.address", "email", _html(lambda html: re.sub(r"<p>Nordlicht Padel,.*?</p>", "", html)), _html(lambda html: re.sub(r"<p>Nordlicht Padel,.*?</p>", "<p>{{ organization.full_address }}</p>", html))),
    Plant("email.merge_tags", "email", _prefix("{{ first_name, ")),
    Plant("email.merge_tags", "email", body(lambda text: text + "\n{% if vip %}Padel\n"), body(lambda text: text + "\n{% if vip %}Padel{% else %}Golf{% endif %}\n")),
    Plant("email.merge_tags", "email", body(lambda text: text + "\n*|FNAME|* {% if vip %}Padel{% endif %}\n")),
    Plant("email.merge_tags", "email", body(lambda text: text + "\nPadel }} golf\n"), body(lambda text: text + "\n{{ name }} } golf\n")),
    Plant("email.call_to_action", "email", put("callToAction", {"label": "", "url": None})),
    Plant("email.call_to_action", "email", put("callToAction", {"label": "Padel " * 9, "url": None})),
    Plant("email.shortened_links", "email", body(lambda text: text + "\n[Padel](https://bit.ly/abc)\n"), also=("seo.link_unopened",)),
    Plant("email.disguised_links", "email", _in('<a href="https://www.golf-club.de/">www.nordlicht-padel.de</a>'), _in('<a href="https://shop.nordlicht-padel.de/">nordlicht-padel.de</a>')),
    Plant("email.active_content", "email", _in("<script>1</script>"), _in("<!-- <script>1</script> -->")),
    Plant("email.active_content", "email", _in('<form action="/a"><input name="b"></form>')),
    Plant("email.active_content", "email", _in('<p onclick="a()">Padel</p>')),
    Plant("email.mostly_pictures", "email", _pictures_only),
]  # fmt: skip
