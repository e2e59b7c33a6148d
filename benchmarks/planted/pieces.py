"""The clean pieces, in each language: an article, a landing page, an email with its HTML, an ad for each platform."""

import copy
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.checks.models import Facts, Piece, Term
from knowledge.checks.piece import of_content

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "es", "pt")
NAME, WEBSITE = "Nordlicht Padel", "https://www.nordlicht-padel.de"
PALETTE = ["#1f4e5f", "#e8b04b"]


@dataclass
class Given:
    """What a piece is made of, to be changed by a plant before it is read."""

    language: str
    channel: str
    format: str
    title: str
    content: dict[str, Any]
    facts: Facts

    def piece(self) -> Piece:
        return of_content(self.channel, self.format, self.title, self.content)

    def copy(self) -> "Given":
        return copy.deepcopy(self)


@cache
def words(language: str) -> dict[str, Any]:
    articles = tomllib.loads((HERE / "articles.toml").read_text("utf-8"))[language]
    emails = tomllib.loads((HERE / "emails.toml").read_text("utf-8"))[language]
    return {"article": articles, "email": emails}


def facts(language: str) -> Facts:
    """All that can be known is: so that a rule that is not checked is a gap of this benchmark."""
    article, email = words(language)["article"], words(language)["email"]
    return Facts(
        canon=canon(language),
        client_name=NAME,
        website=WEBSITE,
        keyphrase=article["keyphrase"],
        terms=[Term(text, 1.0) for text in article["words"]],
        facts=list(article["facts"]),
        competitor_texts=[
            "A page about tennis nets, their posts and the height at which they hang in summer and winter."
        ],
        opened_urls={article["link"], WEBSITE},
        own_pages=[article["link"]],
        quotes={"voc-1": email["quote"]},
        swipes=[],
        bad_examples=[],
        language=language,
        known_texts=[f"{NAME} has three courts."],
    )


def canon(language: str) -> dict[str, Any]:
    return {
        "brand": {
            "toneOfVoice": {
                "do": [],
                "dont": [],
                "examples": {"good": [], "bad": ["Smash every doubt with our mighty wonder stick today"]},
            },
            "visualStyleRefs": {"palette": PALETTE},
        },
        "constraints": {
            "legal": {
                "forbiddenPhrases": [],
                "requiredDisclaimers": [words(language)["email"]["disclaimer"]],
                "regulatedClaimsNotes": [],
            },
            "platform": {"metaRedLines": [], "googleRedLines": [], "tiktokRedLines": [], "pastViolations": []},
        },
    }


def article(language: str) -> Given:
    text = words(language)["article"]
    content = {
        "markdown": text["markdown"].strip() + "\n",
        "slug": text["slug"],
        "metaDescription": text["description"],
        "language": language,
        "structuredData": structured_data(text["title"], text["question"]),
    }
    return Given(language, "blog", "blog_post", text["title"], content, facts(language))


def structured_data(title: str, question: str) -> list[str]:
    page = {"@context": "https://schema.org", "@type": "Article", "headline": title}
    answers = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": "350–370 g."}}
        ],
    }
    return [json.dumps(page, ensure_ascii=False), json.dumps(answers, ensure_ascii=False)]


def landing(language: str) -> Given:
    given = article(language)
    given.channel, given.format = "landing_page", "landing_page"
    return given


def email(language: str) -> Given:
    text = words(language)["email"]
    content = {
        "subject": text["subject"],
        "preheader": text["preheader"],
        "bodyMarkdown": text["body"].strip() + "\n",
        "plainText": plain_text(text),
        "callToAction": {"label": text["label"], "url": f"{WEBSITE}/"},
        "html": html(text),
        "headers": {
            "List-Unsubscribe": "<https://www.nordlicht-padel.de/u/1>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "language": language,
    }
    return Given(language, "email", "email_html", text["subject"], content, facts(language))


def plain_text(text: dict[str, Any]) -> str:
    body = text["body"].strip().replace("*", "")
    return f"{body}\n\n{text['label']}: {WEBSITE}/\n\n{text['footer']}\n{text['unsubscribe']}: {WEBSITE}/u/1\n"


def html(text: dict[str, Any]) -> str:
    paragraphs = "".join(f"<p>{part.strip('*')}</p>" for part in text["body"].strip().split("\n\n"))
    return (
        '<!doctype html><html><head><style>a{color:#1f4e5f}</style></head><body style="background:#ffffff;color:#222222">'
        f'<img src="{WEBSITE}/a.jpg" alt="{text["picture"]}" width="600">{paragraphs}'
        f'<a href="{WEBSITE}/" style="background:#1f4e5f;color:#fff">{text["label"]}</a>'
        f'<p>{text["footer"]}</p><p><a href="{WEBSITE}/u/1">{text["unsubscribe"]}</a></p></body></html>'
    )


def google(language: str) -> Given:
    text = words(language)["email"]
    content = {name: list(text[name]) for name in ("headlines", "descriptions", "paths")}
    return Given(language, "google_search", "search_ad", "Ad", {**content, "language": language}, facts(language))


def display(language: str) -> Given:
    text = words(language)["email"]
    content = {
        "headline": text["headlines"][0],
        "longHeadline": text["descriptions"][0],
        "description": text["descriptions"][1],
        "businessName": NAME,
        "media": [{"kind": "image", "width": 1200, "height": 628, "bytes": 200_000}],
        "language": language,
    }
    return Given(language, "google_display", "display_ad", "Ad", content, facts(language))


def meta(language: str) -> Given:
    text = words(language)["email"]
    content = {
        "primaryText": f"{text['meta'][0]} {text['disclaimer']}",
        "headline": text["meta"][1],
        "description": text["meta"][2],
        "media": [
            {"kind": "image", "width": 1080, "height": 1080, "bytes": 300_000},
            {
                "kind": "image",
                "width": 1080,
                "height": 1920,
                "bytes": 300_000,
                "textBoxes": [{"top": 0.2, "bottom": 0.7}],
            },
        ],
        "language": language,
    }
    return Given(language, "meta", "static_1080x1080", "Ad", content, facts(language))


def linkedin(language: str) -> Given:
    text = words(language)["email"]
    content = {
        "introText": f"{text['linkedin']} {text['disclaimer']}",
        "headline": text["meta"][1],
        "media": [{"kind": "image", "width": 1200, "height": 628, "bytes": 300_000}],
        "language": language,
    }
    return Given(language, "linkedin", "static_1200x628", "Ad", content, facts(language))


def tiktok(language: str) -> Given:
    text = words(language)["email"]
    content = {
        "text": text["tiktok"],
        "brandName": NAME,
        "media": [{"kind": "video", "width": 1080, "height": 1920, "bytes": 9_000_000, "seconds": 20}],
        "language": language,
    }
    return Given(language, "tiktok", "video_script_30s", "Ad", content, facts(language))


CLEAN = {
    "article": article, "landing": landing, "email": email, "google_search": google, "google_display": display, "meta": meta,
    "linkedin": linkedin, "tiktok": tiktok,
}  # fmt: skip
