"""What the brand and the compliance critic say of a pasted text, beside the rules.

What always holds: they are asked only where a model answers (the offline writer judges by nothing that the rules do not)
and a client is chosen; the text is data to them, fenced; their calls are journaled and within the budgets of whoever asks;
a finding whose quoted words are not in the text is dropped. What keeps a critic from reading is said, and the rules' review
stands all the same.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from agents import Agent, Runner

from assistant.agents.team import TEAM
from assistant.commands.answer import literal
from assistant.commands.desk import Desk
from assistant.models.order import Order
from assistant.models.room import CallScope
from assistant.workflows.answers import Review
from assistant.workflows.ask import AS_JSON, CONFIG, MOST_CALLS, MendableSchema, journal_of, mended
from assistant.workflows.pieces import CRITICS, REVIEW_WORDS, is_real
from assistant.workflows.sources import read_material
from knowledge.errors import AdroomError
from knowledge.json_values import as_object

_VERDICTS = {"pass": "it passes", "needs_changes": "it needs changes", "fail": "it must not go out like this"}
#: findings of one critic that are told
MOST_TOLD = 8
OFFLINE = "The brand and compliance critics need a model; without a key only the rules have read it."
NO_CLIENT = "Choose a client (`/client`), and the brand and compliance critics read it, too."


@dataclass(frozen=True)
class Heard:
    """``review`` is None when the critic could not read it; ``why`` says so."""

    critic: str
    review: Review | None
    why: str = ""


async def critics_words(desk: Desk, text: str) -> str:
    """Both critics' verdicts and findings in Markdown; or why there are none."""
    if desk.services.models.offline:
        return OFFLINE
    client = await desk.client()
    if client is None:
        return NO_CLIENT
    campaign = await desk.campaign()
    async with desk.services.db.org(desk.caller.org_id) as conn:
        material = await read_material(conn, client_id=client.id, campaign_id=campaign.id if campaign else None)
    sources: dict[str, Any] = {**material.sources.model_dump(mode="json"), "text": text}
    call = desk.call_key or str(uuid4())
    heard = await asyncio.gather(*(_heard(desk, call, reviewer, sources) for reviewer in CRITICS))
    return "\n\n".join(_told(one, text) for one in heard)


async def _heard(desk: Desk, call: str, reviewer: str, sources: dict[str, Any]) -> Heard:
    spec = TEAM[CRITICS[reviewer]]
    scope = CallScope(
        desk.caller.org_id, desk.caller.user_id, desk.session_id, None, spec.id, journal_of(f"{call}/review/{reviewer}")
    )
    model = desk.services.models.model(spec.role, scope)
    schema = MendableSchema(Review, strict_json_schema=False)
    agent = Agent(name=spec.name, instructions=spec.instructions(), model=model, output_type=schema)
    order = Order("review_text", REVIEW_WORDS.format(reviewer=reviewer), {**sources, "reviewer": reviewer})

    async def once(asked: str) -> Review:
        result = await Runner.run(agent, asked, max_turns=MOST_CALLS, run_config=CONFIG)
        return result.final_output_as(Review, raise_if_incorrect_type=True)

    try:
        return Heard(spec.name, await mended(spec.id, order, once, AS_JSON))
    except AdroomError as error:  # a reached budget, a provider that does not answer, a text that is too long for it
        return Heard(spec.name, None, error.message)


def _told(heard: Heard, text: str) -> str:
    if heard.review is None:
        return f"**{heard.critic}:** it could not read the text. {literal(heard.why)}"
    wire = [check.wire() for check in heard.review.checks if not check.passed]
    open_ones = [one for one in wire if is_real(one, text)]
    lines = [f"**{heard.critic}:** {_VERDICTS[heard.review.verdict]}, {heard.review.score:g} of 10."]
    lines += [_line(one) for one in open_ones[:MOST_TOLD]]
    if len(open_ones) > MOST_TOLD:
        lines.append(f"… and {len(open_ones) - MOST_TOLD} more.")
    return "\n\n".join(lines)


def _line(check: dict[str, Any]) -> str:
    where = str(as_object(check.get("where")).get("text") or "")
    place = f" “{literal(where)}”" if where else ""
    said = " ".join(filter(None, (literal(check.get("evidence") or ""), literal(check.get("fix") or ""))))
    return f"- **{check['severity']}** · {literal(check['rule'])}{place} {said}".rstrip()
