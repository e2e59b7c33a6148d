"""/review: a pasted text or a stored piece, held against the rules. Words for people; the figures are the tool's."""

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.desk import Desk
from knowledge.assets.models import Asset
from knowledge.assets.queries import list_assets
from knowledge.checks.reading import label
from knowledge.ids import ID
from tools.checks.review_text import Channel
from tools.checks.view import FindingView, ReviewView

_CHANNELS: dict[str, Channel] = {
    "blog": "blog", "article": "blog", "landing": "landing_page", "landing_page": "landing_page", "email": "email",
    "meta": "meta", "facebook": "meta", "instagram": "meta", "google": "google_search", "google_search": "google_search",
    "google_display": "google_display", "linkedin": "linkedin", "tiktok": "tiktok", "text": "text",
}  # fmt: skip
_VERDICTS = {"pass": "It passes.", "needs_changes": "It needs changes.", "fail": "It must not go out like this."}
_ORDER = ("critical", "major", "minor", "info")
#: findings that are told in words; the card or the tool has them all
MOST_TOLD = 12
HOW = (
    "Paste the text after the command; say first what it is for, so that the right rules apply:\n\n"
    "`/review email Subject: …`\n\nFor: blog, landing, email, meta, google, google_display, linkedin, tiktok, text. A piece is "
    "reviewed by its title or its id."
)


async def review(desk: Desk, words: str) -> Answer:
    if not words.strip():
        pieces = await _pieces(desk)
        return Answer(HOW, (), tuple(Next(f"Review “{one.title[:40]}”", f"/review {one.id}") for one in pieces[:3]))
    asset = await _meant(desk, words.strip())
    if asset is not None:
        found = await desk.use("check_asset", assetId=str(asset.id))
        assert isinstance(found, ReviewView)  # noqa: S101 - the tool's own output
        return Answer(f"**{literal(asset.title)}**\n\n{told(found)}", (Card("AssetCard", {"assetId": str(asset.id)}),))
    first, _, rest = words.strip().partition(" ")
    channel = _CHANNELS.get(first.lower().rstrip(":"))
    text = rest.strip() if channel and rest.strip() else words
    found = await desk.use("review_text", text=text, channel=channel or _guess(text))
    assert isinstance(found, ReviewView)  # noqa: S101 - the tool's own output
    return Answer(told(found))


def _guess(text: str) -> Channel:
    """What a text is for when nobody says: an email by its subject line, an article by headings and length."""
    if text.lower().lstrip().startswith(("subject:", "betreff:", "asunto:", "assunto:", "<html", "<!doctype")):
        return "email"
    return "blog" if text.lstrip().startswith("# ") and len(text.split()) > 150 else "text"


async def _pieces(desk: Desk) -> list[Asset]:
    client = await desk.client()
    filters = {
        "status": None,
        "client_id": client.id if client else None,
        "campaign_id": None,
        "before_at": None,
        "before_id": None,
    }
    async with desk.services.db.org(desk.caller.org_id) as conn:
        return await list_assets(conn, {**filters, "limit": 50})


async def _meant(desk: Desk, words: str) -> Asset | None:
    """The piece whose id or whole title the words are."""
    if len(words) > 300:
        return None
    named = words.casefold().strip("“”\"'")
    if not ID.fullmatch(named) and "\n" in named:
        return None
    return next((one for one in await _pieces(desk) if named in (str(one.id), one.title.casefold())), None)


def told(found: ReviewView) -> str:
    """The review in Markdown: verdict, score by group, the worst findings first, what was not looked at."""
    lines = [
        f"{_VERDICTS[found.verdict]}" + (f" Content score **{found.score}** of 100." if found.score is not None else "")
    ]
    if found.groups:
        lines.append(" · ".join(f"{group.name} {group.score}" for group in found.groups))
    ranked = sorted(found.findings, key=lambda one: _ORDER.index(one.severity))
    lines += [_line(one) for one in ranked[:MOST_TOLD]]
    if len(ranked) > MOST_TOLD:
        lines.append(f"… and {len(ranked) - MOST_TOLD} more.")
    if not ranked:
        lines.append(f"{len(found.passed)} rules hold.")
    if found.unchecked:
        lines.append(f"Not checked: {len(found.unchecked)} rules, for example: {literal(found.unchecked[0].why)}.")
    return "\n\n".join(lines)


def _line(one: FindingView) -> str:
    where = (
        f" ({literal(label(one.place.part))}: “{literal(one.place.text[:120])}”)"
        if one.place and one.place.text
        else ""
    )
    mend = " *Can be mended by itself.*" if one.mend is not None else ""
    return f"- **{one.severity}** · {literal(one.message)}{where} {literal(one.fix)}{mend}"
