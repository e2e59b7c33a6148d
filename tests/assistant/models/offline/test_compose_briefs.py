"""What a marketer asks for is what gets written: topics, keyphrases, relevant quotes, purposes of emails, fine print."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.models.offline.compose import (
    ClientFacts,
    Sources,
    VocSnippet,
    outline_article,
    review_compliance,
    write_email,
    write_section,
)
from assistant.models.offline.compose.brief_reading import read_brief
from assistant.models.offline.compose.keyphrase import gerund, infinitive, read_keyphrase
from assistant.models.offline.compose.material import Fact, gather
from assistant.models.offline.compose.pairing import answer_to
from assistant.models.offline.compose.wording import words
from tests.assistant.models.offline.clients import builder, padel, padel_pt, payroll
from tests.assistant.models.offline.written import with_canon, write_article

DEMO = Path(__file__).parents[4] / "assistant" / "demo"
DISCLAIMER = "Prices include UK delivery."


def coffee(**changes: Any) -> Sources:
    """The demo client: beans by post, with customers' voices, as the product itself sets it up."""
    voices = yaml.safe_load((DEMO / "voices.yaml").read_text(encoding="utf-8"))
    found = [
        VocSnippet(id=f"c{number}", kind=voice["kind"], text=voice["text"], author=voice["author"],
                   rating=voice["rating"] or None, language="en", themes=voice["themes"])
        for number, voice in enumerate(voices, start=1)
    ]  # fmt: skip
    intake = yaml.safe_load((DEMO / "brief.yaml").read_text(encoding="utf-8"))
    client = ClientFacts(id="fernhill", name="Fernhill Coffee", languages=["en"])
    return with_canon(Sources.model_validate({"client": client, "intake": intake, "voc": found, **changes}))


def article(brief: str) -> str:
    return write_article(coffee(brief=brief))[2].data["markdown"]


@pytest.mark.parametrize(
    ("topic", "language", "text", "noun"),
    [
        ("How to keep coffee fresh at home", "en", "keep coffee fresh at home", "keeping coffee fresh at home"),
        ("How to choose a padel racket for beginners", "en", "padel racket for beginners", "a padel racket for beginners"),
        ("Why fresh coffee matters", "en", "fresh coffee", "fresh coffee"),
        ("How coffee farmers get paid fairly", "en", "coffee farmers", "coffee farmers"),
        ("Wie man Kaffee zu Hause frisch hält", "de", "Kaffee zu Hause frisch halten", "Kaffee zu Hause frisch halten"),
        ("Wie man einen Padelschläger für Einsteiger findet", "de", "Padelschläger für Einsteiger",
         "Padelschläger für Einsteiger"),
        ("Cómo mantener el café fresco en casa", "es", "mantener el café fresco en casa", "mantener el café fresco en casa"),
        ("Como manter o café fresco em casa", "pt", "manter o café fresco em casa", "manter o café fresco em casa"),
    ],
)  # fmt: skip
def test_a_keyphrase_has_the_forms_a_sentence_needs(topic: str, language: str, text: str, noun: str) -> None:
    phrase = read_keyphrase(topic, language)
    assert (phrase.text, phrase.noun) == (text, noun)


@pytest.mark.parametrize(
    ("verb", "noun"), [("keep", "keeping"), ("make", "making"), ("stop", "stopping"), ("tie", "tying"), ("store", "storing"),
                       ("see", "seeing"), ("avoid", "avoiding"), ("brew", "brewing"), ("plan", "planning")],
)  # fmt: skip
def test_an_english_verb_becomes_a_noun(verb: str, noun: str) -> None:
    assert gerund(f"{verb} it well") == f"{noun} it well"


@pytest.mark.parametrize(
    ("finite", "whole"), [("hält", "halten"), ("vermeidet", "vermeiden"), ("behält", "behalten"), ("macht", "machen"),
                          ("aufbewahrt", "aufbewahren"), ("vermeiden", "vermeiden"), ("lagert", "lagern")],
)  # fmt: skip
def test_a_german_verb_becomes_an_infinitive(finite: str, whole: str) -> None:
    assert infinitive(finite) == whole


@pytest.mark.parametrize(
    "brief",
    ["write an article about decaf for people who gave up on it", "Decaf for people who gave up on it",
     "Please write a blog post on decaf for people who gave up on it"],
)  # fmt: skip
def test_a_relative_clause_says_who_reads_and_is_never_cut(brief: str) -> None:
    read = read_brief(coffee(brief=brief), "en")
    assert read.keyphrase == "decaf" and read.audience == "people who gave up on it"
    assert outline_article(coffee(brief=brief)).data["title"].startswith("Decaf for people who gave up on it")


@pytest.mark.parametrize("brief", ["Explain to our customers how to store beans", "Write about how to store beans"])
def test_the_order_to_write_is_no_part_of_the_topic(brief: str) -> None:
    assert read_brief(coffee(brief=brief), "en").topic == "How to store beans"


def test_a_guide_says_how_in_sentences_that_read_naturally() -> None:
    text = article("How to keep coffee fresh at home")
    assert "To keep coffee fresh at home" in text or "If you want to keep coffee fresh at home" in text
    assert not re.search(r"\b(?:of|with|about|judge|on) keep coffee", text, re.IGNORECASE)


def test_a_guide_is_about_its_topic_and_says_what_it_does_not_cover() -> None:
    text = article("How to keep coffee fresh at home")
    steps = re.findall(r"(?m)^### \d\. (.+)$", text)
    assert steps[0] == "Look at the date first" and len(steps) == 5
    for fact in (
        "Roasted to order every Tuesday",
        "every two weeks or every month",
        "pause or stop any time",
        "A free swap",
    ):
        assert fact in text
    assert "It says nothing about the rest of keeping coffee fresh at home" in text
    assert "cardboard" not in text and "decaf in ten years" not in text


def test_an_article_on_decaf_leads_with_decaf() -> None:
    opening = article("write an article about decaf for people who gave up on it").split("\n## ")[1]
    assert "Decaf that tastes like cardboard" in opening and "Decaf Collection: three decafs" in opening
    assert "First decaf in ten years" in opening


def test_quotes_stand_where_they_belong() -> None:
    text = article("How to keep coffee fresh at home")
    assert "roast date on the bag" in text.split("### 1.")[1].split("### 2.")[0]
    assert "letterbox while I am at work" in text.split("### 2.")[1].split("### 3.")[0]


@pytest.mark.parametrize("client", [coffee, padel, payroll, builder, padel_pt])
def test_a_poor_rating_is_never_printed_as_praise(client: Any) -> None:
    for brief in ("", "delivery", "price", "what customers say"):
        sources = with_canon(client(brief=brief or "How it works"))
        poor = {voice.id for voice in sources.voc if voice.rating and voice.rating <= 2}
        for section in outline_article(sources).data["sections"]:
            if section["purpose"] not in {"problem", "before", "mistakes", "answer"}:
                assert not poor & set(section["quoteIds"]), section["heading"]


def test_a_clients_own_spelling_is_kept() -> None:
    for brief in (
        "How to keep coffee fresh at home",
        "decaf for people who gave up on it",
        "Subscription or supermarket?",
    ):
        text = article(brief)
        assert "decaf Collection" not in text and "fernhill Subscription" not in text
        assert "Fernhill Subscription: freshly roasted beans by post" in text


@pytest.mark.parametrize("client", [coffee, payroll])
def test_the_last_section_closes_with_every_disclaimer_once(client: Any) -> None:
    sources = with_canon(client(brief="How it works"))
    outline = outline_article(sources).data
    texts = [write_section(sources, outline, index).data["markdown"] for index in range(len(outline["sections"]))]
    lines = gather(sources, outline["language"]).disclaimers
    assert lines and all(texts[-1].count(line) == 1 and "".join(texts).count(line) == 1 for line in lines)
    for text in ("\n\n".join(texts), write_email(sources).data["bodyMarkdown"]):
        failed = [check["id"] for check in review_compliance(sources, text)["checks"] if not check["passed"]]
        assert not failed


def test_what_cannot_be_done_is_not_answered_with_the_same_thing() -> None:
    material = gather(with_canon(padel()), "en")
    answer = answer_to(Fact("objection", "I cannot come to Lisbon to try one", "intake"), material)
    assert answer and answer.text == "30 days to exchange a played racket"


def test_a_welcome_email_welcomes_the_reader_and_says_what_happens_next() -> None:
    email = write_email(coffee(brief="Welcome new subscribers and say what happens next")).data
    body = email["bodyMarkdown"]
    assert email["subject"].startswith("Welcome to Fernhill Coffee") and "Welcome to Fernhill Coffee" in body
    assert "new subscribers" not in body.lower() + email["subject"].lower()
    steps = re.findall(r"(?m)^\d\. (.+)$", body)
    assert steps[0] == "Roasted to order every Tuesday and posted on Wednesday." and len(steps) >= 4
    assert any("pause or stop any time" in step for step in steps) and any("free swap" in step for step in steps)
    assert DISCLAIMER in email["plainText"]


PURPOSES = {
    "Welcome new subscribers": "signing up|Good to have you here",
    "Reminder for people with a full cart": "cart at Fernhill Coffee",
    "Win back customers who have not ordered since summer": "last order|for some time",
    "Announce the Decaf Collection": "On offer at Fernhill Coffee",
    "Newsletter with tips on fresh coffee": r"\*\*Look at the date first\.\*\*",
    "Email about running out of coffee": "run out|Running out",
}


@pytest.mark.parametrize(("brief", "sign"), PURPOSES.items())
def test_each_purpose_has_its_own_structure_and_one_thing_to_do(brief: str, sign: str) -> None:
    email = write_email(coffee(brief=brief)).data
    assert re.search(sign, email["bodyMarkdown"])
    assert len(re.findall(r"\]\(http", email["bodyMarkdown"])) == 1
    assert email["bodyMarkdown"].startswith("Hello,\n") and 60 <= len(words(email["plainText"])) <= 260


def test_two_purposes_give_two_different_emails() -> None:
    bodies = {write_email(coffee(brief=brief)).data["bodyMarkdown"] for brief in PURPOSES}
    subjects = {write_email(coffee(brief=brief)).data["subject"] for brief in PURPOSES}
    assert len(bodies) == len(subjects) == len(PURPOSES)


@pytest.mark.parametrize(
    ("client", "brief", "sign"),
    [
        (payroll, "Willkommens-E-Mail für neue Abonnenten", "Willkommen bei Lohnwerk"),
        (builder, "Correo de bienvenida", "bienvenida a Casa Olmo"),
        (padel_pt, "Email de boas-vindas para novos subscritores", "Vidro & Grip"),
        (padel_pt, "Lembrete do carrinho abandonado", "carrinho"),
    ],
)
def test_purposes_are_known_in_every_language(client: Any, brief: str, sign: str) -> None:
    assert sign in write_email(with_canon(client(brief=brief))).data["bodyMarkdown"]
