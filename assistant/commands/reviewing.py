"""/review: a pasted text or a stored piece against the rules; where a model answers, the critics read it, too."""

from assistant.commands.answer import Answer, Card, Next, literal
from assistant.commands.critique import critics_words
from assistant.commands.desk import Desk
from knowledge.assets.models import Asset
from knowledge.assets.queries import list_assets
from knowledge.checks.reading import label
from knowledge.claims.findings import GROUP
from knowledge.ids import ID
from knowledge.one_line import one_line
from tools.checks.review_text import Channel
from tools.checks.view import FindingView, ReviewView

_CHANNELS: dict[str, Channel] = {
    "blog": "blog", "article": "blog", "landing": "landing_page", "landing_page": "landing_page", "email": "email",
    "meta": "meta", "facebook": "meta", "instagram": "meta", "google": "google_search", "google_search": "google_search",
    "google_display": "google_display", "linkedin": "linkedin", "tiktok": "tiktok", "text": "text",
}  # fmt: skip
_VERDICTS = {"pass": "It passes.", "needs_changes": "It needs changes.", "fail": "It must not go out like this."}
_ORDER = ("critical", "major", "minor", "info")
#: findings of claims, and findings of rules, that are told in words; the card or the tool has them all
MOST_TOLD = 12
LONGEST_PLACE = 160
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
    client = await desk.client() is not None
    critics = critics_words(found.critics, offline=desk.services.models.offline, client=client)
    return Answer(f"{told(found, client=client)}\n\n{critics}", _folded(found))


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


def told(found: ReviewView, *, client: bool = True) -> str:
    """The review in Markdown: verdict, score by group, claims, the worst findings first, how much was not looked at."""
    lines = [
        f"{_VERDICTS[found.verdict]}" + (f" Content score **{found.score}** of 100." if found.score is not None else "")
    ]
    if found.groups:
        lines.append(" · ".join(f"{group.name} {group.score}" for group in found.groups))
    claims = [one for one in found.findings if one.group == GROUP]
    if found.claims:
        lines.append(_of_claims(found, client=client))
    lines += _listed(claims)
    others = [one for one in found.findings if one.group != GROUP]
    if claims and others:
        lines.append("**What the rules say**")
    lines += _listed(sorted(others, key=lambda one: _ORDER.index(one.severity)))
    if not others:
        lines.append(f"{len(found.passed)} rules hold.")
    if found.unchecked:
        lines.append(_unchecked(found))
    return "\n\n".join(lines)


def _listed(findings: list[FindingView]) -> list[str]:
    lines = [_line(one) for one in findings[:MOST_TOLD]]
    return [*lines, f"… and {len(findings) - MOST_TOLD} more."] if len(findings) > MOST_TOLD else lines


def _of_claims(found: ReviewView, *, client: bool) -> str:
    """How its claims stand, in one line."""
    left = [one for one in found.claims if one.open]
    against = sum(one.status == "contradicted" for one in left)
    carried = sum(one.status == "supported" for one in found.claims)
    missing = len(left) - against
    parts = [
        f"{missing} {'needs' if missing == 1 else 'need'} evidence" if missing else "",
        f"{against} {'is' if against == 1 else 'are'} contradicted by what is on file" if against else "",
        f"{carried} {'is' if carried == 1 else 'are'} carried by what is on file" if carried else "",
    ]
    said = ", ".join(part for part in parts if part) or "none needs evidence"
    alone = "" if client else " No client is chosen, so nothing on file was looked at."
    return f"**Claims:** {said}.{alone}"


def _unchecked(found: ReviewView) -> str:
    """How many rules were not looked at; which, and why, stands folded in the card below."""
    count = f"{len(found.unchecked)} rule{'' if len(found.unchecked) == 1 else 's'}"
    return f"**Not checked:** {count}."


def _folded(found: ReviewView) -> tuple[Card, ...]:
    left = [{"rule": one.rule, "why": one.why} for one in found.unchecked]
    return (Card("NotChecked", {"unchecked": left}),) if left else ()


def _line(one: FindingView) -> str:
    where = (
        f" ({literal(label(one.place.part))}: “{literal(one_line(one.place.text, LONGEST_PLACE))}”)"
        if one.place and one.place.text
        else ""
    )
    mend = " *Can be mended by itself.*" if one.mend is not None else ""
    why = f" {literal(one.evidence)}" if one.group == GROUP and one.evidence else ""
    return f"- **{one.severity}** · {literal(one.message)}{where}{why} {literal(one.fix)}{mend}"
