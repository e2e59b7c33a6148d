# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (onnxruntime and tokenizers carry no complete types)
"""A model in a folder (``model.onnx`` and ``tokenizer.json``), run on this machine.

Vectors are the mean over the tokens of the last layer, brought to length 1, as sentence-transformers does it; a model
that gives one vector a text is taken as it is. Everything slow happens in a thread; what is loaded stays loaded.
"""

import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import Any

import anyio.to_thread

from knowledge.embeddings.models import Wanted
from knowledge.errors import Invalid

BATCH = 32
#: tokens of a text that are read
LONGEST = 512
FILES = ("model.onnx", "tokenizer.json")


def revision_of(folder: Path) -> str:
    """SHA-256 over both files, in hex. Raises Invalid (ADROOM_EMBEDDING_MODEL) when one is missing."""
    digest = hashlib.sha256()
    for name in FILES:
        try:
            with (folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise Invalid(fields={"ADROOM_EMBEDDING_MODEL": f"{folder} has no {name} that can be read"}) from error
    return digest.hexdigest()


def stamp_of(folder: Path) -> tuple[tuple[int, int], ...]:
    """Changes when a file of the model does, and costs nothing to read. Raises Invalid like ``revision_of``."""
    return tuple((there.st_mtime_ns, there.st_size) for there in (_stat(folder, name) for name in FILES))


def _stat(folder: Path, name: str) -> os.stat_result:
    try:
        return (folder / name).stat()
    except OSError as error:
        raise Invalid(fields={"ADROOM_EMBEDDING_MODEL": f"{folder} has no {name} that can be read"}) from error


def wanted_of(folder: Path, pinned: str | None) -> Wanted:
    """The model of a folder. Slow: reads all of it. Raises Invalid, also when it is not the pinned one."""
    revision = revision_of(folder)
    if pinned and pinned.lower() != revision:
        raise Invalid(
            fields={"ADROOM_EMBEDDING_SHA256": f"the model in {folder} has {revision}; pin that, or put the other back"}
        )
    return Wanted("onnx", str(folder), revision, LocalEmbedder(folder).dimensions)


class LocalEmbedder:
    """``embed`` may be called from several tasks; they take turns in one thread each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def embed(self, texts: list[str]) -> list[list[float]]:
        return await anyio.to_thread.run_sync(self._embed, texts)

    @cached_property
    def dimensions(self) -> int:
        return len(self._embed(["hello"])[0])

    def _embed(self, texts: list[str]) -> list[list[float]]:
        import numpy as np

        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # of like length together: little padding
        vectors: list[list[float]] = [[]] * len(texts)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            found = self._batch([texts[at] for at in places])
            norms = np.linalg.norm(found, axis=1, keepdims=True)
            for at, row in zip(places, found / np.maximum(norms, 1e-12), strict=True):
                vectors[at] = row.tolist()
        return vectors

    def _batch(self, texts: list[str]) -> Any:
        import numpy as np

        encoded = self._tokenizer.encode_batch([text or " " for text in texts])
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        inputs = {one.name for one in self._session.get_inputs()}
        [found, *_] = self._session.run(None, {name: value for name, value in given.items() if name in inputs})
        if found.ndim == 2:
            return found
        weights = mask[:, :, None].astype(found.dtype)
        return (found * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_truncation(LONGEST)
        if tokenizer.padding is None:
            tokenizer.enable_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
