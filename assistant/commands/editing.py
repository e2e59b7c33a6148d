"""/polish, /optimize, /landing-page: better lines, a better score, a page for an offer."""

from uuid import UUID

from assistant.commands.answer import Answer, Next, literal
from assistant.commands.desk import Desk
from assistant.commands.work import start_work, write_piece
from knowledge.assets import queries
from knowledge.assets.models import Asset
from knowledge.errors import Invalid
from knowledge.ids import ID
from tools.runs.kinds import Kind


async def polish(desk: Desk, words: str) -> Answer:
    told = "The polisher edits the lines of **{title}**. Nothing changes until you take its changes, one by one or all."
    return await _edit(desk, words, "polish", told)


async def optimize(desk: Desk, words: str) -> Answer:
    told = (
        "Raising the content score of **{title}**. Figures, quotations and claims stay as they are, and nothing changes until "
        "you take the changes."
    )
    return await _edit(desk, words, "seo_optimize", told)


async def landing_page(desk: Desk, words: str) -> Answer:
    return await write_piece(
        desk, words, "landing_page", "/landing-page", "Get fresh coffee every week", "landing page"
    )


async def _edit(desk: Desk, words: str, kind: Kind, told: str) -> Answer:
    """``words``: the piece's id, or words of its title; then a colon and what to look at above all, if anything."""
    asked, _, note = words.partition(" : ")
    found = await _pieces(desk, asked.strip(" “”\"'"))
    command = {"polish": "/polish", "seo_optimize": "/optimize"}.get(kind, "")
    if not found:
        raise Invalid(f"There is no piece “{asked[:80]}” here." if asked else "There is no piece to work on yet.")
    if len(found) > 1:
        steps = tuple(Next(asset.title[:60], f"{command} {asset.id}") for asset in found[:6])
        return Answer("Which piece?", (), steps)
    given = {"assetId": str(found[0].id)} | ({"note": note.strip()} if note.strip() else {})
    card = await start_work(desk, kind, **given)
    return Answer(told.format(title=literal(found[0].title)), (card,))


async def _pieces(desk: Desk, asked: str) -> list[Asset]:
    """The piece of this id; else the chosen client's whose title holds these words, the newest first; one title once."""
    async with desk.services.db.org(desk.caller.org_id) as conn:
        if ID.fullmatch(asked.lower()):
            found = await queries.get(conn, UUID(asked))
            return [found] if found else []
        client = await desk.client()
        filters = {"status": None, "client_id": client.id if client else None, "campaign_id": None,
                   "before_at": None, "before_id": None, "limit": 200}  # fmt: skip
        listed = await queries.list_assets(conn, filters)
    near = [asset for asset in listed if asked.lower() in asset.title.lower()]
    exact = [asset for asset in near if asset.title.lower() == asked.lower()]
    return exact[:1] or near
