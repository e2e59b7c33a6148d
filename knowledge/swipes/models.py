"""Ads worth learning from, as a client's team marked them."""

from uuid import UUID

from knowledge.db import Row
from knowledge.ids import ClientId


class ClientSwipe(Row):
    """A client's swipe with the ad behind it, if it came from the company's library."""

    id: UUID
    client_id: ClientId
    title: str | None
    body: str | None
    cta: str | None
    format: str | None
    brand: str | None
    tags: list[str]
    angle_type: str | None
    notes: str | None
    is_good_example: bool
    is_bad_example: bool
