"""Blocks keep their positions; passive and transitions are told in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.checks.text.blocks import blocks
from knowledge.checks.text.passive import is_passive
from knowledge.checks.text.sentences import words_in
from knowledge.checks.words import one_of

TEXT = """# The **title**

A first paragraph with [a link](https://a.de/b_c) and `code`,
over two lines.

> “A quote,” she said.
> — Ana

- one *item*
- another

| a | b |
|---|---|
| 1 | 2 |

```
# no heading
```
## Next"""


def test_blocks_are_told_apart() -> None:
    assert [(block.kind, block.level) for block in blocks(TEXT)] == [
        ("heading", 1),
        ("paragraph", 0),
        ("quote", 0),
        ("item", 0),
        ("item", 0),
        ("table", 0),
        ("table", 0),
        ("table", 0),
        ("heading", 2),
    ]


@given(st.text(alphabet="ab #>*-_`[](!|\n\\1.<é", max_size=120))
def test_a_position_in_a_block_is_a_position_in_the_text(text: str) -> None:
    for block in blocks(text):
        assert len(block.plain) == block.end - block.start
        for at, letter in enumerate(block.plain):
            assert letter in (" ", text[block.start + at])


def test_a_link_keeps_its_label_and_a_picture_nothing() -> None:
    (block,) = blocks("See [the guide](https://a.de) ![a racket](x.png).")
    assert block.plain.split() == ["See", "the", "guide", "."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The text was written by Ana"),
        ("en", "Nothing is ever really finished here"),
        ("de", "Der Text wurde von Ana geschrieben"),
        ("de", "Heute wird das Angebot kalkuliert und verschickt"),
        ("es", "El texto fue escrito por Ana"),
        ("es", "Las obras son revisadas cada semana"),
        ("pt", "O texto foi escrito pela Ana"),
        ("pt", "As obras são revistas e foram aprovadas ontem"),
    ],
)
def test_a_passive_is_told(language: str, text: str) -> None:
    assert is_passive(words_in(text), language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ana wrote the text and is tired"),
        ("en", "It is a need that you feel"),
        ("de", "Ana wird morgen kommen und gern helfen"),
        ("de", "Wir werden gegen Mittag gehen"),
        ("es", "El plazo es un resultado esperado por todos"),
        ("es", "La caja es pesada y el precio es elevado"),
        ("pt", "A caixa é pesada e o preço é elevado"),
    ],
)
def test_an_active_sentence_is_no_passive(language: str, text: str) -> None:
    assert is_passive(words_in(text), language) is False


def test_another_language_has_no_passive_to_tell() -> None:
    assert is_passive(("La", "lettre", "est", "écrite"), "fr") is None


@pytest.mark.parametrize(
    ("language", "joined", "not_joined"),
    [
        ("en", "However, it works.", "The howevers work."),
        ("de", "Zum Beispiel hilft das.", "Das Beispiel hilft."),
        ("es", "Sin embargo, funciona.", "El embargo funciona."),
        ("pt", "Por exemplo, funciona.", "O exemplo funciona."),
    ],
)
def test_transition_words_are_found_as_whole_words(language: str, joined: str, not_joined: str) -> None:
    words = one_of(language, "transitions")
    assert words is not None
    assert words.search(joined)
    assert not words.search(not_joined)
