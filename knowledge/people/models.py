"""Who is there, and who is asking."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from knowledge.db import Row
from knowledge.ids import OrgId, RunId, SessionId, UserId

Via = Literal["chat", "slack", "api"]

ROLES = ("partner", "strategy", "creative", "performance", "ops", "data", "experiment", "legal", "admin")


class User(Row):
    id: UserId
    org_id: OrgId
    external_id: str
    email: str
    display_name: str
    role: str
    created_at: datetime


@dataclass(frozen=True)
class Caller:
    """Who asks for something, from where, and on behalf of what. Made by a surface, never from a model's words."""

    org_id: OrgId
    user_id: UserId
    role: str
    via: Via = "api"
    session_id: SessionId | None = None
    run_id: RunId | None = None
    agent: str | None = None
    #: what a program has for the runs that it started (knowledge/runs/tokens.py)
    client_token: str | None = field(default=None, repr=False)
    scopes: frozenset[str] = field(default_factory=lambda: frozenset({"*"}))

    @property
    def by_person(self) -> bool:
        """A person asked, or a program of theirs; not an agent on its own."""
        return self.agent is None
