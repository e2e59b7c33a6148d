"""One complete document of each artifact type, as it is stored, for tests to start from and bend."""

import copy
from typing import Any

INTAKE: dict[str, Any] = {
    "identity": {
        "name": "Lumen Candles",
        "website": "https://lumen.example",
        "industry": "E-commerce",
        "geography": "Germany and Austria",
        "timezone": "Europe/Berlin",
        "contactEmail": "hello@lumen.example",
    },
    "offer": {
        "primaryOffers": ["Refillable soy candle"],
        "pricing": "29 to 49 EUR",
        "aov": "42.00",
        "currency": "EUR",
        "differentiators": ["The glass is refilled, never thrown away"],
        "competitors": ["Supermarket candles"],
        "proof": ["4.8 stars from 1,200 reviews"],
    },
    "audience": {
        "targetAudience": "City renters of 25 to 40 who buy fewer, better things",
        "painPoints": ["Candles that smoke"],
        "desiredOutcomes": ["A home that smells calm"],
        "objections": ["Too dear for a candle"],
    },
    "goals": {
        "objective": "sales",
        "kpiTargets": ["300 orders"],
        "startDate": "2026-03-01",
        "endDate": "2026-05-24",
        "durationWeeks": 12,
        "budgetMin": "3000",
        "budgetMax": "6000",
    },
    "voice": {"tone": "Warm, dry, short", "voiceExamples": ["Light it. Sit down."], "languages": ["en", "de"]},
    "access": {"socialHandles": ["@lumencandles"], "analyticsStatus": "GA4 and Meta pixel in place"},
    "delivery": {"outputs": ["pdf", "zip"], "reportFrequency": "weekly"},
    "ecommerce": {"productFeedUrl": "https://lumen.example/feed.xml", "topSkus": ["Fig 220 g"]},
}

CLIENT_CANON: dict[str, Any] = {
    "clientId": "c-lumen",
    "brand": {
        "story": "Two chandlers were tired of throwing glass away.",
        "values": ["Refill before recycle"],
        "toneOfVoice": {
            "do": ["Short sentences"],
            "dont": ["Exclamation marks"],
            "examples": {"good": ["Light it. Sit down."], "bad": ["The BEST candle EVER!"]},
        },
        "visualStyleRefs": {"logoUrl": "https://lumen.example/logo.svg", "palette": ["#2b2a33"], "docUrls": []},
    },
    "offers": [
        {
            "offerId": "refill",
            "primary": "Refillable soy candle",
            "positioning": "For renters who want scent without smoke or waste.",
            "keyBenefits": ["Burns for 50 hours"],
            "pricePoints": [{"label": "First candle", "amount": "42.00", "currency": "EUR"}],
            "guarantees": ["30 days to send it back"],
            "funnelAssets": [
                {
                    "id": "page-1",
                    "type": "sales_page",
                    "label": "Candle page",
                    "url": "https://lumen.example/candle",
                    "context": "cold",
                    "lastKnownPerformance": {"cvr": 0.021, "epc": "0.88", "sampleSize": 5120},
                }
            ],
        }
    ],
    "icps": [
        {
            "id": "renter",
            "name": "The careful renter",
            "description": "Lives in a small flat and chooses what comes in.",
            "demographics": "25 to 40, large cities",
            "jobsToBeDone": ["Make one room feel like mine"],
            "commonObjections": ["Too dear for a candle"],
        }
    ],
    "voiceOfCustomer": {
        "reviews": [
            {
                "id": "voc-1",
                "source": "Trustpilot",
                "text": "No smoke, finally. My flat smells like figs.",
                "extra": [{"name": "rating", "value": "5"}],
            }
        ]
    },
    "constraints": {
        "legal": {"forbiddenPhrases": ["non-toxic"], "requiredDisclaimers": ["Never leave a candle unattended."]},
        "platform": {"metaRedLines": ["No before and after pictures"]},
    },
    "contentPatterns": {"goodAssetIds": ["swipe-1"], "badAssetIds": []},
}

METRIC_SCHEMA: dict[str, Any] = {
    "dataSources": [{"id": "ga4", "kind": "analytics", "name": "GA4", "status": "connected"}],
    "events": [
        {"id": "view", "name": "view_item", "trigger": "A product page is shown", "source": "ga4"},
        {"id": "buy", "name": "purchase", "trigger": "An order is paid", "properties": ["value"], "source": "ga4"},
    ],
    "funnel": [
        {"stageId": "consider", "name": "Consider", "order": 1, "eventId": "view"},
        {"stageId": "order", "name": "Order", "order": 2, "eventId": "buy"},
    ],
    "metrics": [
        {
            "id": "orders",
            "name": "Orders",
            "definition": "Paid orders, cancellations included",
            "numerator": "purchase events",
            "unit": "orders",
            "direction": "up",
            "source": "ga4",
        },
        {
            "id": "cvr",
            "name": "Conversion rate",
            "definition": "Share of product page visitors who order",
            "numerator": "orders",
            "denominator": "product page visitors",
            "unit": "share",
            "direction": "up",
            "source": "ga4",
        },
    ],
    "kpis": [{"metricId": "orders", "baseline": 210, "target": 300, "by": "2026-05-24"}],
    "primaryMetricId": "orders",
    "guardrailMetricIds": ["cvr"],
    "attribution": {"model": "last_click", "windowDays": 7},
    "gaps": [{"what": "Orders by phone", "fix": "Note them in the shop with a source"}],
}

STRATEGY_SHEET: dict[str, Any] = {
    "goal": {
        "objective": "sales",
        "metricId": "orders",
        "baseline": 210,
        "target": 300,
        "timeframeDays": 84,
        "budgetMin": "3000.00",
        "budgetMax": "6000.00",
        "currency": "EUR",
    },
    "icpFocus": ["renter"],
    "positioning": "The candle you keep.",
    "messaging": {
        "promise": "One glass, every scent.",
        "pillars": ["No smoke", "No waste"],
        "proof": [{"claim": "Customers notice that it does not smoke", "evidenceIds": ["voc-1"]}],
    },
    "contentPillars": [{"name": "Small rooms", "description": "How to make one room yours."}],
    "concepts": [
        {
            "id": "keep-the-glass",
            "name": "Keep the glass",
            "icpId": "renter",
            "funnelStageId": "consider",
            "angleType": "outcome",
            "promise": "Nothing to throw away",
            "evidence": ["voc-1"],
        }
    ],
    "channels": [
        {"channel": "meta", "role": "Reach renters", "budgetShare": 0.7, "kpiMetricId": "cvr"},
        {"channel": "email", "role": "Bring them back", "budgetShare": 0.3, "kpiMetricId": "orders"},
    ],
    "platformStrategy": [{"channel": "meta", "approach": "Short films of refilling", "formats": ["video_script_30s"]}],
    "measurementPlan": "Orders weekly against 210, with the conversion rate as guard.",
    "assumptions": ["Refills are bought within three months"],
    "risks": ["Scent cannot be shown; reviews speak for it"],
}

EXPERIMENT_SPEC: dict[str, Any] = {
    "id": "exp-1",
    "name": "Smoke or waste first",
    "hypothesis": {
        "because": "Reviews name smoke first",
        "weBelieve": "opening with smoke",
        "will": "lift orders per visitor",
        "measuredBy": "conversion rate",
    },
    "icpId": "renter",
    "funnelStageId": "consider",
    "channel": "meta",
    "variants": [
        {"id": "a", "name": "Waste first", "isControl": True, "angleType": "outcome", "change": "As today"},
        {
            "id": "b",
            "name": "Smoke first",
            "isControl": False,
            "conceptId": "keep-the-glass",
            "angleType": "pain",
            "change": "The first line is about smoke",
        },
    ],
    "primaryMetricId": "cvr",
    "guardrailMetricIds": ["orders"],
    "baselineRate": 0.05,
    "minimumDetectableEffect": 0.2,
    "maxDurationDays": 28,
    "budget": "1800.00",
    "currency": "EUR",
    "stoppingRule": "At the full sample or after 28 days; earlier only for harm.",
    "priority": {"impact": 7, "confidence": 6, "ease": 9},
}

ASSET_BRIEF: dict[str, Any] = {
    "id": "brief-1",
    "experimentSpecId": "exp-1",
    "variantId": "b",
    "channel": "meta",
    "format": "static_1080x1080",
    "icpId": "renter",
    "funnelStageId": "consider",
    "conceptId": "keep-the-glass",
    "angleType": "pain",
    "keyMessage": "It does not smoke.",
    "mustInclude": ["Never leave a candle unattended."],
    "mustAvoid": ["non-toxic"],
    "tone": "Warm, dry, short",
    "callToAction": "Choose your scent",
    "references": {"assetExamples": ["swipe-1"], "vocSnippets": ["voc-1"]},
    "platformLimits": [{"part": "headline", "limit": 27, "unit": "characters"}],
    "variantCount": 3,
    "language": "en",
}

CREATIVES: dict[str, Any] = {
    "brandKit": {"palette": ["#2b2a33"], "fonts": ["Inter"], "imagery": "Real rooms in evening light"},
    "carouselTemplates": [
        {"id": "c1", "name": "Refill in three", "slides": [{"headline": "Burn", "visual": "Lit candle"}]}
    ],
    "reelCovers": [{"id": "r1", "headline": "No smoke", "visual": "A flame, close"}],
    "imagePackPrompts": [{"id": "i1", "prompt": "A candle on a window sill at dusk", "aspectRatio": "1:1"}],
    "videoScripts": [
        {
            "id": "v1",
            "title": "Refill",
            "hook": "Stop throwing glass away.",
            "scenes": [{"seconds": 4, "visual": "Hands refill a glass", "voiceover": "Keep it."}],
            "callToAction": "Choose your scent",
        }
    ],
    "thumbnails": [{"id": "t1", "headline": "Keep the glass", "visual": "Empty glass"}],
    "assetIds": ["asset-1"],
}

EXECUTION: dict[str, Any] = {
    "calendar": [{"date": "2026-03-02", "channel": "meta", "assetId": "asset-1", "slot": "09:00"}],
    "posts": [{"channel": "instagram", "posts": [{"text": "Light it. Sit down.", "hashtags": ["#refill"]}]}],
    "reelScripts": [{"title": "Refill", "hook": "Stop throwing glass away.", "script": "Hands refill a glass."}],
    "hashtagSets": [{"name": "Home", "channel": "instagram", "hashtags": ["#smallrooms"]}],
    "emailSequence": [{"day": 0, "subject": "Your glass is waiting", "purpose": "Welcome"}],
}

MONITORING: dict[str, Any] = {
    "trackingChecklist": [{"item": "Purchase event carries its value", "status": "done", "owner": "Data"}],
    "weeklyOptimisations": [
        {
            "week": 2,
            "observation": "Email brings 40 % of orders",
            "suggestion": "Send a second one",
            "metricId": "orders",
        }
    ],
    "metricsInput": [
        {"metricId": "orders", "periodStart": "2026-03-02", "periodEnd": "2026-03-08", "value": 31, "source": "GA4"}
    ],
}

DELIVERY: dict[str, Any] = {
    "manifest": [
        {
            "file": "strategy.pdf",
            "kind": "pdf",
            "sha256": "0" * 64,
            "builtFrom": [{"type": "strategy_sheet", "id": "s-1", "version": 2}],
        }
    ],
    "audience": "The owners",
    "sentTo": [{"recipient": "hello@lumen.example", "sentOn": "2026-02-20"}],
}

QA_REPORT: dict[str, Any] = {
    "assetId": "asset-1",
    "assetVersion": 2,
    "reviewer": "compliance",
    "score": 7.5,
    "verdict": "needs_changes",
    "checks": [
        {
            "id": "banned-1",
            "rule": "No forbidden phrase",
            "severity": "critical",
            "passed": False,
            "where": {"part": "headline", "text": "non-toxic", "start": 4, "end": 13},
            "evidence": "The canon forbids it",
            "fix": "Say what it is made of",
        }
    ],
    "iteration": 1,
    "model": "offline",
}

EXPERIMENT_REPORT: dict[str, Any] = {
    "experimentId": "exp-1",
    "period": {"start": "2026-03-02", "end": "2026-03-29"},
    "variants": [
        {"id": "a", "users": 8200, "conversions": 410, "rate": 0.05, "spend": "900.00", "revenue": "17220.00"},
        {"id": "b", "users": 8190, "conversions": 495, "rate": 0.0604, "interval": {"low": 0.0555, "high": 0.0658}},
    ],
    "sampleRatioMismatch": {"p": 0.94, "ok": True},
    "lift": {"value": 0.209, "interval": {"low": 0.06, "high": 0.37}},
    "pValue": 0.0035,
    "probabilityToBeatControl": 0.998,
    "guardrails": [{"metricId": "orders", "control": 410, "variant": 495, "ok": True}],
    "sufficient": True,
    "decision": "ship",
    "learnings": ["Smoke is the stronger opening"],
    "nextTests": ["Smoke in the subject line"],
    "dataQuality": [],
}

PLAYBOOK: dict[str, Any] = {
    "scope": {"kind": "client", "name": "Lumen Candles"},
    "entries": [
        {
            "pattern": "Open with the nuisance, not the virtue",
            "channel": "meta",
            "icpId": "renter",
            "angleType": "pain",
            "effect": "+21 % orders per visitor",
            "confidence": "high",
            "evidence": ["exp-1"],
            "do": "Name the smoke in the first line",
            "lastValidated": "2026-03-29",
        }
    ],
    "retired": [],
}

PLAN: dict[str, Any] = {
    "task": "Prepare the spring launch",
    "outcome": "A message, an article and an email that say the same.",
    "found": ["Customers ask when the beans were roasted (voc)."],
    "steps": [
        {"id": "message", "title": "Settle the message", "does": "One sentence from canon and voices.", "makes": "text",
         "result": "The sentence.", "needs": []},
        {"id": "article", "title": "Write the article", "does": "How to keep coffee fresh.", "makes": "article",
         "result": "A draft.", "needs": ["message"]},
    ],
    "assumptions": ["The launch is in April."],
    "questions": ["Is there a discount?"],
}  # fmt: skip

_ALL: dict[str, dict[str, Any]] = {
    "intake": INTAKE,
    "client_canon": CLIENT_CANON,
    "metric_schema": METRIC_SCHEMA,
    "strategy_sheet": STRATEGY_SHEET,
    "experiment_spec": EXPERIMENT_SPEC,
    "asset_brief": ASSET_BRIEF,
    "creatives": CREATIVES,
    "execution": EXECUTION,
    "monitoring": MONITORING,
    "delivery": DELIVERY,
    "qa_report": QA_REPORT,
    "experiment_report": EXPERIMENT_REPORT,
    "playbook": PLAYBOOK,
    "plan": PLAN,
}


def example(artifact_type: str) -> dict[str, Any]:
    """Return a fresh copy of the example of this type, to be changed at will."""
    return copy.deepcopy(_ALL[artifact_type])
