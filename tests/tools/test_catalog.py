"""What holds for every tool there is."""

import importlib
from pathlib import Path

import pytest

import tools
from knowledge.artifacts.registry import SPECS
from knowledge.db import Database
from knowledge.errors import Conflict, Denied
from tests.conftest import People
from tests.tools.conftest import NoWork, caller_of
from tools.artifacts.view import NEXT_COMMANDS
from tools.call import call
from tools.catalog import CATALOG
from tools.runs.kinds import NEEDS, TAKES
from tools.spec import AnyTool, Tool, ToolContext

FOLDER = Path(tools.__file__).parent


def test_every_tool_file_is_in_the_catalogue_under_its_own_name() -> None:
    declared: dict[str, AnyTool] = {}
    for file in FOLDER.glob("*/*.py"):
        module = importlib.import_module(f"tools.{file.parent.name}.{file.stem}")
        constant = vars(module).get(file.stem.upper())
        if isinstance(constant, Tool):
            declared[file.stem] = constant
    assert declared == CATALOG


def test_every_scope_reads_or_changes_as_the_tool_says() -> None:
    for tool in CATALOG.values():
        idea, _, right = tool.scope.partition(":")
        assert idea, tool.name
        assert right in ("read", "write", "decide"), tool.name
        # choosing changes the conversation only
        assert (right != "read") == tool.changes or tool.name.startswith("choose_"), tool.name
        assert not tool.people_only or tool.changes, tool.name


def test_what_a_run_is_started_with_is_what_its_workflow_takes() -> None:
    from assistant.workflows import WORKFLOWS

    # a file is brought in by the tools of imports, which know the file
    assert set(TAKES) == set(NEEDS) == set(WORKFLOWS) - {"knowledge_import"}
    for kind, names in TAKES.items():
        fields = WORKFLOWS[kind].input_model.model_fields
        assert set(names) == set(fields), kind
        required = {name for name, field in fields.items() if field.is_required()}
        assert required <= set(NEEDS[kind]) | {"client_id"}, kind


def test_a_next_step_is_offered_only_for_types_that_are_there() -> None:
    assert set(NEXT_COMMANDS) <= set(SPECS)


async def test_a_scope_that_is_missing_and_an_agent_that_decides_are_refused(db: Database, people: People) -> None:
    given = {"name": "Nordlicht"}
    poor = ToolContext(caller_of(people, scopes=frozenset({"clients:read"})), db, NoWork())
    with pytest.raises(Denied, match="clients:write"):
        await call(CATALOG["create_client"], poor, given)
    agent = ToolContext(caller_of(people, agent="cmo"), db, NoWork())
    for tool in (tool for tool in CATALOG.values() if tool.people_only):
        with pytest.raises(Denied, match="person's decision"):
            await call(tool, agent, {})


async def test_one_key_for_two_different_calls_is_refused_and_a_failed_call_leaves_its_key_free(
    db: Database, people: People
) -> None:
    context = ToolContext(caller_of(people), db, NoWork(), "key")
    with pytest.raises(Conflict):
        await call(CATALOG["create_client"], context, {"name": "Agency's client"})
    await call(CATALOG["create_client"], context, {"name": "Nordlicht"})
    with pytest.raises(Conflict, match="another call"):
        await call(CATALOG["create_client"], context, {"name": "Südwind"})
