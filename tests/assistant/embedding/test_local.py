"""A model in a folder: loaded when it is first needed, pinned, the same whatever comes beside a text."""

from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.local import LocalEmbedder, revision_of, wanted_of
from knowledge.errors import Invalid
from tests.tiny_model import DIMENSIONS, build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("model"))


def alike(one: list[float], other: list[float]) -> float:
    return float(np.dot(one, other))


async def test_what_means_the_same_lies_together_in_any_language(folder: Path) -> None:
    texts = ["too expensive", "viel zu teuer", "muito caro", "the parcel was late", "o cão"]
    price, teuer, caro, late, _ = await LocalEmbedder(folder).embed(texts)
    assert min(alike(price, teuer), alike(price, caro), alike(teuer, caro)) > 0.8
    assert alike(price, late) < 0.5


async def test_a_text_has_the_same_vector_of_length_one_whatever_comes_beside_it(folder: Path) -> None:
    embedder = LocalEmbedder(folder)
    [alone] = await embedder.embed(["a razor for the morning"])
    many = await embedder.embed(
        ["x " * n + "a razor for the morning" if n else "a razor for the morning" for n in range(70)]
    )
    assert len(alone) == DIMENSIONS
    assert alike(alone, alone) == pytest.approx(1.0)
    assert many[0] == pytest.approx(alone, abs=1e-6)
    assert await embedder.embed([]) == []
    assert np.isfinite(await embedder.embed([""])).all()


def test_a_folder_is_known_by_its_hash_and_another_is_refused(folder: Path, tmp_path: Path) -> None:
    revision = revision_of(folder)
    assert wanted_of(folder, revision.upper()).dimensions == DIMENSIONS
    with pytest.raises(Invalid) as refused:
        wanted_of(build(tmp_path / "other", seed=2), revision)
    assert "ADROOM_EMBEDDING_SHA256" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        wanted_of(tmp_path, None)
    assert "model.onnx" in refused.value.fields["ADROOM_EMBEDDING_MODEL"]
