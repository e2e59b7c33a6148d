"""Any text, held against the rules of its channel."""

import asyncio
from typing import Literal

from pydantic import Field

from knowledge.checks.known import facts_of_client
from knowledge.checks.models import Facts
from knowledge.checks.piece import of_text
from knowledge.checks.preflight import preflight
from knowledge.claims import findings
from knowledge.claims.blocking import OF_EVIDENCE
from knowledge.ids import ClientId
from tools.checks.view import ReviewView, review_view
from tools.clients.chosen import client_meant, find_session
from tools.spec import Tool, ToolContext, Wire

Channel = Literal[
    "blog", "landing_page", "email", "meta", "google_search", "google_display", "linkedin", "tiktok", "text"
]


class Input(Wire):
    text: str = Field(
        min_length=1,
        max_length=200_000,
        description="The text: Markdown; an email may begin with “Subject:” and “Preheader:” lines, or be HTML; a Google "
        "search ad has one headline or description a line.",
    )
    channel: Channel = Field(default="text", description="What it is for; decides which rules apply.")
    keyphrase: str | None = Field(default=None, max_length=120, description="What it is to be found by.")
    client_id: ClientId | None = Field(
        default=None,
        description="Whose words and limits it is held against; null: the client chosen in this conversation.",
    )


async def review_text(context: ToolContext, asked: Input) -> ReviewView:
    """Check any text against the rules of its channel and the client's canon, and each of its claims against what the client
    has on file (without a client they are listed as needing evidence); for an article or landing page with a content score.
    Where a model answers and a client is chosen, the brand and compliance critics read it, too, and claims that no rule sees
    are among the claims. Nothing is stored. Each finding names the place, what shows it and how to mend it."""
    piece = of_text(asked.text, asked.channel)
    async with context.tx() as conn:
        session = None if asked.client_id else await find_session(conn, context.caller)
        chosen = session.client_id if session else None
        client_id = await client_meant(conn, context.caller, asked.client_id) if asked.client_id or chosen else None
        facts = await facts_of_client(conn, client_id, piece) if client_id else Facts()
    critics = context.work.critics
    parts = findings.parts_of_piece(piece)
    heard = await critics.hear(context.caller, client_id, asked.text, parts, context.call_key) if client_id else None
    async with context.tx() as conn:
        stated = await findings.of_text(conn, client_id, piece, heard.named if heard else ())
    facts.keyphrase = asked.keyphrase
    report = await asyncio.to_thread(preflight, piece, facts)
    report.findings = [
        *findings.findings(stated, client=client_id is not None),
        *findings.without_repeats(report.findings, stated, OF_EVIDENCE),
    ]
    return review_view(report, piece.language, stated, heard.opinions if heard else ())


REVIEW_TEXT = Tool(
    name="review_text",
    title="Check a text",
    input=Input,
    output=ReviewView,
    run=review_text,
    scope="assets:read",
)
