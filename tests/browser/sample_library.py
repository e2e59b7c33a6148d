"""The stand-in's knowledge base: ads, quotes and imports, as the HTTP contract shapes them."""

import copy
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

Json = dict[str, Any]

#: one grey pixel
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da636cf80f00010501"
    "0127186aa10000000049454e44ae426082"
)


def _ad(number: int, brand: str, hook: str, **more: Any) -> Json:
    media = [{"id": f"m{number}", "type": "image", "thumb": None, "file": None, "state": "none", "reason": None}]
    return {
        "id": f"s{number}",
        "clientSwipeId": None,
        "externalAdId": str(64658534 + number),
        "brand": {"id": f"b{number % 3}", "name": brand, "logo": None},
        "title": f"{brand}: made for mornings",
        "hook": hook,
        "body": f"{hook}\n\nThree minutes, one tool, no mess. Try it for 30 days & send it back if it is not for you.",
        "cta": {"type": "SHOP_NOW", "text": "Shop now"},
        "displayFormat": ("VIDEO", "IMAGE", "CAROUSEL")[number % 3],
        "platforms": ["FACEBOOK", "INSTAGRAM"],
        "language": "en",
        "startDate": "2026-06-01",
        "endDate": None if number % 2 else "2026-08-01",
        "daysActive": 61 + number,
        "active": bool(number % 2),
        "score": 0.8,
        "tags": ["male grooming", "humor"] if number == 1 else [],
        "isFavorite": False,
        "isSaved": False,
        "links": [],
        "media": media,
        "matched": None,
        "landingPage": "https://shop.manclub.example/razor",
        "nearDuplicates": 0,
        "script": None,
        **more,
    }


def ads() -> dict[str, Json]:
    made = [
        _ad(1, "ManClub", "Your face called. It wants its mornings back."),
        _ad(2, "Lumen Coffee", "The office coffee is not the problem. The beans are."),
        _ad(3, "Nordlicht Yoga", "Zehn Minuten, bevor das Haus aufwacht.", language="de"),
        _ad(4, "ManClub", "A barba perfeita em três minutos.", language="pt"),
        _ad(5, "A brand with a name that is much longer than any tile can be wide", "Short.", media=[]),
    ]
    made[0]["media"][0].update(thumb="/api/swipes/s1/media/m1/thumb", state="fetched", type="video", videoLength=40)
    made[3]["media"][0].update(state="failed", reason="The ad's host no longer has this picture.")
    return {one["id"]: one for one in made}


def _quote(number: int, text: str, rating: int | None, **more: Any) -> Json:
    return {
        "id": f"q{number}",
        "text": text,
        "author": "Marta",
        "rating": rating,
        "saidOn": "2026-05-04",
        "language": "en",
        "kind": "review",
        "source": {"id": "v1", "name": "Trustpilot, May"},
        "themes": ["price"],
        "sentiment": "negative" if rating and rating < 3 else "positive",
        "speaker": None,
        "startedAt": None,
        "matched": None,
        **more,
    }


QUOTES = [
    _quote(1, "I winced at the price, then it outlived three cheap ones. Worth it, <b>honestly</b>.", 5),
    _quote(2, "Too expensive for what it is.", 2),
    _quote(3, "We asked for an invoice twice.", None, kind="sales_call", speaker="Anna", startedAt=83.0, themes=[]),
]
THEMES = [
    {"theme": "price", "label": "Price", "n": 24, "positive": 9, "negative": 13, "neutral": 2,
     "contradictingShare": 0.41, "examples": ["q1", "q2"]},
    {"theme": "ease_of_use", "label": "Ease of use", "n": 11, "positive": 11, "negative": 0, "neutral": 0,
     "contradictingShare": 0.0, "examples": ["q1"]},
]  # fmt: skip


def imports() -> dict[str, Json]:
    columns = [
        ("Stars", "rating", 0.98, "5"),
        ("Review", "text", 0.95, "I winced at the price"),
        ("Who", None, 0.2, "M"),
    ]
    fields = [("text", "What was said", True), ("rating", "Rating", False), ("author", "Who said it", False)]
    view: Json = {
        "id": "i1",
        "kind": "voc",
        "format": "review_csv",
        "formatTitle": "Reviews (CSV)",
        "filename": "trustpilot-may.csv",
        "bytes": 48_200,
        "status": "preview",
        "clientId": "c1",
        "clientName": "Lumen Coffee",
        "runId": None,
        "position": 0,
        "total": None,
        "counts": {"new": 0, "changed": 0, "unchanged": 0, "merged": 0, "rejected": 0, "nearDuplicates": 0},
        "options": {},
        "error": None,
        "finishedAt": None,
        "alternatives": [{"kind": "document", "format": "text", "title": "A text to keep"}],
        "preview": {
            "columns": [column for column, *_ in columns],
            "mapping": [{"column": c, "field": f, "confidence": k, "sample": s} for c, f, k, s in columns],
            "fields": [{"name": n, "label": label, "required": must} for n, label, must in fields],
            "samples": [{"text": "I winced at the price, then it outlived three cheap ones.", "rating": 5}],
            "problems": [{"row": 7, "field": "rating", "reason": "“eleven” is not a rating"}],
            "estimatedRows": 1200,
        },
    }
    counts = {"new": 990, "changed": 0, "unchanged": 10, "merged": 3, "rejected": 2, "nearDuplicates": 4}
    done = {"status": "completed", "position": 1005, "total": 1005, "counts": counts, "preview": None}
    working = {"status": "running", "position": 420, "total": 1005, "runId": "run-working", "preview": None}
    return {
        "i1": view,
        "i2": {**copy.deepcopy(view), **done, "id": "i2", "finishedAt": "2026-11-20T10:00:00Z"},
        "i3": {**copy.deepcopy(view), **working, "id": "i3", "counts": {**counts, "new": 418, "rejected": 2}},
    }


REJECTS = [
    {"row": 7, "field": "rating", "reason": "“eleven” is not a rating", "excerpt": "eleven"},
    {"row": 31, "field": "text", "reason": "is empty", "excerpt": ""},
]


class Library:
    """What the stand-in remembers of ads and imports."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.ads, self.imports = ads(), imports()


library = Library()
router = APIRouter(prefix="/api")


def _missing() -> JSONResponse:
    body = {"status": 404, "code": "not_found", "title": "Not found", "detail": "This is no longer here."}
    return JSONResponse(body, 404, media_type="application/problem+json")


@router.get("/swipes")
async def swipes(q: str = "", favorite: bool = False, format: str = "", limit: int = 12) -> Json:
    found = [
        ad
        for ad in library.ads.values()
        if q.lower() in f"{ad['hook']} {ad['brand']['name']}".lower()
        and (not favorite or ad["isFavorite"])
        and format in ("", ad["displayFormat"])
    ]
    facets = {
        "platforms": [{"value": "FACEBOOK", "n": 5}, {"value": "INSTAGRAM", "n": 5}],
        "formats": [{"value": "VIDEO", "n": 2}, {"value": "IMAGE", "n": 2}],
        "languages": [{"value": "en", "label": "English", "n": 3}],
        "brands": [{"value": "b1", "label": "ManClub", "n": 2}],
        "tags": [{"value": "humor", "n": 1}],
    }
    note = "Only words are searched: no embedding model is at work." if q else None
    return {"mode": "lexical", "note": note, "corrected": {}, "total": 5, "items": found[:limit], "facets": facets}


@router.get("/swipes/{swipe_id}")
async def swipe(swipe_id: str) -> Any:
    return library.ads.get(swipe_id) or _missing()


@router.get("/swipes/{swipe_id}/similar")
async def similar(swipe_id: str) -> Json:
    return {"items": [ad for key, ad in library.ads.items() if key != swipe_id][:2]}


@router.get("/swipes/{swipe_id}/media/{media_id}/thumb")
async def thumb(swipe_id: str, media_id: str) -> Response:
    return Response(PICTURE, media_type="image/png")


@router.post("/swipes/{swipe_id}/favorite")
async def favorite(swipe_id: str, body: Json) -> Json:
    library.ads[swipe_id]["isFavorite"] = body["favorite"]
    return library.ads[swipe_id]


@router.post("/swipes/{swipe_id}/save")
async def save(swipe_id: str, body: Json) -> Json:
    library.ads[swipe_id]["isSaved"] = body["saved"]
    return library.ads[swipe_id]


@router.post("/swipes/{swipe_id}/tags")
async def tags(swipe_id: str, body: Json) -> Json:
    library.ads[swipe_id]["tags"] = body["tags"]
    return library.ads[swipe_id]


@router.post("/swipes/{swipe_id}/links")
async def link(swipe_id: str, body: Json) -> Json:
    ad = library.ads[swipe_id]
    ad["links"] = [{"clientName": "Lumen Coffee", "clientSwipeId": f"cs-{swipe_id}", "tags": [], **body}]
    return ad


@router.delete("/swipes/{swipe_id}/links/{client_id}")
async def unlink(swipe_id: str, client_id: str) -> Json:
    library.ads[swipe_id]["links"] = []
    return library.ads[swipe_id]


@router.get("/voc")
async def voc(q: str = "", theme: str = "", ratingTo: float = 10) -> Json:
    found = [
        one
        for one in QUOTES
        if q.lower() in one["text"].lower()
        and (not theme or theme in one["themes"])
        and (ratingTo == 10 or (one["rating"] or 10) <= ratingTo)
    ]
    return {"mode": "lexical", "note": None, "items": found, "total": len(found)}


@router.get("/voc/themes")
async def themes() -> Json:
    return {"items": THEMES}


@router.get("/imports/{import_id}")
async def one_import(import_id: str) -> Any:
    return library.imports.get(import_id) or _missing()


@router.put("/imports/{import_id}")
async def change_import(import_id: str, body: Json) -> Json:
    view = library.imports[import_id]
    given = body.get("options", {}).get("mapping", {})
    for column in view["preview"]["mapping"]:
        column["field"] = given.get(column["column"], column["field"])
    view.update({key: value for key, value in body.items() if key != "options"})
    return view


@router.post("/imports/{import_id}/start")
async def start_import(import_id: str) -> Json:
    library.imports[import_id].update(library.imports["i2"], id=import_id)
    return library.imports[import_id]


@router.get("/imports/{import_id}/rejects")
async def rejects(import_id: str) -> Json:
    return {"items": REJECTS}
