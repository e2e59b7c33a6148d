"""How a file is to be read: guessed by ``detect``, shown with the preview, corrected by a person, kept with the import.

None always means: find out from the file. What is found out depends on the file alone, so that it is read the same
way again.
"""

from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

VocKind = Literal["support", "sales_call", "survey", "review"]
DateOrder = Literal["dmy", "mdy", "ymd"]


class Options(BaseModel):
    """The same under camelCase names on the wire and in ``imports.options``."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True
    )

    #: a Python codec name
    encoding: str | None = Field(default=None, max_length=40)
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    #: the character that takes away the meaning of a quotation mark after it; "" when a doubled mark does that
    escape: Literal["", "\\"] | None = None
    #: the row, counted from 1, that names the columns; 0 when no row does
    header_row: int | None = Field(default=None, ge=0, le=1000)
    #: column → field (see mapping.FIELDS); None leaves a column out, one that is not named here is guessed
    mapping: dict[str, str | None] | None = None
    #: what the quotes are of; reviews unless the file says otherwise
    voc_kind: VocKind | None = None
    #: what the source of quotes is to be called; None: the name of the file
    source_name: str | None = Field(default=None, max_length=200)
    #: where a page was fetched
    uri: str | None = Field(default=None, max_length=4_000, pattern="^https?://")
    #: how 03/04/2026 is meant
    date_order: DateOrder | None = None
    decimal: Literal[".", ","] | None = None
    #: ISO 639-1, for texts whose row does not say
    language: str | None = Field(default=None, max_length=20)
    #: how plain text becomes quotes
    split: Literal["paragraph", "line", "document"] | None = None
    #: speakers of a call whose turns are not the customer's
    leave_out_speakers: list[str] = Field(default_factory=list[str])
    #: the day that a date must not be after; today when not given
    as_of: date | None = None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """From ``imports.options``. Raises ``pydantic.ValidationError``."""
        return cls.model_validate(stored)

    @property
    def stored(self) -> dict[str, Any]:
        """For ``imports.options``: what was decided, and nothing that was not."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
