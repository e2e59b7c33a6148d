"""The demo client in the database: made once, the same client however often it is asked for."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.clients import queries as clients
from knowledge.clients import service
from knowledge.clients.models import Client
from knowledge.db import Connection
from knowledge.people.models import Caller
from knowledge.swipes import queries as swipes
from knowledge.swipes.marking import Marks, OwnAd, add_own
from knowledge.voc import queries as voc
from knowledge.voc.keeping import keep_quote

HERE = Path(__file__).parent


@dataclass(frozen=True)
class DemoClient:
    client_id: UUID
    name: str
    intake_id: UUID
    quotes: int
    swipes: int


async def make_demo_client(conn: Connection, caller: Caller) -> DemoClient:
    """The client with its intake as a draft, quotes and swipes; what is there already stays as it is."""
    brief = _read("brief.yaml")
    identity = brief["identity"]
    client = await clients.find_client(conn, identity["name"])
    if client is None:
        client = await service.create_client(
            conn, caller.org_id, identity["name"], identity["industry"], identity["website"]
        )
        await add_voices(conn, client, _read("voices.yaml"))
        for swipe in _read("swipes.yaml"):
            own = OwnAd(**{name: swipe[name] for name in ("title", "body", "channel", "format")})
            marks = Marks(
                good=swipe["is_good"],
                bad=swipe["is_bad"],
                **{name: swipe[name] for name in ("notes", "angle_type", "tags")},
            )
            await add_own(conn, client.org_id, client.id, own, marks)
    intake = await artifacts.latest(conn, client.id, "intake")
    if intake is None:
        draft = store.Draft(caller.org_id, client.id, "intake", brief, f"user:{caller.user_id}")
        intake = await store.create_version(conn, draft)
    quotes = len(await voc.list_snippets(conn, client.id))
    examples = len(await swipes.list_client_swipes(conn, client.id))
    return DemoClient(client.id, client.name, intake.id, quotes, examples)


async def add_voices(conn: Connection, client: Client, voices: list[dict[str, Any]]) -> None:
    """Customers' words, one source a kind; the same words again change nothing."""
    for kind in dict.fromkeys(voice["kind"] for voice in voices):
        mine = [voice for voice in voices if voice["kind"] == kind]
        digest = hashlib.sha256("\n".join(voice["text"] for voice in mine).encode()).hexdigest()
        scope: dict[str, Any] = {"org_id": client.org_id, "client_id": client.id, "kind": kind}
        source = await voc.insert_source(conn, {**scope, "name": f"Demo {kind}s", "uri": None, "content_hash": digest})
        for voice in mine:
            await keep_quote(
                conn,
                **scope,
                source_id=source,
                text=voice["text"],
                author=voice["author"] or None,
                rating=voice["rating"] or None,
                language="en",
                themes=voice["themes"],
            )


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
