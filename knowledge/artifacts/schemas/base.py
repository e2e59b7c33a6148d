"""What every artifact document is made of.

A document is camelCase on the wire and snake_case in Python, refuses unknown fields and over-long text, and
says in words what is wrong with it. The same classes are given to language models as output schemas, so
there are no free-form mappings and no recursive shapes, and every field carries a description.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

#: a whole article section fits; a pasted book does not
LONGEST_TEXT = 20_000
#: more entries than a person reads; ``registry.validate`` holds it for every list
LONGEST_LIST = 1_000


class Problem(NamedTuple):
    """One broken rule: the path below the document that found it ("kpis.0.metricId"), and what is wrong."""

    path: str
    message: str


class Document(BaseModel):
    """Base of all artifact documents and of their parts."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        str_max_length=LONGEST_TEXT,
        allow_inf_nan=False,
        use_attribute_docstrings=False,
    )

    def rules(self) -> Iterator[Problem]:
        """Yield what does not hold between the fields of this document; nothing when all is well."""
        yield from ()

    @model_validator(mode="after")
    def _rules_hold(self) -> Self:
        problems = list(self.rules())
        if problems:
            sentence = "; ".join(f"{p.path}: {p.message}" if p.path else p.message for p in problems)
            raise PydanticCustomError("rules", "{sentence}", {"sentence": sentence, "problems": problems})
        return self

    def wire(self) -> dict[str, Any]:
        """Return the document as it is stored and sent: camelCase keys, JSON values, money as text."""
        return self.model_dump(mode="json", by_alias=True)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "is empty")
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host, parts = None, None
    if parts is None or parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in value):
        raise PydanticCustomError("web_address", "must be a web address that starts with https:// or http://")
    return value


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


#: text that must say something
Text = Annotated[str, AfterValidator(_not_blank)]
#: a short name or heading
Name = Annotated[str, AfterValidator(_not_blank), Field(max_length=300)]
#: an identifier, unique within its list
Id = Annotated[str, AfterValidator(_not_blank), Field(max_length=120)]
#: an absolute http or https address
WebAddress = Annotated[str, AfterValidator(_web_address), Field(max_length=2_000)]
#: an amount of money, two decimals, never negative; text on the wire so that no float ever touches it
Money = Annotated[
    Decimal,
    Field(ge=0, lt=Decimal(10) ** 12),
    AfterValidator(_cents),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,12}(\.\d{1,2})?$"}),
]
#: ISO 4217, upper case
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
#: a share between 0 and 1
Share = Annotated[float, Field(ge=0, le=1)]


def repeated(ids: Iterable[str], where: str, key: str = "id") -> Iterator[Problem]:
    """Yield a problem for every identifier that already appeared earlier in the same list."""
    seen: set[str] = set()
    for position, name in enumerate(ids):
        if name in seen:
            yield Problem(f"{where}.{position}.{key}", f'"{name}" is used twice')
        seen.add(name)


def unresolved(references: Iterable[tuple[str, str]], known: Iterable[str], where: str) -> Iterator[Problem]:
    """Yield a problem for every (path, id) whose id is not ``known``; ``where`` names the known list."""
    existing = set(known)
    for path, name in references:
        if name not in existing:
            yield Problem(path, f'"{name}" is not in {where}')
