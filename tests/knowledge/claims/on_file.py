"""A small client with everything on file that claims in the tests rest on, in four languages."""

from typing import Any

from knowledge.claims import shelf as shelves
from knowledge.claims.extraction import extract
from knowledge.claims.matching import Shelf, judge
from knowledge.claims.models import About, Found, Verdict

CANON: dict[str, Any] = {
    "brand": {
        "story": "Fernhill roasts coffee in Bristol since 2014.",
        "toneOfVoice": {"do": ["Say we are the best."]},
    },
    "offers": [
        {
            "offerId": "o1",
            "primary": "Fernhill Subscription: freshly roasted coffee beans by post",
            "keyBenefits": [
                "Roasted to order every Tuesday and posted on Wednesday",
                "Fits through the letterbox, so nobody waits in for a parcel",
                "Decaf without solvents",
            ],
            "pricePoints": [{"label": "Subscription bag", "amount": "9.50", "currency": "GBP"}],
            "guarantees": ["30 days to exchange a bag that is not to your taste"],
        }
    ],
    "constraints": {
        "legal": {
            "regulatedClaimsNotes": ["Health effects of caffeine need a legal opinion"],
            "requiredDisclaimers": ["Prices include UK delivery."],
        }
    },
}
INTAKE: dict[str, Any] = {
    "identity": {"name": "Fernhill Coffee"},
    "offer": {
        "primaryOffers": ["Coffee beans by post"],
        "pricing": "Beans from 11 € to 24 € a bag; machine rental 15 € a month",
        "proof": ["4.8 of 5 on Google from 312 reviews", "Best roaster of the year, Bristol Food Awards 2023"],
        "differentiators": [
            "Kündbar jederzeit zum Monatsende",
            "Jede Bohne wird in Hamburg geröstet",
            "Dos años de garantía en cada molinillo",
            "Entrega em 48 horas em Lisboa",
            "Climate neutral shipping, certified by the post office",
        ],
        "competitors": ["Beanbox"],
    },
    "goals": {"objective": "300 new subscriptions"},
}
VOICES = {
    "v1": "I was sceptical, but the decaf tastes like coffee and not like cardboard.",
    "v2": "Der Kaffee kam am Freitag, und er war wirklich frisch geröstet.",
    "v3": "En dos días lo tenía en casa y huele a gloria.",
}


def about() -> About:
    return shelves.about("Fernhill Coffee", CANON, INTAKE)


def shelf(*, disclaimed: bool = True) -> Shelf:
    passages = [
        *shelves.of_document("canon", "c1", "Client canon", CANON),
        *shelves.of_document("intake", "i1", "Intake", INTAKE),
    ]
    voices = [shelves.passage("voc", id, text, "a review") for id, text in VOICES.items()]
    return Shelf(tuple(passages), tuple(voices), disclaimed)


def claims(text: str, part: str = "body") -> list[Found]:
    return extract([(part, text)], about())


def judged(text: str, part: str = "body", **more: Any) -> list[tuple[Found, Verdict]]:
    return [(one, judge(one, shelf(**more))) for one in claims(text, part)]


def verdict(text: str, part: str = "body", **more: Any) -> tuple[str, str]:
    """Kind and status of the one claim in the text."""
    found = judged(text, part, **more)
    assert len(found) == 1, [(one.kind, one.text) for one, _ in found]
    return found[0][0].kind, found[0][1].status
