"""Delivery: the files handed over, with their checksums and what they were built from."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from knowledge.artifacts.schemas.base import Document, Id, Name, Problem, repeated


class BuiltFrom(Document):
    """An artifact version a file was built from."""

    type: Name = Field(description='Type of the artifact, such as "strategy_sheet".')
    id: Id = Field(description="Identifier of that version.")
    version: int = Field(ge=1, description="Its version.")


class DeliveredFile(Document):
    """One file handed over."""

    file: Name = Field(description="File name.")
    kind: Literal["pdf", "pptx", "zip"] = Field(description="What kind of file.")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="SHA-256 of its bytes, in hex.")
    built_from: list[BuiltFrom] = Field(default=[], description="What it was built from.")


class SentTo(Document):
    """Who received it, and when."""

    recipient: Name = Field(description="Name or address.")
    sent_on: dt.date | None = Field(default=None, description="Day it was sent.")


class Delivery(Document):
    """What was handed over."""

    manifest: list[DeliveredFile] = Field(default=[], description="The files.")
    audience: str = Field(default="", description="For whom it was made.")
    sent_to: list[SentTo] = Field(default=[], description="Who received it.")

    def rules(self) -> Iterator[Problem]:
        yield from repeated((item.file for item in self.manifest), "manifest", "file")
