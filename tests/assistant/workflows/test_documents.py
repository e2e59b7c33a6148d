"""Documents on their way to approval: sent back, edited, rejected, unchanged, overtaken, blocked."""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest

from assistant.workflows.documents import CHANGED_TOO_OFTEN
from knowledge.artifacts.models import Artifact
from knowledge.errors import Blocked
from knowledge.ids import RunId
from tests.assistant.at_work import ME, AtWork, approve_all, open_house
from tests.assistant.honest import answer, task_of
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply

#: workflow, its first document, a field of the document that people may word as they like
WRITERS = [
    pytest.param("client_onboarding", "client_canon", ("brand", "story"), id="onboarding"),
    pytest.param("campaign_planning", "strategy_sheet", ("positioning",), id="planning"),
]
Field = tuple[str, ...]


def edited(data: dict[str, Any], field: Field, words: str) -> dict[str, Any]:
    new = copy.deepcopy(data)
    here = new
    for name in field[:-1]:
        here = here[name]
    here[field[-1]] = words
    return new


def read(data: Any, field: Field) -> Any:
    for name in field:
        data = data[name]
    return data


async def finish(at_work: AtWork, run_id: RunId) -> None:
    """Approve the rest; the run completes and its log is whole."""
    while (asked := await at_work.question(run_id)) is not None:
        await at_work.click(asked)
    run = await at_work.runs.get(at_work.org_id, run_id)
    assert run.status == "completed", run.error
    check_log(await at_work.log(run_id))


async def started(at_work: AtWork, kind: str) -> tuple[RunId, dict[str, Any]]:
    run_id = await at_work.begin(kind)
    asked = await at_work.question(run_id)
    assert asked is not None
    return run_id, asked


@pytest.fixture
def base(request: pytest.FixtureRequest, honest: ModelServer) -> Callable[[str], Any]:
    """The house on the database that a workflow starts from: for planning, onboarding is done."""

    def opened(kind: str) -> Any:
        made: TestDatabase = request.getfixturevalue("briefed" if kind == "client_onboarding" else "onboarded")
        return open_house(made.owner_url, made.app_url, provider=honest.base_url)

    return opened


@pytest.mark.parametrize(("kind", "type", "field"), WRITERS)
async def test_a_note_is_answered_by_the_next_version(
    base: Any, honest: ModelServer, kind: str, type: str, field: Field
) -> None:
    async with base(kind) as at_work:
        run_id, asked = await started(at_work, kind)
        first = await at_work.latest(type)
        await at_work.click(asked, "changes_requested", notes="Never say “barista-grade”; mention the roasting day.")
        again = await at_work.question(run_id)
        assert again is not None and (again["gate"], again["version"]) == (f"{asked['gate']}#2", 2)
        second = await at_work.latest(type)
        assert first is not None and second is not None and second.content_hash == again["contentHash"]
        told = " ".join(note.text for note in second.notes if note.kind in ("answered", "unanswered"))
        assert "barista-grade" in told and "roasting day" in told, "the writer says of each remark what became of it"
        shown = honest.requests[1].request.last_user
        assert "mention the roasting day" in shown and '"previous": {' in shown
        await finish(at_work, run_id)
        approved = await at_work.latest(type)
        assert approved is not None and (approved.id, approved.status) == (second.id, "approved")
        assert not honest.paid_twice()


@pytest.mark.parametrize(("kind", "type", "field"), WRITERS)
async def test_an_approval_with_edits_approves_the_persons_own_words(
    base: Any, kind: str, type: str, field: Field
) -> None:
    async with base(kind) as at_work:
        run_id, asked = await started(at_work, kind)
        draft = await at_work.latest(type)
        assert draft is not None
        await at_work.click(asked, edits=edited(draft.data, field, "In our own words."))
        await finish(at_work, run_id)
        approved = await at_work.latest(type)
        assert approved is not None and (approved.version, approved.status) == (2, "approved")
        assert read(approved.data, field) == "In our own words."
        assert approved.created_by == f"user:{ME.user_id}"
        if kind == "client_onboarding":  # what comes after is built from what was approved
            metrics = await at_work.latest("metric_schema")
            assert metrics is not None and metrics.source_versions["client_canon"].version == 2


@pytest.mark.parametrize(("kind", "type", "field"), WRITERS)
async def test_a_rejection_ends_the_run_and_says_what_was_turned_down(
    base: Any, honest: ModelServer, kind: str, type: str, field: Field
) -> None:
    async with base(kind) as at_work:
        run_id, asked = await started(at_work, kind)
        await at_work.click(asked, "rejected", notes="Not us.")
        await finish(at_work, run_id)
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.output is not None and run.output["rejected"] == type
        assert honest.paid == 1, "nothing more was written"
        left = await at_work.latest(type)
        assert left is not None and (left.version, left.status) == (1, "draft")


@pytest.mark.parametrize(("kind", "type", "field"), WRITERS)
async def test_the_same_again_makes_no_new_version_and_costs_nothing(
    base: Any, honest: ModelServer, kind: str, type: str, field: Field
) -> None:
    async with base(kind) as at_work:
        await approve_all(at_work, kind)
        paid, first = honest.paid, await at_work.latest(type)
        again = await approve_all(at_work, kind)
        assert again.status == "completed"
        assert await at_work.latest(type) == first, "what is approved stays"
        assert honest.paid == paid, "nothing changed, so nobody was asked to write"


@pytest.mark.parametrize("way", ["edited", "sent back"])
@pytest.mark.parametrize(("kind", "type", "field"), WRITERS)
async def test_the_same_again_keeps_what_people_edited_and_what_a_note_changed(
    base: Any, honest: ModelServer, kind: str, type: str, field: Field, way: str
) -> None:
    async with base(kind) as at_work:
        run_id, asked = await started(at_work, kind)
        draft = await at_work.latest(type)
        assert draft is not None
        if way == "edited":
            await at_work.click(asked, edits=edited(draft.data, field, "In our own words."))
        else:
            await at_work.click(asked, "changes_requested", notes="Mention the roasting day.")
        await finish(at_work, run_id)
        paid, settled = honest.paid, await at_work.latest(type)
        assert settled is not None and (settled.version, settled.status) == (2, "approved")
        again = await approve_all(at_work, kind)
        assert again.status == "completed"
        assert await at_work.latest(type) == settled, "what was approved stays"
        assert honest.paid == paid, "nothing changed, so nobody was asked to write"


async def test_what_is_written_while_its_source_moves_is_written_again_from_the_new_one(
    onboarded: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(onboarded.owner_url, onboarded.app_url, provider=honest.base_url) as at_work:
        move = moving(at_work, times=1)
        honest.answers(move)
        run_id, _ = await started(at_work, "campaign_planning")
        strategy, canon = await at_work.latest("strategy_sheet"), await at_work.latest("client_canon")
        assert strategy is not None and canon is not None
        assert (strategy.version, canon.version) == (1, 2)
        assert strategy.source_versions["client_canon"].version == 2
        assert [task_of(call.request) for call in honest.requests] == ["planner build_strategy"] * 2
        await finish(at_work, run_id)


async def test_a_source_that_never_rests_ends_in_a_sentence(onboarded: TestDatabase, honest: ModelServer) -> None:
    async with open_house(onboarded.owner_url, onboarded.app_url, provider=honest.base_url) as at_work:
        honest.answers(moving(at_work, times=100))
        run_id = await at_work.begin("campaign_planning")
        run = await at_work.until(run_id, "failed", "waiting")
        assert (run.status, run.error) == ("failed", CHANGED_TOO_OFTEN)
        assert await at_work.latest("strategy_sheet") is None


def moving(at_work: AtWork, times: int) -> Callable[[ModelRequest], Reply]:
    """The honest model; the canon is edited and approved while it thinks, as often as ``times`` says."""
    loop, left = asyncio.get_running_loop(), [times]

    def think(request: ModelRequest) -> Reply:
        if left[0]:
            left[0] -= 1
            asyncio.run_coroutine_threadsafe(edit_canon(at_work, f"Story {times - left[0]}."), loop).result(30)
        return answer(request)

    return think


async def edit_canon(at_work: AtWork, story: str) -> None:
    """A person rewords the canon and approves it, and the metric schema that this flags, as it is."""
    canon, metrics = await at_work.latest("client_canon"), await at_work.latest("metric_schema")
    assert canon is not None and metrics is not None
    await edit(at_work, canon, ("brand", "story"), story)
    for type in ("client_canon", "metric_schema"):
        document = await at_work.latest(type)
        assert document is not None
        shown = {"artifactId": str(document.id), "contentHash": document.content_hash}
        await at_work.use("decide_artifact", **shown, decision="approved")


async def edit(at_work: AtWork, document: Artifact, field: Field, words: str) -> None:
    change = {"path": ".".join(field), "value": words}
    shown = {"artifactId": str(document.id), "contentHash": document.content_hash}
    await at_work.use("edit_artifact", **shown, changes=[change])


async def test_a_shut_gate_is_said_with_every_reason_before_anything_is_paid(
    briefed: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url) as at_work:
        with pytest.raises(Blocked) as caught:
            await at_work.begin("campaign_planning")
        assert caught.value.reasons == ["client_canon is missing", "metric_schema is missing"]
        assert await at_work.rows("select count(*) from runs") == [(0,)] and honest.paid == 0


async def test_a_gate_that_shuts_during_the_run_ends_it_with_every_reason(
    briefed: TestDatabase, honest: ModelServer
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, provider=honest.base_url) as at_work:
        run_id, asked = await started(at_work, "client_onboarding")
        intake = await at_work.latest("intake")
        assert intake is not None
        await edit(at_work, intake, ("identity", "geography"), "Portugal")
        await at_work.click(asked, "changes_requested", notes="Shorter.")
        assert await at_work.question(run_id) is None
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.error == "client_canon is blocked: intake is revised (v2) and must be approved"
        check_log(await at_work.log(run_id))
        assert honest.paid == 1
