"""Where an embedder comes from: the model that a registry row names, if this process can still reach it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import anyio.to_thread
from openai import AsyncOpenAI

from assistant.embedding.hosted import HostedEmbedder
from assistant.embedding.local import LocalEmbedder, revision_of, stamp_of, wanted_of
from assistant.embedding.prices import published_price
from assistant.embedding.settings import EmbeddingSettings
from knowledge.db import Database
from knowledge.embeddings.models import Wanted
from knowledge.errors import Invalid
from knowledge.money.models import ScopeKeys


class Embedder(Protocol):
    """Texts as vectors of length 1, in their order."""

    async def embed(self, texts: list[str]) -> list[list[float]]: ...


@dataclass
class EmbeddingRoom:
    """Built without any I/O. ``client``: the endpoint; None without a key."""

    settings: EmbeddingSettings
    db: Database
    client: AsyncOpenAI | None
    _local: dict[str, LocalEmbedder] = field(default_factory=dict[str, LocalEmbedder])
    _seen: tuple[object, Wanted] | None = None

    async def wanted(self) -> Wanted | None:
        """The model that the settings name; None when they name none. Raises Invalid for one that is not there."""
        if self.settings.folder is not None:
            return await anyio.to_thread.run_sync(self._of_settings, self.settings.folder)
        if self.settings.name is None:
            return None
        return Wanted("openai", self.settings.name, "", self.settings.dimensions)

    def _of_settings(self, folder: Path) -> Wanted:
        """Read anew only when a file has changed: to hash and load a large model takes seconds."""
        stamp = stamp_of(folder)
        if self._seen is None or self._seen[0] != stamp:
            self._seen = (stamp, wanted_of(folder, self.settings.pinned))
        return self._seen[1]

    async def embedder(self, model: Wanted, keys: ScopeKeys) -> Embedder | None:
        """Of this very model; None when its folder or its endpoint is no longer there."""
        if model.provider == "onnx":
            return await self._of_folder(model)
        price = self.settings.price or published_price(model.name)
        if self.client is None or price is None:
            return None
        return HostedEmbedder(self.client, self.db, model.name, model.dimensions, price, keys)

    async def _of_folder(self, model: Wanted) -> LocalEmbedder | None:
        if model.revision not in self._local:
            try:
                there = await anyio.to_thread.run_sync(revision_of, Path(model.name))
            except Invalid:
                return None
            if there != model.revision:
                return None
            self._local[model.revision] = LocalEmbedder(Path(model.name))
        return self._local[model.revision]
