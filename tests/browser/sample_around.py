"""What stands around the stand-in's rows: comments, changes, the inbox, budgets."""

from typing import Any

from tests.browser.sample_data import ago

Json = dict[str, Any]


def comments() -> list[Json]:
    return [
        {
            "id": "m1",
            "body": "The story is good, but the second price point is missing.",
            "authorName": "Ben Ito",
            "createdAt": ago(120),
            "resolvedAt": None,
        },
        {
            "id": "m2",
            "body": "Can we say 'Berlin' earlier?",
            "authorName": "Anna Berg",
            "createdAt": ago(60),
            "resolvedAt": None,
        },
    ]


def changes() -> list[Json]:
    return [
        {
            "path": "brand.story",
            "label": "Brand › Story",
            "kind": "changed",
            "before": "…",
            "after": "…",
            "words": [
                ["=", "Lumen Coffee began in "],
                ["-", "2018"],
                ["+", "2019"],
                ["=", " in a Berlin backyard."],
            ],
        },
        {
            "path": "brand.values.2",
            "label": "Brand › Values",
            "kind": "added",
            "before": None,
            "after": "Fresh or not at all",
        },
        {
            "path": "offers.0.guarantees.1",
            "label": "Offers › Guarantees",
            "kind": "removed",
            "before": "Money back",
            "after": None,
        },
    ]


def inbox() -> list[Json]:
    return [
        {
            "approvalId": "ap1",
            "gate": "client_canon",
            "subjectType": "artifact",
            "subjectId": "art-draft",
            "contentHash": "h2",
            "title": "Client canon",
            "version": 2,
            "requestedAt": ago(4),
            "clientName": "Lumen Coffee",
            "runId": "run-waiting",
        },
        {
            "approvalId": "ap2",
            "gate": "asset",
            "subjectType": "asset",
            "subjectId": "asset-article",
            "contentHash": "a1",
            "title": "Cold brew at home: how to get it right the first time",
            "version": 1,
            "requestedAt": ago(64),
            "clientName": "Lumen Coffee",
            "runId": None,
            "score": 8.2,
            "channel": "blog",
            "format": "blog_post",
            "status": "draft",
            "contentScore": 81,
            "shownScore": {"meaning": "content score", "value": 81, "of": 100, "words": "content score 81 of 100"},
            "openClaims": 3,
            "criticalFindings": 1,
        },
        {
            "approvalId": "ap3",
            "gate": "budget",
            "subjectType": "budget",
            "subjectId": "run-budget",
            "contentHash": "run:total",
            "title": "Budget of the run",
            "version": None,
            "requestedAt": ago(1500),
            "clientName": "Nordlicht Yoga",
            "runId": "run-budget",
        },
    ]


def budgets() -> list[Json]:
    parts = {
        "byAgent": [
            {"name": "seo_writer", "cost": "5.10"},
            {"name": "planner", "cost": "2.35"},
            {"name": "cmo", "cost": "0.75"},
        ],
        "byModel": [{"name": "gpt-5-mini", "cost": "6.30"}, {"name": "gpt-5", "cost": "1.90"}],
        "byKind": [{"name": "model", "cost": "7.80"}, {"name": "web_search", "cost": "0.40"}],
    }
    return [
        {
            "scope": "org",
            "scopeId": "o1",
            "name": "The whole room",
            "period": "month",
            "limit": "50.00",
            "spent": "8.20",
            "reserved": "0.60",
            "left": "41.20",
            "warnAt": 0.8,
            **parts,
        },
        {
            "scope": "session",
            "scopeId": "s1",
            "name": "This chat",
            "period": "total",
            "limit": "2.00",
            "spent": "1.72",
            "reserved": "0.05",
            "left": "0.23",
            "warnAt": 0.8,
            **parts,
        },
        {
            "scope": "run",
            "scopeId": "run-budget",
            "name": "This run",
            "period": "total",
            "limit": "2.00",
            "spent": "1.98",
            "reserved": "0.00",
            "left": "0.02",
            "warnAt": "0.8",
        },
    ]
