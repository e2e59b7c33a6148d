"""Briefs as people drop them: every format, four languages."""

import json

import docx
import pytest

from knowledge.artifacts.brief_labels import path_of, path_within
from knowledge.artifacts.brief_reading import read_brief
from knowledge.artifacts.intake_form import FIELDS, check_intake
from knowledge.artifacts.registry import validate
from tests.knowledge.artifacts.briefs import GERMAN, MARKDOWN, PORTUGUESE, SPANISH, answers, docx_of, pdf_of, read_text
from tests.knowledge.artifacts.examples import example


def test_a_markdown_brief_is_read_by_headings_labels_lists_and_tables():
    reading = read_brief("brief.md", MARKDOWN.encode())
    found = answers(reading)
    assert found == {
        "identity.name": "Lumen Candles",
        "identity.website": "https://lumen.example",
        "identity.industry": "E-commerce",
        "identity.geography": "Germany and Austria",
        "identity.contactEmail": "hello@lumen.example",
        "offer.primaryOffers": ["Refillable soy candle", "Refill pack"],
        "offer.pricing": "29 to 49 EUR",
        "offer.aov": "42.00",
        "offer.currency": "EUR",
        "offer.differentiators": ["The glass is refilled, never thrown away", "Poured in Leipzig"],
        "audience.targetAudience": "City renters of 25 to 40 who buy fewer, better things.",
        "audience.painPoints": ["Candles that smoke: nobody says so", "Glass in the bin"],
        "audience.desiredOutcomes": ["A home that smells calm"],
        "goals.objective": "sales",
        "goals.budgetMin": "3000",
        "goals.budgetMax": "6000",
        "goals.startDate": "2026-03-01",
        "goals.durationWeeks": 13,
        "voice.tone": "Warm, dry, short",
        "voice.languages": ["en", "de"],
        "voice.bannedWords": ["cheap", "non-toxic"],
        "delivery.outputs": ["pdf", "pptx"],
        "delivery.reportFrequency": "weekly",
    }
    assert reading.unread == ["Legal entity: Lumen GmbH"]
    assert any("13 weeks" in note for note in reading.notes)
    assert check_intake(reading.data).errors == []


@pytest.mark.parametrize("brief", [GERMAN, SPANISH, PORTUGUESE])
def test_german_spanish_and_portuguese_labels_answer_everything_that_is_required(brief: str):
    reading = read_brief("brief.txt", brief.encode())
    found = answers(reading)
    assert check_intake(reading.data).errors == []
    assert found["goals.objective"] == "sales"
    assert found["voice.languages"][0] in ("de", "es", "pt")
    assert reading.unread == []


def test_a_portuguese_budget_is_an_amount_with_its_currency():
    found = read_text(PORTUGUESE)
    assert found["goals.budgetMax"] == "10000"
    assert found["offer.currency"] == "BRL"


@pytest.mark.parametrize("name", ["brief.json", "brief.yaml", "brief"])
def test_our_own_form_as_json_comes_back_as_it_was(name: str):
    reading = read_brief(name, json.dumps(example("intake")).encode())
    given_data, found = validate("intake", example("intake")), validate("intake", reading.data)
    given_data.goals.budget_min, given_data.goals.budget_max = "3000", "6000"  # pyright: ignore
    assert found == given_data
    assert reading.unread == []


@pytest.mark.parametrize(
    "yaml_text",
    [
        "clientName: Lumen\npainPoints: [smoke, waste]\ntargetAudience: renters in cities\nbudget: {min: 10, max: 20}",
        "client_name: Lumen\npain_points:\n  - smoke\n  - waste\ntarget_audience: renters in cities\nbudget: 10 - 20",
        "Client name: Lumen\nPain points: [smoke, waste]\nTarget audience: renters in cities\nBudget from: 10\n"
        "Budget up to: 20",
        "client: {name: Lumen}\naudience: {description: renters in cities, pains: [smoke, waste]}\n"
        "goals: {budget_min: 10, budget_max: 20}",
    ],
)
def test_keys_may_be_camel_snake_or_labels_nested_or_flat(yaml_text: str):
    assert read_text(yaml_text, "brief.yaml") == {
        "identity.name": "Lumen",
        "audience.painPoints": ["smoke", "waste"],
        "audience.targetAudience": "renters in cities",
        "goals.budgetMin": "10",
        "goals.budgetMax": "20",
    }


def test_the_name_of_an_offer_is_not_the_name_of_the_client():
    found = read_text("offers:\n  - {name: Candle, price: 42}\noffer:\n  name: Refill", "brief.yml")
    assert found == {"offer.primaryOffers": ["Candle, 42", "Refill"]}


def test_front_matter_and_text_of_a_markdown_file_are_both_read():
    found = read_text("---\nclient: Lumen\n---\n# Tone\nWarm and dry\n")
    assert found == {"identity.name": "Lumen", "voice.tone": "Warm and dry"}


def test_yaml_dates_numbers_and_a_missing_website_are_understood():
    found = read_text("start date: 2026-03-01\naov: 42.5\nwebsite: no\nweeks: 6\n", "b.yaml")
    assert found == {
        "goals.startDate": "2026-03-01",
        "offer.aov": "42.5",
        "identity.noWebsiteYet": True,
        "goals.durationWeeks": 6,
    }


def test_a_date_that_can_be_read_in_two_ways_is_kept_as_written_and_asked_about():
    reading = read_brief("b.txt", b"Start date: 03/04/2026")
    assert answers(reading) == {"goals.startDate": "03/04/2026"}
    assert "two ways" in reading.notes[0]
    assert "goals.startDate" in {finding.field for finding in check_intake(reading.data).errors}


def test_a_docx_is_read_by_its_headings_lists_and_tables():
    document = docx.Document()
    document.add_heading("Marketing brief", 0)
    document.add_paragraph("Client: Lumen Candles")
    document.add_heading("Pain points", 2)
    document.add_paragraph("Candles that smoke", style="List Bullet")
    document.add_paragraph("Glass in the bin", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Tone of voice", "Warm, dry"
    table.cell(1, 0).text, table.cell(1, 1).text = "Website", "https://lumen.example/a"
    assert answers(read_brief("brief.docx", docx_of(document))) == {
        "identity.name": "Lumen Candles",
        "audience.painPoints": ["Candles that smoke", "Glass in the bin"],
        "voice.tone": "Warm, dry",
        "identity.website": "https://lumen.example/a",
    }


def test_a_pdf_is_read_across_its_pages():
    content = pdf_of(["Client: Lumen Candles", "Pain points", "- Candles that smoke"], ["Tone: Warm, dry"])
    assert answers(read_brief("brief.pdf", content)) == {
        "identity.name": "Lumen Candles",
        "audience.painPoints": ["Candles that smoke"],
        "voice.tone": "Warm, dry",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_umlauts_survive_every_common_encoding(encoding: str):
    reading = read_brief("b.txt", "Zielgruppe: Mieter in Köln\r\nTonalität: schön trocken".encode(encoding))
    assert answers(reading) == {"audience.targetAudience": "Mieter in Köln", "voice.tone": "schön trocken"}
    assert bool(reading.notes) == (encoding == "cp1252")


def test_a_very_long_answer_is_cut_and_said_so():
    reading = read_brief("b.txt", f"Tone: {'warm ' * 10_000}".encode())
    assert len(answers(reading)["voice.tone"]) <= 20_000


def test_every_field_is_found_by_the_label_of_the_form():
    for path, field in FIELDS.items():
        assert path_of(field.label) == path, field.label


def test_questions_name_a_field_only_when_it_is_one():
    assert path_within("Who is your target audience?") == "audience.targetAudience"
    assert path_within("Which pain points do your competitors have?") is None
    assert path_within("Hello") is None
