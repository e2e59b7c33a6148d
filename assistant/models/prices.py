"""What a model costs: from the operator's own prices, else from the published table of ``genai-prices``.

What always holds: a model without a known price, or whose known price does not count tokens, is refused; nothing is
priced at zero unless the operator wrote that zero, or it is the offline writer. Prices are dollars per million tokens.
The table is the one installed with the package; it is never updated over the network.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import Invalid

MILLION = Decimal(1_000_000)
SETTING = "ADROOM_PRICES"
OFFLINE_SOURCE = "offline"


class OwnPrice(BaseModel):
    """An operator's price, in dollars per million tokens; ``cached`` input costs as much as ``input`` unless given."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    input: Decimal = Field(ge=0, allow_inf_nan=False)
    output: Decimal = Field(ge=0, allow_inf_nan=False)
    cached: Decimal | None = Field(default=None, ge=0, allow_inf_nan=False)


@dataclass(frozen=True)
class Tokens:
    """What a call used; ``cached`` of ``input`` were read from the provider's cache, ``written`` put into it."""

    input: int = 0
    output: int = 0
    cached: int = 0
    written: int = 0


class Price(Protocol):
    """How one model's calls are priced. ``source`` and ``unit_cost`` go into the ledger as they are."""

    @property
    def source(self) -> str: ...
    @property
    def unit_cost(self) -> dict[str, str]: ...
    @property
    def free(self) -> bool: ...
    def cost(self, tokens: Tokens) -> Decimal: ...
    def worst(self, input_tokens: int, output_tokens: int) -> Decimal: ...


@dataclass(frozen=True)
class TokenPrice:
    """A flat price per token, as an operator states it."""

    own: OwnPrice
    source: str

    @property
    def unit_cost(self) -> dict[str, str]:
        cached = self.own.cached if self.own.cached is not None else self.own.input
        return {"input": str(self.own.input), "output": str(self.own.output), "cached": str(cached)}

    @property
    def free(self) -> bool:
        return not (self.own.input or self.own.output or self.own.cached)

    def cost(self, tokens: Tokens) -> Decimal:
        cached = self.own.cached if self.own.cached is not None else self.own.input
        fresh = max(tokens.input - tokens.cached, 0)
        return (fresh * self.own.input + tokens.cached * cached + tokens.output * self.own.output) / MILLION

    def worst(self, input_tokens: int, output_tokens: int) -> Decimal:
        dearest = max(self.own.input, self.own.cached or Decimal(0))
        return (input_tokens * dearest + output_tokens * self.own.output) / MILLION


OFFLINE = TokenPrice(OwnPrice(input=Decimal(0), output=Decimal(0)), OFFLINE_SOURCE)


@dataclass(frozen=True)
class PublishedPrice:
    """A price of the published table, with its tiers, cache prices and times of day."""

    model: str
    provider_id: str | None
    source: str
    unit_cost: dict[str, str]
    #: how much dearer than plain input the dearest way to read or cache it is
    input_factor: Decimal
    free: bool = False

    def cost(self, tokens: Tokens) -> Decimal:
        return _published(self.model, self.provider_id, tokens).total_price

    def worst(self, input_tokens: int, output_tokens: int) -> Decimal:
        calculation = _published(self.model, self.provider_id, Tokens(input_tokens, output_tokens))
        return calculation.input_price * self.input_factor + (calculation.total_price - calculation.input_price)


def parse_prices(text: str | None) -> dict[str, OwnPrice]:
    """ADROOM_PRICES: ``{"model": {"input": 0.5, "output": 1.5, "cached": 0.1}}``, dollars per million tokens.

    Raises ``Invalid`` naming the setting and what is wrong in it.
    """
    if text is None or not text.strip():
        return {}
    try:
        given: Any = json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal)
    except json.JSONDecodeError as fault:
        raise Invalid(fields={SETTING: f"is not JSON: {fault}"}) from None
    if not isinstance(given, dict):
        raise Invalid(fields={SETTING: 'must look like {"model": {"input": 0.5, "output": 1.5}}'})
    wrong: dict[str, str] = {}
    prices: dict[str, OwnPrice] = {}
    for name, price in given.items():  # pyright: ignore[reportUnknownVariableType]
        try:
            prices[str(name)] = OwnPrice.model_validate(price)  # pyright: ignore[reportUnknownArgumentType]
        except ValidationError as fault:
            first = fault.errors()[0]
            path = ".".join([SETTING, str(name), *map(str, first["loc"])])  # pyright: ignore[reportUnknownArgumentType]
            wrong[path] = first["msg"]
    if wrong:
        raise Invalid(fields=wrong)
    return prices


def price_of(model: str, base_url: str | None, own: Mapping[str, OwnPrice]) -> Price:
    """The price of ``model`` at ``base_url`` (None: OpenAI). Loads the table on first use: about 0.15 s.

    Raises ``Invalid`` naming the model and how to give a price.
    """
    if model in own:
        return TokenPrice(own[model], SETTING)
    provider_id = _provider(base_url)
    try:
        sample = _published(model, provider_id, Tokens(1_000_000, 1_000_000))
    except LookupError:
        raise _unknown(model, "has no known price") from None
    if not sample.input_price or not sample.total_price - sample.input_price:
        # such as a speech model, priced by the hour: from tokens it would come out at zero
        raise _unknown(model, "is not priced by tokens")
    factor = _input_factor(sample.model_price)
    return PublishedPrice(model, provider_id, _source(sample), _unit_cost(sample.model_price), input_factor=factor)


def _unknown(model: str, why: str) -> Invalid:
    example = json.dumps({model: {"input": 0.5, "output": 1.5}})
    return Invalid(
        f"The model {model} {why}, so its budget cannot be kept. "
        f"Give its price in {SETTING}, in dollars per million tokens, such as {example}.",
        fields={SETTING: f"no price for {model}"},
        model=model,
    )


def _provider(base_url: str | None) -> str | None:
    """The table's provider behind ``base_url``; None (look the model up by name only) for one it does not know."""
    from genai_prices.data_snapshot import get_snapshot

    if base_url is None:
        return "openai"
    try:
        return get_snapshot().find_provider(None, None, base_url).id
    except LookupError:
        return None


def _published(model: str, provider_id: str | None, tokens: Tokens) -> Any:
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=tokens.input,
        output_tokens=tokens.output,
        cache_read_tokens=min(tokens.cached, tokens.input),
        cache_write_tokens=min(tokens.written, max(tokens.input - tokens.cached, 0)),
    )
    return calc_price(usage, model_ref=model, provider_id=provider_id)


def _source(calculation: Any) -> str:
    from genai_prices import __version__

    return f"genai-prices {__version__}: {calculation.provider.id}/{calculation.model.id}"


def _unit_cost(model_price: Any) -> dict[str, str]:
    keys = {"input": "input_mtok", "output": "output_mtok", "cached": "cache_read_mtok"}
    found = {name: getattr(model_price, key) for name, key in keys.items()}
    return {name: str(getattr(value, "base", value)) for name, value in found.items() if value is not None}


def _input_factor(model_price: Any) -> Decimal:
    """Some providers charge more for input that they put into their cache."""
    plain, written = model_price.input_mtok, model_price.cache_write_mtok
    if written is None or not plain:
        return Decimal(1)
    ratio = Decimal(getattr(written, "base", written)) / Decimal(getattr(plain, "base", plain))
    return max(ratio, Decimal(1))
