"""What hosted embedding models cost, as far as it is published; another's price stands in ADROOM_PRICES."""

from decimal import Decimal

from assistant.models.prices import OwnPrice, Price, TokenPrice

SOURCE = "OpenAI's price page, 2026-11-01"
#: dollars per million tokens
PUBLISHED = {
    "text-embedding-3-small": Decimal("0.02"),
    "text-embedding-3-large": Decimal("0.13"),
    "text-embedding-ada-002": Decimal("0.10"),
}


def published_price(name: str) -> Price | None:
    per_million = PUBLISHED.get(name)
    return TokenPrice(OwnPrice(input=per_million, output=Decimal(0)), SOURCE) if per_million is not None else None
