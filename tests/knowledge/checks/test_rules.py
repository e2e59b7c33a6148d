"""What a score, a report and a mend are; what happens with hostile and odd input."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planted.pieces import article, email, facts
from knowledge.checks.models import Facts, Kind, Piece, Term
from knowledge.checks.piece import mended, of_content, of_text
from knowledge.checks.preflight import preflight
from knowledge.checks.reports import points

CHANNELS = "blog", "landing_page", "email", "meta", "google_search", "google_display", "linkedin", "tiktok", "text"


def rules_of(piece: Piece, known: Facts | None = None) -> set[str]:
    return {finding.rule for finding in preflight(piece, known).findings}


def test_a_content_score_agrees_with_a_sum_done_by_hand() -> None:
    given = article("en")
    given.content["slug"] = "golf-club"  # keyphrase: one minor breach, 18 of 100
    given.content["metaDescription"] = "Padel racket."  # structure: one minor breach, 18 of 100
    given.facts.terms = [Term("weight", 3.0), Term("dampener", 1.0)]  # coverage: three of four parts
    report = preflight(given.piece(), given.facts)
    groups = {group.name: group.score for group in report.groups}
    assert groups == {
        "coverage": 75, "structure": 82, "readability": 100, "keyphrase": 82, "links": 100, "structured data": 100,
        "originality": 100, "answer first": 100,
    }  # fmt: skip
    # 100 - 0.22 * 25 - 0.16 * 18 - 0.14 * 18 = 89.1
    assert report.score == 89
    assert points(report) == 8.9


def test_a_group_that_could_not_be_checked_is_left_out_and_never_counts_as_passed() -> None:
    given = article("en")
    report = preflight(given.piece(), Facts())
    assert "coverage" not in {group.name for group in report.groups}
    unknown = {one.rule for one in report.unchecked}
    assert {"seo.terms", "seo.facts", "seo.copied", "seo.link_unopened", "compliance.forbidden"} <= unknown
    assert not unknown & set(report.passed)
    assert not unknown & {finding.rule for finding in report.findings}


def test_saying_the_keyphrase_more_often_earns_nothing() -> None:
    given = article("en")
    once = preflight(given.piece(), given.facts).score
    given.content["markdown"] += "\nA padel racket is a padel racket.\n"
    assert once is not None
    more = preflight(given.piece(), given.facts).score
    assert more is not None and more <= once


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("パデルラケットの選び方。重さ、形、芯を見ます。どれが合いますか？", "ja"),
        ("كيف تختار مضرب البادل. ابدأ بالوزن ثم انظر إلى الشكل.", "ar"),
        ("איך לבחור מחבט פאדל. מתחילים במשקל ואז בצורה.", "he"),
        ("Как выбрать ракетку для паделя. Начните с веса.", "ru"),
    ],
)
def test_in_other_languages_word_rules_are_not_checked_and_say_so(text: str, language: str) -> None:
    piece = of_text(f"# {text[:20]}\n\n" + f"{text}\n\n" * 12, "blog")
    assert piece.language == language
    report = preflight(piece, Facts(keyphrase=text.split()[0]))
    why = {one.rule: one.why for one in report.unchecked}
    for rule in ("seo.transitions", "seo.passive", "seo.reading_ease"):
        assert f"“{language}”" in why[rule]


@pytest.mark.parametrize("kind", [*CHANNELS])
@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=400))
def test_any_text_is_checked_and_every_place_is_where_it_says(kind: str, text: str) -> None:
    piece = of_text(text, kind)
    report = preflight(piece, facts("en"))
    for finding in report.findings:
        if finding.place and finding.place.part in piece.parts:
            whole = piece.parts[finding.place.part]
            assert whole[finding.place.start : finding.place.end] == finding.place.text, finding
        if finding.mend:
            assert finding.mend.part in piece.parts


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "*" * 20_000, "<a " * 10_000, "<!--" * 10_000, "![" * 10_000, "<style " * 8_000, "{{" * 10_000,
     "> " * 10_000, "“" * 20_000, "#" * 20_000, "a." * 10_000, "http://" * 5_000, "1 2 3 4 5 " * 4_000,
     "A B C D E " * 4_000, "no " * 10_000, "x" * 100_000, "\n" * 50_000],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["blog", "email", "google_search"])
def test_hostile_text_takes_no_longer_than_text(kind: str, text: str) -> None:
    begun = time.process_time()
    preflight(of_text(text, kind), facts("en"))
    if kind == "email":
        preflight(of_content("email", "email_html", "", {"subject": "a", "html": text}), facts("en"))
    assert time.process_time() - begun < 5


def test_an_email_with_two_hundred_merge_tags_is_checked_and_the_broken_one_found() -> None:
    given = email("en")
    given.content["bodyMarkdown"] += "\n" + " ".join(f"{{{{ field_{n} }}}}" for n in range(200)) + "\n"
    assert "email.merge_tags" not in rules_of(given.piece(), given.facts)
    given.content["bodyMarkdown"] += "{{ field_201 \n"
    assert "email.merge_tags" in rules_of(given.piece(), given.facts)


def test_mends_are_certain_and_make_the_finding_go_away() -> None:
    given = email("en")
    given.content["subject"] = "Re: Your racket"
    given.content["bodyMarkdown"] = "Come to nordlicht padel, and nordlicht padel comes to you."
    given.content["plainText"] = "Come to Nordlicht Padel, and Nordlicht Padel comes to you. Unsubscribe."
    piece = given.piece()
    before = preflight(piece, given.facts)
    mends = [finding.mend for finding in before.findings if finding.mend]
    title, content = mended(piece, mends)
    assert title == content["subject"] == "Your racket"
    assert content["bodyMarkdown"].startswith("Come to Nordlicht Padel, and Nordlicht Padel comes to you.")
    assert content["bodyMarkdown"].endswith("*Prices include VAT.*")
    after = preflight(of_content("email", "email_html", title, content), given.facts)
    assert not [finding for finding in after.findings if finding.mend]


def test_a_headline_is_mended_in_its_place_in_the_list() -> None:
    content = {"headlines": ["Padel!", "Golf", "Tennis"], "descriptions": ["One more", "And one"]}
    piece = of_content("google_search", "search_ad", "Ad", content)
    mends = [finding.mend for finding in preflight(piece).findings if finding.mend]
    assert mended(piece, mends)[1]["headlines"] == ["Padel", "Golf", "Tennis"]
    assert content["headlines"][0] == "Padel!"


def test_a_claim_that_is_denied_or_quoted_is_none() -> None:
    body = "There is no risk-free racket. “It is the best racket of all,” says a song."
    assert not {"compliance.guarantee", "compliance.superlative"} & rules_of(of_text(body, "text"))
    assert "compliance.superlative" in rules_of(of_text("It is the best racket of all.", "text"))


def test_a_regulated_claim_passes_with_the_canons_note_and_disclaimer_only() -> None:
    known = facts("en")
    assert known.canon
    text = "Padel lowers your blood pressure.\n\nPrices include VAT."
    assert "compliance.health" in rules_of(of_text(text, "blog"), known)
    known.canon["constraints"]["legal"]["regulatedClaimsNotes"] = ["Health claims only with the disclaimer."]
    assert "compliance.health" not in rules_of(of_text(text, "blog"), known)
    assert "compliance.health" in rules_of(of_text("Padel lowers your blood pressure.", "blog"), known)


@pytest.mark.parametrize(
    ("channel", "format", "kind"),
    [
        ("blog", "blog_post", "article"),
        ("blog", "landing_page", "landing"),
        ("email", "email_html", "email"),
        ("instagram", "static_1080x1080", "meta"),
        ("google_search", "search_ad", "google_search"),
        ("podcast", "script", "text"),
    ],
)
def test_channel_and_format_say_which_rules_apply(channel: str, format: str, kind: Kind) -> None:
    assert of_content(channel, format, "A", {"text": "b"}).kind == kind
