"""An embedding model made here, so small that it fits a test: it knows a few dozen ideas in three languages.

Words of one idea lie close together whatever their language; a word it does not know says nearly nothing. It is a real
ONNX graph with a real tokenizer: loaded, run and pinned like any other.
"""

from pathlib import Path

import numpy as np
import yaml

from assistant.embedding.local import LocalEmbedder

DIMENSIONS = 64
#: idea -> its words
IDEAS: dict[str, str] = yaml.safe_load((Path(__file__).parent / "tiny_ideas.yaml").read_text(encoding="utf-8"))


def build(folder: Path, seed: int = 1) -> Path:
    """Write model.onnx and tokenizer.json; another ``seed`` gives another model of the same kind."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    words = sorted({word for listed in IDEAS.values() for word in listed.split()})
    vocabulary = {"[PAD]": 0, "[UNK]": 1, **{word: at + 2 for at, word in enumerate(words)}}
    table = random.normal(0, 0.02, (len(vocabulary), DIMENSIONS)).astype(np.float32)
    for listed in IDEAS.values():
        idea = random.normal(0, 1, DIMENSIONS)
        for word in listed.split():
            table[vocabulary[word]] += (idea / np.linalg.norm(idea)).astype(np.float32)
    gather = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph(
        [gather],
        "ideas",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", DIMENSIONS])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def embedder(folder: Path) -> LocalEmbedder:
    """The model of a folder that ``build`` made, as the house runs it."""
    return LocalEmbedder(folder)
