"""From content and canon to HTML and plain text."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from knowledge.emails import render, render_mjml
from knowledge.emails.theme import contrast, read_colour, theme_of
from knowledge.errors import Invalid
from tests.knowledge.emails.samples import BODY, CANON, email


def seen(html: str) -> str:
    """The words of a page, without its styles."""

    class Words(HTMLParser):
        found: list[str] = []
        skipping = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.skipping += tag in ("style", "title")

        def handle_endtag(self, tag: str) -> None:
            self.skipping -= tag in ("style", "title")

        def handle_data(self, data: str) -> None:
            if not self.skipping:
                self.found.append(data)

    reader = Words()
    reader.found = []
    reader.feed(html)
    return " ".join(" ".join(reader.found).split())


def test_an_email_has_its_words_button_footer_and_no_problem() -> None:
    rendered = render(email(), CANON)
    assert rendered.problems == ()
    words = seen(rendered.html)
    for part in ("Fresh beans, every week", "Great coffee & quick delivery.", "Terms apply.", "Unsubscribe", "Bona"):
        assert part in words
    assert 'href="https://bona.example/offer"' in rendered.html
    assert 'href="{{ unsubscribe_url }}"' in rendered.html
    assert "{{ postal_address }}" in words
    assert rendered.bytes == len(rendered.html.encode()) < 20_000


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render(email(), CANON) == render(email(), CANON)


def test_colours_and_logo_come_from_the_canon_and_are_legible() -> None:
    theme = theme_of(CANON)
    assert theme.accent == "#0f766e"
    html = render(email(), CANON).html
    assert "#0f766e" in html
    assert 'src="https://bona.example/logo.png"' in html
    assert 'alt="Bona"' in html
    for palette in (["#ffff00"], ["white"], ["black"], ["#777"], ["beige", "pink"], ["no colour at all"], []):
        found = theme_of({"brand": {"visualStyleRefs": {"palette": palette}}})
        pairs = [
            (found.on_accent, found.accent),
            (found.link, found.card),
            (found.ink, found.card),
            (found.quiet, found.ground),
            (found.dark_link, found.dark_card),
            (found.dark_ink, found.dark_card),
        ]
        for one, other in pairs:
            a, b = read_colour(one), read_colour(other)
            assert a is not None and b is not None
            assert contrast(a, b) >= 4.5, (palette, one, other)


def test_styles_are_inlined_and_what_cannot_be_is_kept() -> None:
    html = render(email(), CANON).html
    assert re.search(r'<li style="[^"]*margin', html)
    assert "@media (prefers-color-scheme:dark)" in html
    assert "@media only screen" in html
    assert "fonts.googleapis.com" not in html
    assert "<script" not in html


def test_merge_tags_stand_in_the_html_as_they_were_written() -> None:
    html = render(email(), CANON).html
    assert 'Hi {{ first_name | default: "there" }},' in html
    assert "n={{ first_name | default: 'x' }}" in html  # in an address, quotation marks would end it
    assert html.count("{% if vip %}") == html.count("{% endif %}") == 1


def test_a_condition_around_blocks_takes_whole_rows_with_it() -> None:
    html = render(email(), CANON).html
    inside = html.split("{% if vip %}")[1].split("{% endif %}")[0]
    assert inside.count("<tr") == inside.count("</tr>") >= 1
    assert inside.count("<td") == inside.count("</td>") >= 1
    assert "Your discount is 10 %." in inside


def test_characters_of_every_kind_survive_in_text_and_attributes() -> None:
    odd = "Ça va? 👩‍👩‍👧 e\u0301 \\ \"quoted\" & <b> 'x'"
    html = render(email(subject=odd, bodyMarkdown=f"![{odd}](https://a.example/b.png)", senderName=odd), CANON).html
    assert "\\u{" not in html
    alts = [unescape(alt) for alt in re.findall(r'alt="([^"]*)"', html)]
    assert len(alts) == 2 and alts[0] == odd
    assert odd in unescape(html)


def test_html_in_the_text_is_shown_as_text() -> None:
    rendered = render(email(bodyMarkdown="Hello <script>alert(1)</script> <b>you</b> & me <3"), CANON)
    assert "<script" not in rendered.html
    assert "Hello <script>alert(1)</script> <b>you</b> & me <3" in seen(rendered.html)
    assert "<script>" in rendered.plain_text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "http://a.example", "//a.example", "file:///x"]
)
def test_an_address_that_is_not_https_is_told(address: str) -> None:
    rendered = render(email(bodyMarkdown=f"See [this]({address})."), CANON)
    assert [problem.rule for problem in rendered.problems] == ["email.link_address"]
    if not address.startswith("http:"):
        assert f'href="{address}' not in rendered.html


def test_a_picture_without_a_text_is_told() -> None:
    rendered = render(email(bodyMarkdown="![](https://a.example/a.png)\n\n![A cup](https://a.example/b.png)"), CANON)
    assert 'alt="A cup"' in rendered.html
    assert 'src="https://a.example/b.png"' in rendered.html


def test_the_plain_text_is_made_from_the_content() -> None:
    text = render(email(), CANON).plain_text
    assert "FRESH BEANS, EVERY WEEK" in text
    assert "> “Great coffee & quick delivery.”\n>\n> — Anna" in text
    assert "- one bold link (https://bona.example/?a=1&b=2&n=" in text
    assert "1. first\n2. second" in text
    assert "See the offer:\nhttps://bona.example/offer" in text
    assert "Best wishes\nBona" in text
    assert text.endswith("-- \nBona\n{{ postal_address }}\nUnsubscribe: {{ unsubscribe_url }}\n")
    assert "**" not in text and "<" not in text


def test_right_to_left_text_is_set_from_right_to_left() -> None:
    for language, body in (("ar", "مرحبا بكم في متجرنا"), ("", "שלום לכולם, ברוכים הבאים")):
        html = render(email(language=language, bodyMarkdown=body, subject="ברוכים הבאים"), CANON).html
        assert 'dir="rtl"' in html
        assert "text-align:right" in html or "text-align: right" in html
        assert body in seen(html)
    assert 'dir="ltr"' in render(email(), CANON).html


def test_the_footer_speaks_the_email_s_language() -> None:
    words = {
        "de": "Abmelden",
        "es-MX": "Cancelar la suscripción",
        "pt_BR": "Cancelar a subscrição",
        "xx": "Unsubscribe",
    }
    for language, label in words.items():
        assert label in seen(render(email(language=language), CANON).html)


def test_an_email_that_gmail_would_cut_is_told() -> None:
    long = "\n\n".join(f"Paragraph {n} " + "word " * 60 for n in range(400))
    rules = {problem.rule: problem.severity for problem in render(email(bodyMarkdown=long), CANON).problems}
    assert rules == {"email.size": "critical"}


@pytest.mark.parametrize(
    "content", [{}, {"bodyMarkdown": None}, {"callToAction": "Go"}, {"subjects": "x"}, {"language": 5}]
)
def test_content_with_parts_missing_is_rendered(content: dict[str, object]) -> None:
    assert "<html" in render(content, None).html


@pytest.mark.parametrize(
    "body", ["> " * 500 + "a", "- " * 300 + "a", "*" * 5_000, "[" * 3_000, "\x0b\ue010 5\ue011", "\ue0109\ue011"]
)
def test_hostile_bodies_are_rendered(body: str) -> None:
    rendered = render(email(bodyMarkdown=body), CANON)
    assert "\ue010" not in rendered.html and "\ue010" not in rendered.plain_text


def test_a_design_of_ones_own_is_rendered_or_refused_with_the_reason() -> None:
    with pytest.raises(Invalid, match="cannot be drawn"):
        render_mjml("<mjml><mj-body>")
    rendered = render_mjml("<mjml><mj-body><mj-secton>a</mj-secton></mj-body></mjml>")
    assert [problem.rule for problem in rendered.problems] == ["email.mjml.unknown_tag"]


def test_the_body_of_the_sample_has_every_kind_of_block() -> None:
    assert all(mark in BODY for mark in ("# ", "> ", "- ", "1. ", "{% if", "**[", "*Terms"))
