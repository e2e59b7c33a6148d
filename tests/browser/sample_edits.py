"""The stand-in's proposed edits: an optimisation of the sample article, taken or let go for good once it is."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.browser.sample_data import ago

Json = dict[str, Any]
router = APIRouter()


def span(op: str, text: str) -> Json:
    return {"op": op, "text": text}


SCORE: Json = {
    "total": 74,
    "groups": [
        {"name": "coverage", "score": 82, "weight": 0.22, "why": ["3 of 17 terms are missing."]},
        {"name": "structure", "score": 82, "weight": 0.16, "why": ["The title has 50 to 60 characters: 18."]},
        {
            "name": "readability",
            "score": 64,
            "weight": 0.16,
            "why": ["At most a quarter of the sentences are long: 18."],
        },
        {"name": "keyphrase", "score": 100, "weight": 0.14, "why": []},
        {"name": "links", "score": 42, "weight": 0.10, "why": ["The text leads to no other page of the client: 18."]},
    ],
    "dated": "2026-11",
}
PROPOSAL: Json = {
    "id": "p1",
    "assetId": "asset-article",
    "title": "Cold brew at home: how to get it right the first time",
    "kind": "optimize",
    "assetVersion": 1,
    "current": True,
    "status": "open",
    "hunks": [
        {"id": "title-1", "part": "title", "heading": "", "why": "as a search shows it",
         "spans": [span("same", "Cold brew at home: "), span("removed", "how to get it right the first time"),
                   span("added", "right the first time, every time")]},
        {"id": "markdown-1", "part": "markdown", "heading": "Grind coarse", "why": "shorter sentences",
         "spans": [span("same", "Grind the beans coarse"), span("removed", "; a fine grind turns bitter"),
                   span("added", ". A fine grind turns bitter"), span("same", " over twelve hours.")]},
        {"id": "markdown-2", "part": "markdown", "heading": "Where to go on", "why": "leads on to the client's own pages",
         "spans": [span("added", "**Read on:** [Our beans](https://lumen.example/beans)")]},
    ],
    "account": {
        "scoreBefore": 74,
        "scoreAfter": 83,
        "groups": [
            {"name": "structure", "before": 82, "after": 100},
            {"name": "readability", "before": 64, "after": 82},
            {"name": "links", "before": 42, "after": 60},
            {"name": "keyphrase", "before": 100, "after": 100},
        ],
        "solved": ["seo.title_length"],
        "leftOut": [{"text": "97 % of experts agree.", "why": "it adds the figure 97%"}],
        "notes": [],
        "rounds": 2,
    },
    "taken": [],
    "runId": None,
    "agent": "seo_writer",
    "model": "offline",
    "createdAt": ago(2),
    "mayTake": True,
}  # fmt: skip


def article(request: Request) -> Json:
    return request.app.state.room.assets["asset-article"]


def current(request: Request) -> Json:
    return article(request).get("proposal") or PROPOSAL


@router.get("/api/assets/{asset_id}/proposal")
async def newest(request: Request, asset_id: str) -> Json:
    there = asset_id == "asset-article" and current(request)["status"] == "open"
    return {"proposal": current(request) if there else None}


@router.get("/api/proposals/{proposal_id}")
async def show(request: Request, proposal_id: str) -> Json:
    return current(request)


@router.post("/api/proposals/{proposal_id}/{what}")
async def settle(request: Request, proposal_id: str, what: str, body: Json) -> Any:
    if current(request)["status"] != "open":
        return JSONResponse({"detail": "These changes were taken already.", "code": "conflict"}, 409)
    done = {"status": "taken", "taken": body["hunks"]} if what == "take" else {"status": "dismissed"}
    asset = article(request)
    changed = {**PROPOSAL, **done, "mayTake": False}
    asset.update(version=asset["version"] + (what == "take"), proposalId=None, proposal=changed)
    return asset


@router.get("/api/assets/{asset_id}/export")
async def export(asset_id: str, format: str) -> Response:
    ending = {"markdown": "md"}.get(format, format)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''cold-brew-draft.{ending}"}
    return Response(b"a file", media_type="application/octet-stream", headers=headers)
