"""Sample answers of the HTTP contract: one believable client, with text that tries to misbehave in one document."""

from datetime import UTC, datetime, timedelta
from typing import Any

from knowledge.artifacts.intake_form import SECTIONS, FormField

Json = dict[str, Any]
HOSTILE = (
    "<script>window.pwned = 1</script> ![pixel](http://evil.example/p.png) "
    "<img src=http://evil.example/i.png onerror=alert(1)>"
)


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


CANON: Json = {
    "clientId": "c1",
    "brand": {
        "story": "Lumen Coffee began in 2019 in a Berlin backyard, with one 5 kg roaster and a promise: nobody should "
        "need a barista course to make a good cup at home.",
        "mission": "Make good coffee at home the easy choice.",
        "values": ["Plain words", "Fair to growers", "Fresh or not at all"],
        "toneOfVoice": {
            "do": ["Explain in everyday words", "Say the figure"],
            "dont": ["Talk down to beginners", "Use roaster jargon"],
            "examples": {"good": ["Roasted Tuesday, in your cup by Friday."], "bad": ["Indulge in notes of bergamot."]},
        },
    },
    "offers": [
        {
            "offerId": "offer-1",
            "primary": True,
            "positioning": "The subscription for people who want good coffee without a hobby.",
            "keyBenefits": ["Fresh every two weeks", "Pause in one click"],
            "pricePoints": [{"label": "2 × 250 g", "amount": "19.00", "currency": "EUR"}],
            "guarantees": ["First bag free if you do not like it"],
        }
    ],
    "icps": [
        {
            "id": "icp-1",
            "name": "The tired office drinker",
            "description": "30–45, works from home three days, drinks supermarket coffee and resents it.",
            "jobsToBeDone": ["A good first cup without thinking"],
            "commonObjections": ["Too dear", "I will forget to cancel"],
        }
    ],
    "constraints": {"legal": {"forbiddenPhrases": ["cures", "detox"], "requiredDisclaimers": []}},
    "voiceOfCustomer": {"reviews": []},
}

CANON_MARKDOWN = """# Client canon: Lumen Coffee

Lumen Coffee began in 2019 in a Berlin backyard, with one 5 kg roaster and a promise: nobody should need a barista
course to make a good cup at home.

## Offers

**The Lumen subscription** is for people who want good coffee without a hobby.

| price point | amount |
|---|---|
| 2 × 250 g | €19.00 |
| 4 × 250 g | €36.00 |

- Fresh every two weeks
- Pause in one click
- First bag free if you do not like it

## Who buys

1. **The tired office drinker**: 30–45, works from home three days, drinks supermarket coffee and resents it.
2. **The gift giver**: wants something that arrives on time and feels thought about.

> "I just want it to taste like the café, without the fuss." (review r-114)

## Never said

The words *cures* and *detox*: health claims are regulated. See [the rule](https://eur-lex.europa.eu/).
"""

INTAKE_DATA: Json = {
    "identity": {
        "name": "Lumen Coffee",
        "website": "https://lumen.example",
        "noWebsiteYet": False,
        "industry": "E-commerce",
        "geography": "Germany and Austria",
        "timezone": "Europe/Berlin",
        "contactEmail": "hello@lumen",
    },
    "offer": {
        "primaryOffers": ["Coffee subscription", "Single bags"],
        "pricing": "€19 to €36 a delivery",
        "aov": "28",
        "ltv": None,
        "currency": "EUR",
        "differentiators": [],
        "competitors": ["Supermarket brands"],
        "proof": [],
    },
    "audience": {"targetAudience": None, "painPoints": [], "desiredOutcomes": [], "objections": []},
    "goals": {
        "objective": "sales",
        "kpiTargets": ["300 orders in 12 weeks"],
        "startDate": None,
        "endDate": None,
        "durationWeeks": 12,
        "budgetMin": None,
        "budgetMax": "900",
        "regulatedClaims": [],
        "forbiddenTopics": [],
    },
    "voice": {
        "tone": "Warm, plain, a little dry",
        "voiceExamples": ["No fuss, just fresh."],
        "bannedWords": ["fuss"],
        "requiredDisclaimers": [],
        "languages": ["en"],
    },
    "access": {
        "brandKitUrl": None,
        "contentLibraryUrl": None,
        "socialHandles": [],
        "analyticsStatus": None,
        "adAccountStatus": None,
    },
    "delivery": {"outputs": ["pdf"], "reportFrequency": None},
    "hiring": {"evp": None, "roleTypes": [], "locations": [], "employerBrandNotes": None},
    "ecommerce": {"productFeedUrl": None, "topSkus": [], "typicalMargins": None},
    "services": {"serviceDeckUrl": None, "serviceAreas": [], "bookingUrl": None},
}


_KINDS = {"bool": "tick", "multichoice": "choices"}


def _question(field: FormField) -> Json:
    when = (
        {"field": field.shown_when.path, "in": field.shown_when.any_of, "contains": True} if field.shown_when else None
    )
    options = [{"value": choice.value, "label": choice.label} for choice in field.choices]
    return {
        "name": field.path,
        "label": field.label,
        "help": field.help,
        "kind": _KINDS.get(field.kind, field.kind),
        "required": field.required,
        "options": options,
        "otherAllowed": field.other_allowed,
        "when": when,
        "unless": field.unless,
    }


INTAKE_FORM: Json = {
    "sections": [
        {"id": one.key, "title": one.title, "help": one.help, "fields": [_question(field) for field in one.fields]}
        for one in SECTIONS
    ]
}

ARTICLE = """# Cold brew at home: how to get it right the first time

Cold brew is coffee for people who plan one evening ahead. You need a jar, water and time; this is how much of each.

## What you need

- 60 g of coarse ground coffee
- 1 litre of cold water
- A jar with a lid

## How to do it

1. Put the coffee in the jar and pour the water over it.
2. Stir once, close the lid, leave it for 14 hours.
3. Strain it through a paper filter.

Some say that cold brew cures tiredness for good. It does not, but it is gentle on the stomach.

## How long it keeps

Five days in the fridge, closed: after that it tastes flat.
"""

EMAIL_HTML = """<!doctype html><html><body style="margin:0;background:#f4f1ec;font-family:Georgia,serif;color:#2b2118">
<table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px">
<table width="520" style="max-width:100%;background:#ffffff;border-radius:8px"><tr><td style="padding:28px">
<h1 style="font-size:22px;margin:0 0 12px">Roasted Tuesday, in your cup by Friday</h1>
<p style="line-height:1.6">You told us you want coffee that tastes like the café, without the fuss. Here is the first bag.</p>
<p><a href="https://lumen.example"
style="background:#4f46e5;color:#ffffff;padding:10px 18px;border-radius:6px;text-decoration:none">Try the first bag</a></p>
<img src="http://evil.example/pixel.png" width="1" height="1"><script>top.pwned = 1</script>
</td></tr></table></td></tr></table></body></html>"""

EMAIL_TEXT = (
    "Roasted Tuesday, in your cup by Friday\n\nYou told us you want coffee that tastes like the café.\n\n"
    "Try the first bag: https://lumen.example\n"
)


def check(key: str, rule: str, severity: str, passed: bool, text: str = "", fix: str = "") -> Json:
    return {
        "id": key,
        "rule": rule,
        "severity": severity,
        "passed": passed,
        "evidence": "Computed from the canon.",
        "where": {"part": "sections.1", "text": text, "start": 10, "end": 10 + len(text)} if text else None,
        "fix": fix,
    }


FINDINGS: list[Json] = [
    {
        "reviewer": "compliance",
        "scored": True,
        "verdict": "fail",
        "score": 4.5,
        "checks": [
            check(
                "c1",
                "No forbidden phrase",
                "critical",
                False,
                "cures tiredness",
                "Say what it does: it is gentle on the stomach.",
            ),
            check("c2", "Required disclaimers present", "major", True),
        ],
    },
    {
        "reviewer": "brand",
        "scored": True,
        "verdict": "needs_changes",
        "score": 7.5,
        "checks": [
            check("b1", "Says the figure", "minor", False, "Stir once", "Say for how long."),
            check("b2", "No roaster jargon", "minor", True),
        ],
    },
    {
        "reviewer": "originality",
        "scored": False,
        "verdict": "needs_changes",
        "score": 7.0,
        "checks": [
            check(
                "swipe-s1", "Too close to an ad of ManClub.", "minor", False, "Stir once", "Say it in your own words."
            ),
        ],
    },
    {
        "reviewer": "preflight",
        "scored": False,
        "verdict": "pass",
        "score": 7.4,
        "checks": [],
        "unchecked": [
            {"rule": "The text covers the terms of its topic.", "why": "there is no research on this topic"},
            {"rule": "The facts that other pages have are there.", "why": "there is no research on this topic"},
            {"rule": "Every link was opened or given.", "why": "no address was opened for this client"},
        ],
    },
]
