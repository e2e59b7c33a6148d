"""The sentence patterns: every language has what the others have."""

import pytest

from assistant.models.offline.compose import Sources, review_brand, review_compliance
from assistant.models.offline.compose.aspects import ASPECTS, ORDER
from assistant.models.offline.compose.language import WRITABLE, code_of, detect
from assistant.models.offline.compose.pen import Pen, phrases, slots


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_every_language_has_the_same_keys(language: str) -> None:
    assert phrases(language).keys() == phrases("en").keys()


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_patterns_use_only_known_slots_and_end_well(language: str) -> None:
    known = {slot for patterns in phrases("en").values() for pattern in patterns for slot in slots(pattern)}
    for key, patterns in phrases(language).items():
        assert len(patterns) == len(set(patterns)), key
        for pattern in patterns:
            assert slots(pattern) <= known | {"kp", "kpa"}, (key, pattern)
            assert "  " not in pattern and pattern == pattern.strip(), (key, pattern)
            if key.split(".")[0] in {"lead", "close"}:
                assert pattern[-1] in ".?:!", (key, pattern)


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_each_pattern_is_in_its_language(language: str) -> None:
    for key, patterns in phrases(language).items():
        for pattern in patterns:
            if len(pattern.split()) >= 9 and "{" not in pattern:
                assert detect(pattern) in {language, None}, (key, pattern)


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_no_pattern_makes_a_claim_the_reviews_would_object_to(language: str) -> None:
    texts = [
        pattern
        for key, patterns in phrases(language).items()
        for pattern in patterns
        if key.split(".")[0] not in {"canon", "strategy"}
    ]
    for text in texts:
        found = [*review_compliance(Sources(), text)["checks"], *review_brand(Sources(), text)["checks"]]
        broken = [check for check in found if not check["passed"] and not check["id"].startswith("brand.placeholder")]
        assert not broken, text


def test_a_pattern_is_said_once_and_never_with_a_forbidden_word() -> None:
    pen = Pen("en", "seed", {"client": "Nord"}, ("reason",))
    said = [pen.say("lead.mistakes") for _ in range(3)]
    assert any(said) and all("reason" not in text for text in said)
    several = [pen.say("step.fact", x="Roasted on Tuesday") for _ in range(8)]
    assert len([text for text in several if text]) == len(set(filter(None, several))) == 5


FILLER = [
    "sound like a detail", "unspectacular", "loudest advert", "form of respect", "more room than", "seldom carelessness",
    "nobody had the time",
    "klingt unspektakulär", "nach einer kleinigkeit", "parece un detalle", "parece um pormenor",
]  # fmt: skip


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_no_pattern_fills_space_with_nothing(language: str) -> None:
    texts = [pattern.lower() for patterns in phrases(language).values() for pattern in patterns]
    assert not [text for text in texts for filler in FILLER if filler in text]


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_every_aspect_has_a_name_a_step_a_reason_and_a_question(language: str) -> None:
    assert sorted(ORDER) == sorted(ASPECTS)
    bank = phrases(language)
    for aspect in ASPECTS:
        name, step, why, ask = (bank[f"aspect.{aspect}.{part}"][0] for part in ("label", "step", "why", "ask"))
        assert name and step[-1] not in ".!?" and why.endswith((".", "?")) and ask.endswith("?"), aspect


@pytest.mark.parametrize(
    ("name", "code"), [("pt-BR", "pt"), ("Deutsch", "de"), ("Español", "es"), ("en_US", "en"), ("Klingon", "")]
)
def test_a_language_is_known_by_code_locale_or_name(name: str, code: str) -> None:
    assert code_of(name) == code
