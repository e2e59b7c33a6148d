"""The classic signals on real runs of the offline writer: experiments, a plan, pieces; singly, at once, too late."""

from typing import Any

from tests.assistant.api.test_whole_run import asked
from tests.assistant.api.whole import Front, open_front
from tests.assistant.at_work import designed, place, planned
from tests.conftest import TestDatabase

__all__ = ["designed", "planned"]

TASK = "Compare our subscription with supermarket beans; write an email that welcomes new subscribers"


async def begin(front: Front, kind: str, **given: Any) -> str:
    async with front.at_work.db.org(front.at_work.org_id) as conn:
        client_id, campaign_id = await place(conn)
    body = {"kind": kind, "input": {"clientId": str(client_id), "campaignId": str(campaign_id), **given}}
    return (await front.post("/runs", body, 201))["id"]


async def outputs(front: Front, run_id: str, kind: str) -> list[dict[str, Any]]:
    return (await front.get(f"/runs/{run_id}/outputs?kind={kind}"))["items"]


async def signal(front: Front, run_id: str, name: str, *items: dict[str, Any], status: int = 200) -> dict[str, Any]:
    return await front.post(f"/runs/{run_id}/signals/{name}", {"items": list(items)}, status)


async def shown(front: Front, made: dict[str, Any], decision: str = "approved", **more: Any) -> dict[str, Any]:
    """An answer to what the API shows of this document or piece."""
    where = "artifacts" if made["kind"] == "document" else "assets"
    view = await front.get(f"/{where}/{made['id']}")
    return {"id": made["id"], "contentHash": view["contentHash"], "decision": decision, **more}


async def test_experiments_are_answered_at_once_and_a_revised_one_again(planned: TestDatabase) -> None:
    async with open_front(planned) as front:
        limits = {"maxConcurrentExperiments": 3, "budget": "1500", "channels": ["meta", "email", "google_search"]}
        run_id = await begin(front, "experiment_design", constraints=limits)
        assert (await asked(front, run_id))["status"] == "waiting"
        specs = await outputs(front, run_id, "document")
        assert len(specs) == 3 and {one["type"] for one in specs} == {"experiment_spec"}
        nameless = await signal(front, run_id, "approve-experiments", {"contentHash": "x"}, status=409)
        assert nameless["status"] == 409
        answers = [await shown(front, one) for one in specs]
        answers[0] |= {"decision": "changes_requested", "notes": "Test a shorter headline instead."}
        answers[1] |= {"decision": "rejected", "notes": "Too small."}
        done = await signal(front, run_id, "approve-experiments", *answers)
        assert [one["problem"] for one in done["items"]] == [None] * len(specs)
        run = await asked(front, run_id)
        assert run["waitingFor"]["version"] == 2, "the first, revised"
        again = {"contentHash": run["waitingFor"]["contentHash"]}
        done = await signal(front, run_id, "approve-experiments", again)
        assert (done["items"][0]["decision"], done["items"][0]["version"]) == ("approved", 2)
        run = await asked(front, run_id)
        assert run["status"] == "completed"
        made = await front.at_work.rows("select status from experiments")
        assert made == [("planned",)] * (len(specs) - 1)
        late = await signal(front, run_id, "approve-experiments", answers[2], status=409)
        assert "already" in late["detail"]


async def test_a_plan_is_sent_back_then_accepted_by_its_signal_and_done(planned: TestDatabase) -> None:
    async with open_front(planned) as front:
        run_id = await begin(front, "plan_then_do", task=TASK)
        run = await asked(front, run_id)
        assert run["waitingFor"]["gate"] == "plan"
        await signal(front, run_id, "approve-plan", {}, status=422)
        first = {"contentHash": run["waitingFor"]["contentHash"]}
        notes = "Add a step to list what the supermarket charges."
        await signal(front, run_id, "approve-plan", {**first, "decision": "changes_requested", "notes": notes})
        run = await asked(front, run_id)
        assert (run["waitingFor"]["gate"], run["waitingFor"]["version"]) == ("plan#2", 2)
        await signal(front, run_id, "approve-plan", first, status=409)
        second = {"contentHash": run["waitingFor"]["contentHash"]}
        done = await front.post(f"/runs/{run_id}/accept-plan", {**second, "notes": "done reviewing"})
        assert done["items"][0]["decision"] == "approved"
        run = await asked(front, run_id)
        assert run["status"] == "completed", run["error"]
        pieces = await outputs(front, run_id, "asset")
        assert [one["status"] for one in pieces] == ["draft"] * len(pieces) and pieces
        await signal(front, run_id, "approve-plan", second, status=409)


async def test_pieces_are_decided_singly_in_any_order_and_the_run_ends_with_the_last(designed: TestDatabase) -> None:
    async with open_front(designed) as front:
        run_id = await begin(front, "creative_production", variants=1)
        assert (await asked(front, run_id))["status"] == "waiting"
        pieces = await outputs(front, run_id, "asset")
        assert len(pieces) == 2
        last, first = [await shown(front, one) for one in pieces]
        stale = await signal(front, run_id, "approve-assets", {**first, "contentHash": "of an older text"}, status=409)
        assert stale["status"] == 409
        done = await signal(front, run_id, "approve-assets", {**first, "decision": "rejected", "notes": "Too long."})
        assert done["sentence"] == "1 of 1 answers were taken."
        assert (await front.get(f"/runs/{run_id}"))["status"] in ("waiting", "running")
        await signal(front, run_id, "approve-assets", last)
        run = await asked(front, run_id)
        assert run["status"] == "completed", run["error"]
        statuses = {one["id"]: one["status"] for one in await outputs(front, run_id, "asset")}
        assert statuses == {last["id"]: "approved", first["id"]: "rejected"}
        assert (len(run["output"]["approved"]), len(run["output"]["rejected"])) == (1, 1)
