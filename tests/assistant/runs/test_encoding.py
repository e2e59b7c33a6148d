"""What a step gives back is what the body gets after a crash, to the type."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from assistant.runs.encoding import EngineError, JsonSerializer
from knowledge.errors import BudgetExceeded, Conflict, Invalid, Upstream

serializer = JsonSerializer()


class Colour(StrEnum):
    RED = "red"


class Inner(BaseModel):
    when: datetime
    amount: Decimal


class Document(BaseModel):
    model_config = ConfigDict(populate_by_name=True, frozen=True)
    first_name: str = Field(alias="firstName")
    parts: tuple[Inner, ...] = ()


def back_and_forth(value: object) -> object:
    return serializer.deserialize(serializer.serialize(value))


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.decimals(allow_nan=False)
    | st.uuids()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0))
    | st.binary()
    | st.timedeltas(timedelta(days=-999), timedelta(days=999)),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.dictionaries(st.sampled_from(["$model", "$tuple", "$", "x"]), inner)
    ),
)


@given(plain)
def test_plain_values_come_back_as_they_were(value: object) -> None:
    assert repr(back_and_forth(value)) == repr(value)


def test_models_come_back_as_themselves() -> None:
    inner = Inner(when=datetime(2026, 1, 2, tzinfo=UTC), amount=Decimal("1.10"))
    document = Document(first_name="Ada", parts=(inner,))
    assert back_and_forth({"d": [document, Colour.RED]}) == {"d": [document, Colour.RED]}
    assert type(back_and_forth(Colour.RED)) is Colour


@pytest.mark.parametrize(
    "error",
    [
        BudgetExceeded("Too dear.", would_cost=Decimal("1.20"), limit=Decimal(1), scope_id=uuid4()),
        Upstream("No answer.", retryable=True),
        Invalid(fields={"a.b": "is missing"}),
        Conflict(seen=date(2026, 1, 1)),
    ],
)
def test_our_errors_come_back_with_their_words_and_facts(error: Upstream) -> None:
    again = back_and_forth(error)
    assert type(again) is type(error)
    assert isinstance(again, type(error))
    assert (again.message, again.facts) == (error.message, error.facts)
    assert vars(again) == vars(error)


def test_a_kind_of_our_error_made_elsewhere_comes_back_as_ours() -> None:
    class Overloaded(Upstream):
        pass

    again = back_and_forth(Overloaded("Too busy.", retryable=True))
    assert type(again) is Upstream
    assert (again.message, again.retryable) == ("Too busy.", True)


def test_a_foreign_error_comes_back_as_its_words() -> None:
    again = back_and_forth(KeyError("x"))
    assert isinstance(again, EngineError)
    assert str(again) == "KeyError: 'x'"


def test_what_cannot_be_kept_is_refused_when_written() -> None:
    class Local(BaseModel):
        pass

    for value in (object(), Local(), lambda: None, {"deep": [object()]}):
        with pytest.raises(TypeError):
            serializer.serialize(value)


@pytest.mark.parametrize("name", ["os:system", "subprocess:Popen", "antigravity:geohash", "builtins:int"])
def test_a_forged_row_can_neither_import_nor_call_anything(name: str) -> None:
    with pytest.raises(EngineError):
        serializer.deserialize(json.dumps({"$model": name, "v": {}}))
