"""A polished or optimised text beside the piece it was made from."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from knowledge.db import Row
from knowledge.ids import AssetId, ClientId, OrgId, RunId, UserId
from knowledge.proposals.hunks import Hunk

Kind = Literal["polish", "optimize"]


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class LeftOut(_Part):
    """A change that was proposed and is not offered, and why: it touched a figure, a quotation or a link."""

    text: str
    why: str


class GroupChange(_Part):
    """A group of the content score before and after all hunks; None when it could not be checked."""

    name: str
    before: int | None = None
    after: int | None = None


class Account(_Part):
    """What the proposal would do. Scores are 0–100, None when nothing could be scored; ``solved``: rules that would hold."""

    score_before: int | None = None
    score_after: int | None = None
    groups: list[GroupChange] = Field(default=[])
    solved: list[str] = Field(default=[])
    left_out: list[LeftOut] = Field(default=[])
    notes: list[str] = Field(default=[])
    rounds: int = 1


class Proposal(Row):
    """``hunks`` are over the parts (keys of the content, ``title``) of the piece with ``content_hash``."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    asset_id: AssetId
    run_id: RunId | None
    kind: Kind
    asset_version: int
    content_hash: str
    hunks: list[Hunk]
    account: Account
    status: Literal["open", "taken", "dismissed"]
    taken: list[Any]
    agent: str | None
    model: str | None
    decided_by: UserId | None
    decided_at: datetime | None
    idempotency_key: str | None
    created_at: datetime
