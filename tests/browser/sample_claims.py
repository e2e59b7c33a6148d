"""Claims of the sample article, and decisions on several pieces, for the cards to show."""

from typing import Any

from fastapi import APIRouter

Json = dict[str, Any]
router = APIRouter()
TEXT = (
    "## Cold brew at home\n\nCold brew has **67 % less acid** than hot coffee. Evenings are made for it.\n\n"
    "- Our beans are roasted every Tuesday.\n- A bag costs 9 € by post.\n\n"
    "> “I never buy it in a can again.”\n>\n> — Ann [voc:q1]\n\n"
    "Delivered within 48 hours. It relieves headaches."
)


def _claim(id: str, kind: str, text: str, status: str, reason: str = "", **more: Any) -> Json:
    start = TEXT.index(text)
    return {
        "id": id, "assetId": "asset-article", "assetVersion": 1, "kind": kind, "part": "body", "start": start,
        "end": start + len(text), "text": text, "status": status, "reason": reason, "evidence": [],
        "blocks": status in ("unsupported", "contradicted"), "acceptedBy": None, "acceptedAt": None, "acceptedNote": None,
        "expiresOn": None, **more,
    }  # fmt: skip


def _evidence(kind: str, quote: str, title: str, **more: Any) -> Json:
    return {"kind": kind, "id": "e1", "quote": quote, "title": title, "addedBy": None, "expiresOn": None, **more}


class Ledger:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        price = _evidence("offer", "A bag by post: 11 €", "Client canon v2: offers price points")
        self.items = [
            _claim("cl1", "statistic", "Cold brew has **67 % less acid** than hot coffee.", "unsupported",
                   "Nothing on file says “67 %”."),
            _claim("cl2", "general", "Evenings are made for it.", "opinion", "Nothing in it can be checked by rule."),
            _claim("cl3", "feature", "Our beans are roasted every Tuesday.", "supported",
                   evidence=[_evidence("canon", "Roasted to order every Tuesday", "Client canon v2: key benefits")]),
            _claim("cl4", "price", "A bag costs 9 € by post.", "contradicted",
                   "On file stands another figure: “A bag by post: 11 €” (Client canon v2).", evidence=[price]),
            _claim("cl5", "testimonial", "I never buy it in a can again.", "supported",
                   evidence=[_evidence("voc", "I never buy it in a can again.", "Ann, Trustpilot")]),
            _claim("cl6", "availability", "Delivered within 48 hours.", "unsupported", "Nothing on file carries it.",
                   blocks=False, acceptedBy="Ben Ito", acceptedAt="2026-11-20T09:00:00Z", expiresOn="2027-01-31",
                   acceptedNote="Contract with the carrier."),
            _claim("cl7", "regulated", "It relieves headaches.", "unsupported", "Nothing on file carries it."),
        ]  # fmt: skip

    def view(self) -> Json:
        counts = dict.fromkeys(("supported", "unsupported", "contradicted", "opinion", "accepted"), 0)
        for one in self.items:
            settled = one["acceptedBy"] and one["status"] != "supported"
            counts["accepted" if settled else one["status"]] += 1
        finding = {"id": "compliance.forbidden-1", "sentence": "A forbidden phrase: “detox” is on the client's list."}
        blocking = [f"“{one['text']}”: {one['reason']}" for one in self.items if one["blocks"]]
        return {
            "assetId": "asset-article", "version": 1, "contentHash": "a1", "items": self.items, "counts": counts,
            "blocking": [*blocking, finding["sentence"]], "findings": [finding], "mayAccept": True,
            "parts": [{"name": "metaDescription", "text": "How to make cold brew."}, {"name": "body", "text": TEXT}],
        }  # fmt: skip

    def of(self, id: str) -> Json:
        return next(one for one in self.items if one["id"] == id)


ledger = Ledger()


@router.get("/api/assets/{asset_id}/claims")
async def claims(asset_id: str) -> Json:
    return ledger.view()


@router.post("/api/assets/{asset_id}/claims/check")
async def check(asset_id: str) -> Json:
    return ledger.view()


@router.get("/api/assets/{asset_id}/evidence")
async def evidence(asset_id: str, q: str) -> Json:
    found = [_evidence("document", "A laboratory found 67 % less acid in cold brew.", "Report of the lab")]
    return {"items": found if "67" in q else []}


@router.post("/api/claims/{claim_id}/evidence")
async def prove(claim_id: str, body: Json) -> Json:
    proof = _evidence(body["kind"], body["quote"], "Report of the lab", addedBy="Anna Berg")
    ledger.of(claim_id).update(status="supported", blocks=False, reason="", evidence=[proof])
    return ledger.of(claim_id)


@router.post("/api/claims/{claim_id}/acceptance")
async def accept(claim_id: str, body: Json) -> Json:
    accepted = body.get("accepted", True)
    ledger.of(claim_id).update(
        blocks=not accepted, acceptedBy="Anna Berg" if accepted else None, acceptedNote=body.get("note"),
        acceptedAt="2026-11-21T09:00:00Z", expiresOn=body.get("expiresOn"),
    )  # fmt: skip
    return ledger.of(claim_id)


@router.post("/api/assets/decisions")
async def decide(body: Json) -> Json:
    items: list[Json] = []
    for at, piece in enumerate(body["pieces"]):
        blocked = at == 0
        items.append({
            "assetId": piece["assetId"], "title": "Cold brew at home", "done": not blocked,
            "status": None if blocked else "approved", "problem": "Approval is blocked." if blocked else None,
            "code": "blocked" if blocked else None, "reasons": ["Price “A bag costs 9 €”: 11 € is on file."] if blocked else [],
        })  # fmt: skip
    return {"items": items, "done": len(items) - 1, "failed": 1}
