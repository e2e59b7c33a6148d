"""The critics, asked for by a tool: both on any text, and the reader of claims on a piece or a text.

What always holds: they are asked only where a model answers (the offline writer judges by nothing that the rules do not);
the text is data to them, fenced; their calls are journaled and within the budgets of whoever asks; a finding or a claim whose
words are not in the text is dropped. What keeps a critic from reading is said, and what the rules say stands all the same.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from agents import Agent, Runner
from pydantic import BaseModel

from assistant.agents.team import TEAM
from assistant.models.order import Order
from assistant.models.room import CallScope, ModelRoom
from assistant.workflows.answers import Review
from assistant.workflows.ask import AS_JSON, CONFIG, MOST_CALLS, MendableSchema, Unusable, journal_of, mended
from assistant.workflows.claim_reading import READER, ClaimReading, claim_order, named_by
from assistant.workflows.pieces import CRITICS, REVIEW_WORDS, is_real
from assistant.workflows.sources import read_material
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.claims import service as claims
from knowledge.claims.models import Named
from knowledge.claims.named import Parts
from knowledge.claims.parts import parts_of
from knowledge.clients import service as clients
from knowledge.db import Database
from knowledge.errors import AdroomError
from knowledge.journal import queries as journal
from knowledge.people.models import Caller
from knowledge.sessions import queries as sessions
from tools.critics import Heard, Opinion

A = TypeVar("A", bound=BaseModel)


class HouseCritics:
    """``tools.critics.Critics`` over the house's models."""

    def __init__(self, db: Database, models: ModelRoom) -> None:
        self._db, self._models = db, models

    async def hear(self, caller: Caller, client_id: UUID, text: str, parts: Parts, key: str | None) -> Heard | None:
        if self._models.offline:
            return None
        key = key or str(uuid4())
        sources = {**await self._sources(caller, client_id), "text": text}
        opinions, named = await asyncio.gather(
            asyncio.gather(*(self._opinion(caller, f"{key}/review/{one}", one, sources) for one in CRITICS)),
            self._claims_of_text(caller, client_id, parts, f"{key}/claims"),
        )
        return Heard(tuple(opinions), tuple(named))

    async def read_claims(self, caller: Caller, asset_id: UUID) -> None:
        if self._models.offline:
            return
        async with self._db.org(caller.org_id) as conn:
            asset = await assets.get(conn, asset_id)
            if await claims.was_read(conn, asset):
                return
            known = [one.text for one in await claims.ensure_read(conn, asset) if one.kind != "general"]
        try:
            named = await self._named(caller, asset.client_id, parts_of(asset), known, _key(asset))
        except (
            AdroomError
        ) as error:  # a reached budget, a provider that does not answer, a text that is too long for it
            async with self._db.org(caller.org_id) as conn:
                await claims.not_read(conn, asset, error.message)
            return
        async with self._db.org(caller.org_id) as conn:
            await claims.add_named(conn, asset, named, self._models.name(TEAM[READER].role))

    async def _sources(self, caller: Caller, client_id: UUID) -> dict[str, Any]:
        async with self._db.org(caller.org_id) as conn:
            session = await sessions.get(conn, caller.session_id) if caller.session_id else None
            campaign = session.campaign_id if session and session.client_id == client_id else None
            material = await read_material(conn, client_id=client_id, campaign_id=campaign)
        return material.sources.model_dump(mode="json")

    async def _opinion(self, caller: Caller, key: str, reviewer: str, sources: dict[str, Any]) -> Opinion:
        agent = CRITICS[reviewer]
        order = Order("review_text", REVIEW_WORDS.format(reviewer=reviewer), {**sources, "reviewer": reviewer})
        try:
            found = await self._ask(caller, agent, order, Review, key)
        except AdroomError as error:
            return Opinion(TEAM[agent].name, why=error.message)
        wire = [check.wire() for check in found.checks if not check.passed]
        real = tuple(one for one in wire if is_real(one, str(sources["text"])))
        return Opinion(TEAM[agent].name, found.verdict, found.score, real)

    async def _claims_of_text(self, caller: Caller, client_id: UUID, parts: Parts, key: str) -> list[Named]:
        try:
            return await self._named(caller, client_id, parts, (), key)
        except AdroomError:  # both critics have the same reason, and say it
            return []

    async def _named(
        self, caller: Caller, client_id: UUID, parts: Parts, known: Sequence[str], key: str
    ) -> list[Named]:
        async with self._db.org(caller.org_id) as conn:
            client = await clients.get_client(conn, client_id)
        found = await self._ask(caller, READER, claim_order(client.name, parts, known), ClaimReading, key)
        return named_by(self._models.name(TEAM[READER].role), found, parts)

    async def _ask(self, caller: Caller, agent_id: str, order: Order, answer: type[A], key: str) -> A:
        """The agent's answer; the journal forgets one that can never be used, so that asking again asks again."""
        spec, journal_id = TEAM[agent_id], journal_of(key)
        scope = CallScope(caller.org_id, caller.user_id, caller.session_id, caller.run_id, spec.id, journal_id)
        model = self._models.model(spec.role, scope)
        schema = MendableSchema(answer, strict_json_schema=False)
        agent = Agent(name=spec.name, instructions=spec.instructions(), model=model, output_type=schema)

        async def once(asked: str) -> A:
            result = await Runner.run(agent, asked, max_turns=MOST_CALLS, run_config=CONFIG)
            return result.final_output_as(answer, raise_if_incorrect_type=True)

        try:
            return await mended(spec.id, order, once, AS_JSON)
        except Unusable:
            async with self._db.org(caller.org_id) as conn:
                await journal.forget(conn, caller.org_id, journal_id)
            raise


def _key(asset: Asset) -> str:
    return f"claims/{asset.id}/{asset.version}/{asset.content_hash}"
