"""Which embedding model the settings name. Nothing here reads the environment or a file."""

from dataclasses import dataclass
from pathlib import Path

from assistant.models.prices import Price


@dataclass(frozen=True)
class EmbeddingSettings:
    """``folder``: a local model (model.onnx, tokenizer.json), whose files must have the SHA-256 ``pinned`` when given;
    else ``name`` at the endpoint of the models, cut to ``dimensions``. Neither: only words are searched.
    """

    name: str | None = None
    folder: Path | None = None
    pinned: str | None = None
    dimensions: int = 512
    price: Price | None = None

    @property
    def is_set(self) -> bool:
        return self.name is not None or self.folder is not None
