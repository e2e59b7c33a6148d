"""The offline critics: findings with the exact span, and no complaint about clean text."""

import pytest

from assistant.models.offline.compose import Sources, answer_question, review_brand, review_compliance, write_email
from knowledge.artifacts.registry import validate
from tests.assistant.models.offline.clients import builder, padel, padel_pt, payroll
from tests.assistant.models.offline.written import with_canon, write_article

BAD = (
    "In today's world we are the best. Studies show that 73% save money!!! "
    "“They changed my life forever and ever” — Anna. Cheap rackets at https://evil.example for {name}. "
    "Do you suffer from elbow pain? Revolutionary cheap rackets for everybody, only today!!!"
)


def failed(report: dict, prefix: str = "") -> dict[str, dict]:
    return {check["id"]: check for check in report["checks"] if not check["passed"] and check["id"].startswith(prefix)}


@pytest.mark.parametrize("review", [review_brand, review_compliance])
def test_a_finding_names_the_exact_span(review) -> None:
    report = review(with_canon(padel()), BAD)
    validate("qa_report", report)
    assert report["verdict"] == "fail" and report["score"] < 5
    for check in failed(report).values():
        where = check["where"]
        assert where is None or BAD[where["start"] : where["end"]] == where["text"]
        assert check["fix"]


def test_compliance_finds_each_kind_of_breach() -> None:
    report = review_compliance(with_canon(padel()), BAD)
    found = {name.rsplit("-", 1)[0] for name in failed(report)}
    assert found >= {
        "compliance.forbidden", "compliance.testimonial", "figure-without-source", "link-without-source",
        "compliance.superlative", "compliance.study", "compliance.personal_attribute",
    }  # fmt: skip


def test_brand_finds_banned_words_gaps_empty_openers_and_bad_examples() -> None:
    found = {name.rsplit("-", 1)[0] for name in failed(review_brand(with_canon(padel()), BAD))}
    assert found >= {"brand.banned", "brand.placeholder", "seo.filler", "brand.bad_example", "brand.exclamation"}


@pytest.mark.parametrize(
    ("client", "brief"),
    [
        (padel, "How to choose a padel racket"),
        (payroll, "Fehler in der Lohnabrechnung"),
        (builder, "Reforma de baño"),
        (padel_pt, "Primeira raquete"),
    ],
)
def test_what_the_writer_writes_passes_both_reviews(client, brief: str) -> None:
    sources = with_canon(client(brief=brief))
    for text in (write_article(sources)[2].data["markdown"], write_email(sources).data["bodyMarkdown"]):
        assert failed(review_compliance(sources, text)) == {}
        assert review_brand(sources, text)["verdict"] == "pass"


def test_a_missing_disclaimer_fails_and_is_given_word_for_word() -> None:
    report = review_compliance(with_canon(payroll()), "Die Abrechnung stimmt.")
    check = failed(report)["compliance.disclaimer-1"]
    assert check["severity"] == "critical" and "Lohnwerk ersetzt keine Steuer- oder Rechtsberatung." in check["fix"]


def test_a_quote_with_one_word_changed_is_not_verbatim() -> None:
    true = "“They let me hit with three rackets and I knew after ten minutes.” — Tom R."
    sources = with_canon(padel())
    assert not failed(review_compliance(sources, true), "compliance.testimonial")
    assert failed(review_compliance(sources, true.replace("ten", "five")), "compliance.testimonial")


def test_a_figure_written_another_way_is_the_same_figure() -> None:
    sources = with_canon(builder())
    assert not failed(review_compliance(sources, "Baños desde 6800 euros, con más de 140 reformas."), "figure")
    assert failed(review_compliance(sources, "Baños desde 5.900 euros."), "figure")


def test_mixed_address_in_german_is_found() -> None:
    assert "brand.address-1" in failed(
        review_brand(payroll(), "Hier finden Sie alles, was du für die Abrechnung brauchst.")
    )


def test_customers_are_quoted_with_their_names_about_the_subject_asked_for() -> None:
    answer = answer_question(with_canon(padel()), "What do customers say about price?")
    assert "“A bit more expensive than Amazon, but nobody at Amazon watched me play.” (Rui S., review)" in answer
    assert "ice on my arm" not in answer and "[voc:" not in answer


def test_the_ids_of_quotes_are_given_when_they_are_asked_for() -> None:
    answer = answer_question(with_canon(padel()), "What do customers say about price? With ids, please")
    assert "watched me play.” (Rui S., review) [voc:v4]" in answer


@pytest.mark.parametrize(
    ("client", "question", "expected"),
    [
        (padel, "Who is our audience?", "New padel players"),
        (padel, "What is our promise?", "No strategy is approved yet"),
        (padel, "What's next?", "metric schema"),
        (padel, "What do customers say about shoes?", "No customer voice on file says anything about shoes."),
        (padel, "What is the weather in Paris?", "The sources do not say."),
        (padel, "How much does it cost?", "Rackets from 79 € to 249 €"),
        (padel, "Why should people buy from us?", "“They let me hit with three rackets"),
        (padel, "Who are our competitors?", "Decathlon, Amazon, Padel Nuestro"),
        (padel, "What is our tone of voice?", "warm, direct"),
        (padel, "What are our goals?", "300 orders in 12 weeks"),
        (payroll, "Was sagen Kunden über den Wechsel?", "mitten im Jahr das System zu wechseln.“ (Herr Brandt"),
        (payroll, "Welche Pflichthinweise gibt es?", "Lohnwerk ersetzt keine Steuer- oder Rechtsberatung."),
        (builder, "¿Cuánto cuesta un baño?", "Baños desde 6.800 €"),
        (padel_pt, "O que dizem os clientes sobre o cotovelo?", "o meu cotovelo pagou a conta"),
    ],
)
def test_questions_are_answered_from_the_sources_in_their_language(client, question: str, expected: str) -> None:
    assert expected in answer_question(with_canon(client()), question)


def test_a_client_with_nothing_on_file_is_sent_to_the_intake() -> None:
    assert "/intake" in answer_question(Sources(), "Who is our audience?")
