"""What a model costs, and that an unknown price is never zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.prices import OFFLINE, OwnPrice, TokenPrice, Tokens, parse_prices, price_of
from assistant.models.roles import DEFAULTS
from knowledge.errors import Invalid

OWN = '{"llama": {"input": 0.5, "output": 1.5, "cached": 0.1}, "tiny": {"input": 1, "output": 2}}'


def test_the_operators_prices_are_exact_decimals_per_million_tokens() -> None:
    prices = parse_prices(OWN)
    assert prices["llama"] == OwnPrice(input=Decimal("0.5"), output=Decimal("1.5"), cached=Decimal("0.1"))
    price = price_of("llama", "http://localhost:1/v1", prices)
    assert price.cost(Tokens(input=1_000_000, output=100_000, cached=200_000)) == Decimal("0.57")
    assert price.source == "ADROOM_PRICES"
    assert price_of("tiny", None, prices).cost(Tokens(input=10, output=0, cached=10)) == Decimal("0.00001")


@pytest.mark.parametrize("nothing", [None, "", "  ", "{}"])
def test_no_own_prices_is_fine(nothing: str | None) -> None:
    assert parse_prices(nothing) == {}


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("{not json", "ADROOM_PRICES", "is not JSON"),
        ("[1]", "ADROOM_PRICES", "must look like"),
        ('{"m": 3}', "ADROOM_PRICES.m", "dictionary"),
        ('{"m": {"input": 1}}', "ADROOM_PRICES.m.output", "required"),
        ('{"m": {"input": -1, "output": 1}}', "ADROOM_PRICES.m.input", "greater than or equal to 0"),
        ('{"m": {"input": NaN, "output": 1}}', "ADROOM_PRICES.m.input", "finite"),
        ('{"m": {"input": "free", "output": 1}}', "ADROOM_PRICES.m.input", "decimal"),
        ('{"m": {"input": 1, "output": 1, "extra": 1}}', "ADROOM_PRICES.m.extra", "not permitted"),
    ],
)
def test_what_is_wrong_in_own_prices_is_named(text: str, field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_prices(text)
    assert words in refused.value.fields[field]


def test_a_published_price_counts_cached_input_as_cheaper() -> None:
    price = price_of("gpt-4.1-mini", None, {})
    assert price.cost(Tokens(input=1_000_000, output=1_000_000)) == Decimal("2.0")
    assert price.cost(Tokens(input=1_000_000, output=0, cached=1_000_000)) == Decimal("0.1")
    assert price.unit_cost == {"input": "0.4", "output": "1.6", "cached": "0.1"}
    assert price.source.startswith("genai-prices ") and price.source.endswith(": openai/gpt-4.1-mini")


def test_the_endpoints_own_price_is_used_and_a_stranger_is_priced_by_the_models_name() -> None:
    assert price_of("deepseek-chat", "https://api.deepseek.com/v1", {}).source.endswith(": deepseek/deepseek-chat")
    assert price_of("gpt-4.1", "http://proxy.internal:4000/v1", {}).source.endswith(": openai/gpt-4.1")
    with pytest.raises(Invalid):
        price_of("gpt-4.1", "https://api.deepseek.com/v1", {})


@pytest.mark.parametrize("model", ["no-such-model", "whisper-1", "text-embedding-3-small", ""])
def test_a_model_that_has_no_price_by_tokens_is_refused_with_the_way_on(model: str) -> None:
    with pytest.raises(Invalid) as refused:
        price_of(model, None, {})
    assert "ADROOM_PRICES" in str(refused.value) and str(refused.value).count("\n") == 0


def test_the_models_used_by_default_have_prices() -> None:
    for name in DEFAULTS.values():
        assert price_of(name, None, {}).worst(1, 1) > 0


def test_the_offline_writer_costs_nothing_and_says_so() -> None:
    assert (OFFLINE.cost(Tokens(10**9, 10**9)), OFFLINE.source, OFFLINE.free) == (0, "offline", True)


@given(
    st.sampled_from(["gpt-4.1", "gpt-5.4", "claude-sonnet-4-5", "gemini-2.5-pro", "own"]),
    st.integers(0, 300_000),
    st.integers(0, 20_000),
    st.data(),
)
def test_no_call_costs_more_than_its_worst_case(model: str, read: int, written: int, data: st.DataObject) -> None:
    cached = data.draw(st.integers(0, read))
    stored = data.draw(st.integers(0, read - cached))
    own = {"own": OwnPrice(input=Decimal("0.1"), output=Decimal(1), cached=Decimal("0.3"))}
    price = price_of(model, "http://proxy.internal/v1", own)
    true = price.cost(Tokens(read, written, cached, stored))
    assert true <= price.worst(read, written)
    assert isinstance(true, Decimal) and (true > 0) == (read + written > 0)


def test_an_operators_zero_is_his_word() -> None:
    price = price_of("mine", "http://localhost/v1", parse_prices('{"mine": {"input": 0, "output": 0}}'))
    assert isinstance(price, TokenPrice) and price.free
