"""A request that carried a key, and the answer that is kept for it."""

from datetime import datetime
from typing import Any

from knowledge.db import Row


class KeptAnswer(Row):
    """``status`` and ``body`` are None while the first request with this key is still at work."""

    key: str
    fingerprint: str
    status: int | None
    body: Any
    created_at: datetime
