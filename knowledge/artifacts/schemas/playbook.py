"""The playbook: patterns that experiments have shown to work or fail, for one client or one vertical."""

import datetime as dt
from typing import Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Text


class PlaybookScope(Document):
    """For whom the playbook holds."""

    kind: Literal["client", "vertical"] = Field(description="One client, or all clients of a vertical.")
    name: Name = Field(description="Name of the client or the vertical.")


class PlaybookEntry(Document):
    """A pattern, with what shows it."""

    pattern: Text = Field(description="The pattern, in a sentence.")
    channel: Name = Field(description="The channel it was seen on.")
    icp_id: Id | None = Field(default=None, description="Identifier of the customer profile it holds for.")
    angle_type: str | None = Field(default=None, description="The angle it holds for.")
    effect: Text = Field(description="What it brings, with the figure.")
    confidence: Literal["low", "medium", "high"] = Field(description="How sure that is.")
    evidence: list[Id] = Field(min_length=1, description="Identifiers of the experiments and assets that show it.")
    do: str = Field(default="", description="What to do because of it.")
    dont: str = Field(default="", description="What not to do because of it.")
    last_validated: dt.date = Field(description="Day it was last seen to hold.")


class RetiredEntry(Document):
    """A pattern that no longer holds."""

    pattern: Text = Field(description="The pattern.")
    reason: Text = Field(description="Why it was dropped.")
    retired_on: dt.date = Field(description="Day it was dropped.")


class Playbook(Document):
    """What has been learned."""

    scope: PlaybookScope = Field(description="For whom it holds.")
    entries: list[PlaybookEntry] = Field(default=[], description="Patterns that hold.")
    retired: list[RetiredEntry] = Field(default=[], description="Patterns that no longer hold.")
