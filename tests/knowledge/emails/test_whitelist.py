"""The whitelist finds what the renderer lets through."""

import mrml
import pytest

from knowledge.emails.mjml_rules import ATTRIBUTES, PARENTS
from knowledge.emails.whitelist import check_mjml


def page(inside: str) -> str:
    return f"<mjml><mj-head><mj-title>x</mj-title></mj-head><mj-body>{inside}</mj-body></mjml>"


def column(inside: str) -> str:
    return page(f"<mj-section><mj-column>{inside}</mj-column></mj-section>")


FAULTS = [
    ("unknown_tag", column("<mj-txt>Hello</mj-txt>"), "<mj-txt>"),
    ("unknown_tag", page("<mj-secton><mj-column><mj-text>a</mj-text></mj-column></mj-secton>"), "<mj-secton>"),
    ("unknown_attribute", column('<mj-text colour="red">a</mj-text>'), '<mj-text colour="red">'),
    ("bad_nesting", page("<mj-text>Hello</mj-text>"), "<mj-text>"),
    ("bad_nesting", column("<mj-section><mj-column></mj-column></mj-section>"), "<mj-section>"),
    ("bad_nesting", column("<mj-text><mj-button href='https://a.example'>a</mj-button></mj-text>"), "<mj-button"),
    ("bad_nesting", column("<mj-navbar-link href='https://a.example'>a</mj-navbar-link>"), "<mj-navbar-link"),
    ("missing_alt", column('<mj-image src="https://a.example/a.png" />'), "<mj-image"),
    ("missing_alt", column('<mj-text><img src="https://a.example/a.png"/></mj-text>'), "<img"),
    ("missing_attribute", column('<mj-image alt="a" />'), "<mj-image"),
    ("button_without_link", column("<mj-button>Go</mj-button>"), "<mj-button>"),
    ("loose_text", page("<mj-section>Hello</mj-section>"), "Hello"),
    ("html_outside_text", page("<mj-section><div>Hello</div></mj-section>"), "<div>"),
    ("forbidden_html", column("<mj-text><script>alert(1)</script></mj-text>"), "<script>"),
    ("left_open", column("<mj-text><b>bold</mj-text>"), "<b>"),
    ("repeated_attribute", column('<mj-text color="red" color="blue">a</mj-text>'), "<mj-text"),
    ("stray_end", column("<mj-text>a</b></mj-text>"), "</b>"),
]


@pytest.mark.parametrize(("rule", "source", "span"), FAULTS)
def test_a_fault_is_found_at_its_place(rule: str, source: str, span: str) -> None:
    found = [problem for problem in check_mjml(source) if problem.rule == f"email.mjml.{rule}"]
    assert found, [problem.rule for problem in check_mjml(source)]
    assert found[0].text.startswith(span)
    assert source[found[0].start :].startswith(span)
    assert found[0].fix


def test_most_of_these_pass_the_renderer_in_silence() -> None:
    silent = 0
    for _, source, _ in FAULTS:
        try:
            silent += not mrml.to_html(source).warnings
        except OSError:
            continue
    assert silent >= 10


def test_what_mjml_allows_is_not_complained_about() -> None:
    source = (
        '<mjml lang="de" dir="ltr"><mj-head><mj-title>a</mj-title><mj-preview>b</mj-preview>'
        '<mj-attributes><mj-all font-family="Arial" /><mj-image border-radius="4px" /><mj-class name="big" '
        'font-size="20px" /></mj-attributes><mj-breakpoint width="480px" /><mj-style inline="inline">.a{}</mj-style>'
        '<mj-font name="Inter" href="https://a.example/inter.css" /></mj-head><mj-body background-color="#fff">'
        '<mj-wrapper padding="0"><mj-section><mj-group><mj-column width="50%"><mj-text mj-class="big" css-class="t">'
        'a &amp; <b>b</b><br>c</mj-text></mj-column></mj-group></mj-section></mj-wrapper><mj-hero mode="fluid-height">'
        '<mj-button href="https://a.example" inner-padding="4px">a</mj-button></mj-hero><mj-raw><!-- x --></mj-raw>'
        '<mj-section><mj-column><mj-image src="https://a.example/a.png" alt="" /><mj-table><tr><td>1</td></tr></mj-table>'
        '<mj-social mode="horizontal"><mj-social-element name="facebook" href="https://a.example">a</mj-social-element>'
        '</mj-social><mj-spacer height="4px" /><mj-divider /><mj-navbar><mj-navbar-link href="https://a.example">a'
        '</mj-navbar-link></mj-navbar><mj-carousel><mj-carousel-image src="https://a.example/a.png" alt="a" />'
        "</mj-carousel><mj-accordion><mj-accordion-element><mj-accordion-title>a</mj-accordion-title>"
        "<mj-accordion-text>b</mj-accordion-text></mj-accordion-element></mj-accordion></mj-column></mj-section>"
        "</mj-body></mjml>"
    )
    assert check_mjml(source) == []


def test_every_tag_with_a_place_has_its_attributes() -> None:
    assert set(PARENTS) - set(ATTRIBUTES) == {"mj-all", "mj-class"}


@pytest.mark.parametrize(
    "source", ["", "hello", "<", "<mjml", "<mjml><mj-body>" * 300, "<!--", "</mjml>" * 50, "<a " * 99]
)
def test_broken_sources_are_told_about_rather_than_failing(source: str) -> None:
    assert check_mjml(source)
