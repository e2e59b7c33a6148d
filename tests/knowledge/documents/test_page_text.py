"""Pages of the web as text: what is read on them, and hostile ones that neither hold up nor hide anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents.page_text import page_text

PAGE = """<!DOCTYPE html><html><head><title>Soap &amp; Sons</title><meta name="d" content="x > y"><style>p{}</style>
<script>for (i=0; i<n; i++) { x = "</p>"; }</script></head>
<body class=it's><nav><a href="/">Home</a></nav><h1 title='a > b'>Clean<br>hands</h1>
<p>It is a<b>live</b>, 3 < 4 &lt;i&gt;
on</p><!-- <p>hidden</p> --><ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr></table>
<noscript>no</noscript><svg><text>drawn</text></svg><svg/><textarea>typed</textarea><pre>as
is</pre></BODY></html>"""


def test_a_page_is_its_title_headings_and_text() -> None:
    assert page_text(PAGE) == (
        "Soap & Sons",
        "Home\n\n# Clean\nhands\n\nIt is alive, 3 < 4 <i> on\n\n- one\n- two\n\na b\n\ntyped\nas\nis",
    )


@pytest.mark.parametrize(("html", "text"), [
    ("", ""), ("just words", "just words"), ("<p>open", "open"), ("<svg>not closed <b>words", "not closed words"),
    ("<script>not closed", "not closed"), ("<!-- not closed <p>words", "-- not closed\nwords"),
    ("words<p title=\"no end", "words"), ("<p title=it's>a</p><p>don't", "a\n\ndon't"), ("a</p >b", "a\nb"),
    ("<SCRIPT>x</sCript  >y", "y"), ("<script>x</scripty>z</script>y", "y"), ("&#0;&nbsp;a&unknown;", "a&unknown;"),
    ("a\x00b", "ab"), ("<p a='>'>b", "b"), ("<p a = \"'>\" b>c", "c"), ("<style/>a", "a"),
])  # fmt: skip
def test_broken_tags_hide_nothing(html: str, text: str) -> None:
    assert page_text(html)[1].replace("�", "").strip() == text


@pytest.mark.parametrize("html", [
    "<div>" * 200_000, "<p " + "a=1 b=2 " * 200_000 + ">", "<a " * 500_000, "<a b=\"" * 300_000, "<!--" * 300_000,
    "<script>" * 200_000, "<" * 2_000_000, "<td" + "\t" * 2_000_000, "<svg><title>" * 100_000, "<a b='\">" * 200_000,
    "<a " + "=" * 2_000_000, "&" * 1_000_000, "</script " * 200_000, "<x" + "/" * 2_000_000,
], ids=lambda html: html[:12])  # fmt: skip
def test_the_time_grows_with_the_length_alone(html: str) -> None:
    """What grows with the square of it takes longer than any test may."""
    assert page_text(f"{html}\">'>--></svg></title></script><p>the end")[1].endswith("the end")


@given(st.text(st.sampled_from("<>/!-\"'= \nabp&;scripttitlesvg"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_letters_are_a_page(letters: str) -> None:
    title, text = page_text(letters)
    assert "\x00" not in title + text
    assert "\n\n\n" not in text
