"""A made-up library for the search benchmarks: tenants of very different size, passages with words, filters, vectors.

Vectors are drawn around a few hundred centres, as texts on like subjects lie; words come from a long-tailed list.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
import psycopg

DIMENSIONS, CENTRES, CLIENTS = 384, 400, 8
FORMATS, TAGS = ("VIDEO", "IMAGE", "CAROUSEL", "DCO"), tuple(f"tag{n}" for n in range(20))
#: shares of all passages; with 200,000 the tenants have from 80,000 down to 50
SHARES = (0.4, 0.2, 0.125, 0.075, 0.05, 0.04, 0.03, 0.025, 0.015, 0.01, 0.0075, 0.006, 0.0045, 0.0035, 0.0025, 0.002,
          0.0015, 0.00125, 0.001, 0.00025)  # fmt: skip
FIRST_DAY = date(2024, 1, 1)
_BEGINNINGS, _ENDS = "ka lo mi ne ru sa te vo wi zu", "bar den fil gos hem jun kel mor nit pas"
_WORDS = [begin + end for begin in _BEGINNINGS.split() for end in _ENDS.split()]
_CHUNKS = """
insert into chunks (org_id, id, kind, parent_id, client_id, part, text, content_hash, language, platforms, format, day,
                    score, tags, tsv)
select org_id, id, 'swipe', id, client_id, 'body', text, sha256(id::text::bytea), 'en', '{FACEBOOK}', format, day, 1,
  tags, chunk_tsv(text, text, 'english') from made
"""


@dataclass
class Tenant:
    org_id: UUID
    rows: int


@dataclass
class Shelves:
    """``share``: which part of all ``rows`` is there, 0 to 1."""

    owner_url: str
    rows: int
    model: int

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(5)
        self.tenants = [Tenant(UUID(int=n + 1), max(50, round(share * self.rows))) for n, share in enumerate(SHARES)]
        self.there = [0] * len(self.tenants)

    @cached_property
    def centres(self) -> Any:
        return self.random.normal(0, 1, (CENTRES, DIMENSIONS)).astype(np.float32)

    def vectors(self, n: int) -> Any:
        """(n, DIMENSIONS), length 1."""
        made = self.centres[self.random.integers(0, CENTRES, n)] + self.random.normal(0, 0.9, (n, DIMENSIONS))
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)

    def words(self, n: int) -> str:
        places = np.minimum(self.random.zipf(1.35, n) - 1, len(_WORDS) - 1)
        return " ".join(_WORDS[place] for place in places)

    def fill(self, share: float, keep: Any = None) -> None:
        """Every tenant up to this share of its rows; ``keep(tenant, ids, vectors, facts)`` for the peers."""
        with psycopg.connect(self.owner_url, autocommit=True) as conn:
            for number, tenant in enumerate(self.tenants):
                wanted = max(50, round(share * tenant.rows)) - self.there[number]
                if wanted > 0:
                    self._add(conn, number, tenant, wanted, keep)
                    self.there[number] += wanted
            conn.execute("analyze chunks")
            conn.execute(f"analyze embeddings_{self.model}")

    def _add(self, conn: "psycopg.Connection[Any]", number: int, tenant: Tenant, n: int, keep: Any) -> None:
        conn.execute("insert into orgs (id, name) values (%s, 'Bench') on conflict do nothing", (tenant.org_id,))
        ids = [UUID(int=(number + 1) << 64 | self.there[number] + at + 1) for at in range(n)]
        vectors = self.vectors(n)
        facts = [self._facts(number) for _ in ids]
        with conn.transaction():
            conn.execute(
                "create temporary table made (org_id uuid, id uuid, client_id uuid, text text, format text, day date, "
                "tags text[]) on commit drop"
            )
            with conn.cursor().copy("copy made from stdin") as copy:
                for id, (client, format, day, tags) in zip(ids, facts, strict=True):
                    copy.write_row((tenant.org_id, id, client, self.words(14), format, day, tags))
            conn.execute(_CHUNKS)  # pyright: ignore[reportArgumentType]
            columns = (
                "org_id, chunk_id, parent_id, content_hash, kind, client_id, language, platforms, format, day, score, "
                "tags, vec"
            )
            with conn.cursor().copy(f"copy embeddings_{self.model} ({columns}) from stdin") as copy:  # pyright: ignore[reportArgumentType]
                for id, (client, format, day, tags), row in zip(ids, facts, vectors, strict=True):
                    vec = "[" + ",".join(f"{value:.4g}" for value in row.tolist()) + "]"
                    copy.write_row(
                        (
                            tenant.org_id,
                            id,
                            id,
                            id.bytes,
                            "swipe",
                            client,
                            "en",
                            ["FACEBOOK"],
                            format,
                            day,
                            1.0,
                            tags,
                            vec,
                        )
                    )
        if keep is not None:
            keep(tenant, ids, vectors, facts)

    def _facts(self, number: int) -> tuple[UUID, str, date, list[str]]:
        random = self.random
        client = UUID(int=(number + 1) * 1000 + int(random.integers(0, CLIENTS)))
        tags = [TAGS[at] for at in random.choice(len(TAGS), 2, replace=False)]
        return (
            client,
            FORMATS[int(random.integers(0, 4))],
            FIRST_DAY + timedelta(days=int(random.integers(0, 1000))),
            tags,
        )

    def filters(self, number: int) -> dict[str, dict[str, Any]]:
        """By name, as knowledge.search.models.Filters takes them."""
        client = UUID(int=(number + 1) * 1000 + int(self.random.integers(0, CLIENTS)))
        start = FIRST_DAY + timedelta(days=int(self.random.integers(0, 800)))
        return {
            "none": {},
            "client": {"client_id": client},
            "client + format": {"client_id": client, "formats": (FORMATS[int(self.random.integers(0, 4))],)},
            "dates": {"day_from": start, "day_to": start + timedelta(days=180)},
            "tags": {"tags": (TAGS[int(self.random.integers(0, len(TAGS)))],)},
        }
