"""What no input may hold is refused at the shared call, for every text field of every tool, naming the field."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from knowledge.db import Database
from knowledge.errors import Invalid
from knowledge.ids import OrgId, UserId
from knowledge.people.models import Caller
from tests.conftest import People
from tests.tools.conftest import NoWork, caller_of
from tools.call import call
from tools.catalog import CATALOG
from tools.clients import list_clients
from tools.spec import ToolContext

NUL, HALF_A_PAIR = "a\x00b", "half \ud83d"


def text_fields() -> Iterator[tuple[str, str]]:
    """Every field of every tool that takes text, by the name it has on the wire."""
    for tool in CATALOG.values():
        for name, schema in tool.input.model_json_schema(by_alias=True)["properties"].items():
            kinds = [schema, *schema.get("anyOf", [])]
            if any(kind.get("type") == "string" and "format" not in kind and "enum" not in kind for kind in kinds):
                yield tool.name, name


def test_there_are_such_fields() -> None:
    assert len(list(text_fields())) > 20


@pytest.mark.parametrize("text", [NUL, HALF_A_PAIR])
@pytest.mark.parametrize(("tool", "field"), list(text_fields()))
async def test_a_text_that_cannot_be_kept_is_an_error_of_its_field(tool: str, field: str, text: str) -> None:
    caller = Caller(OrgId(uuid4()), UserId(uuid4()), "partner")
    context = ToolContext(caller, Database("host=nowhere"), NoWork())
    with pytest.raises(Invalid) as refused:
        await call(CATALOG[tool], context, {field: text})
    assert refused.value.fields == {field: "holds characters that cannot be stored"}


async def test_input_that_a_surface_has_validated_is_looked_at_too(db: Database, people: People) -> None:
    context = ToolContext(caller_of(people), db, NoWork())
    with pytest.raises(Invalid) as refused:
        await call(list_clients.LIST_CLIENTS, context, list_clients.Input(query=NUL))
    assert refused.value.fields == {"query": "holds characters that cannot be stored"}
