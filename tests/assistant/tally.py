"""What is counted when a storm is over: steps, calls, logs, decisions, money. Each raises ``AssertionError``."""

from collections import Counter
from typing import Any

from knowledge.ids import RunId
from knowledge.runs.models import Event
from tests.assistant.at_work import AtWork
from tests.assistant.crowd import Doings
from tests.assistant.flock import Flock, holder
from tests.assistant.research.search_server import SearchServer
from tests.assistant.runs.crash import check_trace
from tests.assistant.runs.toys import check_log
from tests.model_server import ModelServer


async def check_runs(flock: Flock, at_work: AtWork) -> None:
    """Every run there is, whoever started it, has come to its end, once; none is in anybody's hands."""
    check_trace(flock.traced())
    for run_id, parent_id in await at_work.rows("select id, parent_id from runs"):
        run = await at_work.runs.get(at_work.org_id, run_id)
        ends = ("completed", "cancelled") if parent_id else ("completed",)  # a part may be left out
        assert run.status in ends, f"{run.kind} {run_id} is {run.status}: {run.error}"
        log = await at_work.log(run_id)
        check_log(log)
        last = "run_interrupted" if run.status == "cancelled" else f"run_{run.status}"
        assert log[-1].type == last, f"{run_id} is {run.status}, its log ends in {log[-1].type}"
        assert run.last_seq == len(log)
        again = _asked_again(log)
        for type in ("approval_requested", "approval_decided"):
            told = [event.data["approvalId"] for event in log if event.type == type and event not in again]
            assert len(told) == len(set(told)), f"{run.kind} {run_id}: {type} was told twice"
        assert await holder(at_work, run_id) is None
    twice = await at_work.rows(
        "select run_id, gate from approvals where run_id is not null group by 1, 2 having count(*) > 1"
    )
    assert not twice, f"asked twice: {twice}"


def _asked_again(log: list[Event]) -> list[Event]:
    """The questions that were put once more: each because the run was stopped while it waited, and waits again."""
    resumed, again = False, list[Event]()
    for event in log:
        if event.type == "approval_requested" and event.data.get("again"):
            assert resumed, f"{event.run_id} asks ‘{event.step}’ again without a reason"
            again.append(event)
        resumed = event.type == "run_resumed" or (resumed and event.type != "approval_requested")
    return again


def count_paid(provider: ModelServer, doings: Doings) -> int:
    """Of no run more calls were billed twice than were broken off; how many that were in all."""
    seen: set[tuple[str, str]] = set()
    again: Counter[str] = Counter()
    for recorded in provider.requests:
        if not recorded.paid:
            continue
        assert recorded.mark, "a call of no step"
        about = (recorded.mark, recorded.request.fingerprint)
        again[recorded.mark.partition(":")[0]] += about in seen
        seen.add(about)
    for run_id, count in again.items():
        broken = _broken(doings, run_id)
        assert count <= broken, f"{run_id}: {count} calls again, {broken} broken off"
    return again.total()


def _broken(doings: Doings, run_id: str) -> int:
    return next((count for one, count in doings.broken.items() if str(one) == run_id), 0)


async def add_up(at_work: AtWork, provider: ModelServer, search: SearchServer, doings: Doings) -> None:
    """Every answer is in the ledger once, run by run; no hold is left of a run that has ended; the days' sums are the
    rows'."""
    ((twice, cost),) = await at_work.rows(
        "select count(call_key) - count(distinct call_key), coalesce(sum(cost), 0) from usage_ledger"
    )
    assert twice == 0, f"{twice} answers are in the ledger twice"
    ((days,),) = await at_work.rows("select coalesce(sum(cost), 0) from usage_days where scope = 'org'")
    assert days == cost, f"the days add up to {days}, the ledger to {cost}"
    billed: Counter[str] = Counter(one.mark.partition(":")[0] for one in provider.requests if one.paid)
    entered = await _entered(at_work, "model")
    for run_id in billed.keys() | entered.keys():
        broken = _broken(doings, run_id)
        off = entered[run_id] - billed[run_id]
        assert abs(off) <= broken, f"{run_id}: {billed[run_id]} billed, {entered[run_id]} entered, {broken} broken off"
    searches, all_broken = (await _entered(at_work, "web_search")).total(), doings.broken.total()
    assert abs(len(search.asked) - searches) <= all_broken, f"{len(search.asked)} searches, {searches} entered"
    ((open_holds,),) = await at_work.rows("select count(*) from budget_reservations where settled_at is null")
    assert open_holds <= all_broken, "money is held for calls that nobody makes"


async def _entered(at_work: AtWork, kind: str) -> Counter[str]:
    found: list[tuple[Any, ...]] = await at_work.rows(
        "select run_id, count(*) from usage_ledger where cost > 0 and kind = %s group by run_id", kind
    )
    return Counter({str(RunId(run_id)): count for run_id, count in found})
