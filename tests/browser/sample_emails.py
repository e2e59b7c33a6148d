"""The stand-in's emails: previews of the room's own email, and a series that keeps its edits."""

from copy import deepcopy
from typing import Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from knowledge.emails import render
from knowledge.emails.personal import for_person, sample_people
from tests.browser.sample_rows import EMAIL_HTML
from tools.emails.view import problem_views

Json = dict[str, Any]
router = APIRouter(prefix="/api")
_BODY = Body()

CONTENT: Json = {
    "subject": 'Beans, {{ first_name | default: "every week" }}',
    "preheader": "What happens next, and what you can change at any point.",
    "bodyMarkdown": 'Hi {{ first_name | default: "there" }},\n\n# Fresh beans, every week\n\n> “Fresh.”\n>\n> — Jo\n\n'
    "- Roasted on Tuesday\n- Sent on Wednesday\n\n**[See the offer](https://lumen.example/offer)**\n\n*Terms apply.*",
    "callToAction": {"label": "See the offer", "url": "https://lumen.example/offer"},
    "language": "en",
    "senderName": "Lumen Coffee",
    "postalAddress": "1 Sample Street, 10115 Berlin",
}
CANON: Json = {"brand": {"visualStyleRefs": {"palette": ["#0f766e", "#fff7ed", "#1f2937"]}}}


def _email(number: int, day: int, subject: str, purpose: str, **more: Any) -> Json:
    return {
        "assetId": f"mail-{number}", "position": number, "day": day, "purpose": purpose, "subject": subject,
        "subjects": [f"{subject}, told otherwise"], "preheader": CONTENT["preheader"], "body": CONTENT["bodyMarkdown"],
        "callToAction": "See the offer", "status": "draft", "version": 1, "contentHash": f"h{number}", "wordCount": 84,
        "sendAt": None, "changedSince": False, **more,
    }  # fmt: skip


SERIES: Json = {
    "id": "s1", "title": "Lumen Coffee: 3 emails", "goal": "Welcome new subscribers and lead them to a first order",
    "tone": "warm", "language": "en", "dialect": "liquid", "status": "draft", "clientId": "c1", "clientName": "Lumen Coffee",
    "campaignId": None, "runId": None, "startsOn": None, "sendTime": None, "timezone": None, "scheduledAt": None,
    "mayDecide": True,
    "emails": [
        _email(1, 0, "Welcome to Lumen Coffee", "Welcome, and say what happens next"),
        _email(2, 2, "Stale beans", "Name the problem: beans go stale before the bag is empty"),
        _email(3, 5, "A subject of one very long word: Kaffeevollautomatenreinigungstablettenvorratspackung", "Ask"),
    ],
}  # fmt: skip
state: Json = {"series": deepcopy(SERIES), "asked": []}


@router.get("/assets/{asset_id}/email")
async def preview(asset_id: str, person: int = 0) -> Json:
    rendered = render(CONTENT, CANON)
    stored = {**CONTENT, "html": rendered.html, "plainText": rendered.plain_text}
    people = sample_people(stored)
    copy = for_person(stored, people[person][1])
    html = EMAIL_HTML if asset_id == "asset-email" else copy.html
    return {
        "subject": copy.subject, "preheader": copy.preheader, "html": html, "plainText": copy.plain_text,
        "people": [why for why, _ in people], "pictures": False, "mail": True, "bytes": rendered.bytes,
        "problems": [one.model_dump(by_alias=True) for one in problem_views(rendered.problems)],
    }  # fmt: skip


@router.post("/assets/{asset_id}/email/test")
async def test(asset_id: str, body: Json = _BODY) -> Any:
    if "@" not in body["to"]:
        detail = f"“{body['to']}” is not an email address."
        return JSONResponse(
            {"detail": detail, "code": "invalid", "status": 422}, 422, media_type="application/problem+json"
        )
    return {"to": body["to"], "subject": "[Test] Fresh beans", "sentence": f"A test is on its way to {body['to']}."}


@router.get("/series/{series_id}")
async def series(series_id: str) -> Json:
    return state["series"]


@router.patch("/assets/{asset_id}/email")
async def edit(asset_id: str, request: Request) -> Json:
    given = await request.json()
    for email in state["series"]["emails"]:
        if email["assetId"] == asset_id:
            email |= {name: value for name, value in given.items() if name in email}
            email |= {"version": email["version"] + 1, "contentHash": f"{email['contentHash']}x"}
    return {"id": asset_id}


@router.post("/series/{series_id}/schedule")
async def schedule(series_id: str, body: Json = _BODY) -> Any:
    shown = {email["assetId"]: email["contentHash"] for email in body["emails"]}
    now = {email["assetId"]: email["contentHash"] for email in state["series"]["emails"]}
    if shown != now:
        return JSONResponse({"detail": "Changed since", "code": "conflict", "status": 409}, 409)
    moment = {name: body[name] for name in ("startsOn", "sendTime", "timezone")}
    emails = [
        {**email, "status": "approved", "sendAt": f"{body['startsOn']} {body['sendTime']}"}
        for email in state["series"]["emails"]
    ]
    state["series"] |= {"status": "scheduled", **moment, "emails": emails}
    return state["series"]


@router.delete("/series/{series_id}/schedule")
async def unschedule(series_id: str) -> Json:
    state["series"] |= {"status": "draft"}
    return state["series"]
