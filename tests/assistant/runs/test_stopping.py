"""Breaking off what a run is doing: at once, as often as anybody says so, and only after it has tidied up."""

import asyncio
from uuid import uuid4

import pytest
from dbos._error import DBOSWorkflowCancelledError

from assistant.runs.stopping import Execution
from knowledge.ids import OrgId


def _execution() -> Execution:
    task = asyncio.current_task()
    assert task is not None
    return Execution(task, OrgId(uuid4()))


async def _working(said: list[str], tidying: float = 0.02) -> str:
    said.append("begun")
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(tidying)
        said.append("tidied up")
    return "done"


@pytest.mark.parametrize("times", [1, 2, 5])
async def test_however_often_it_is_stopped_the_work_ends_once_and_tidies_up(times: int) -> None:
    execution, said = _execution(), list[str]()

    async def stop() -> None:
        for _ in range(times):
            await asyncio.sleep(0.005)
            execution.stop()

    stopping = asyncio.create_task(stop())
    with pytest.raises(DBOSWorkflowCancelledError):
        await execution.interruptible(lambda: _working(said, 0.05))
    await stopping
    assert said == ["begun", "tidied up"]


async def test_what_takes_too_long_is_a_timeout_and_stopping_it_meanwhile_is_a_stop() -> None:
    execution, said = _execution(), list[str]()
    with pytest.raises(TimeoutError):
        await execution.interruptible(lambda: _working(said), 0.01)
    asyncio.get_running_loop().call_later(0.02, execution.stop)
    with pytest.raises(DBOSWorkflowCancelledError):
        await execution.interruptible(lambda: _working(said, 0.05), 0.01)
    assert said == ["begun", "tidied up"] * 2


async def test_nothing_begins_once_it_is_stopped() -> None:
    execution, said = _execution(), list[str]()
    execution.stop()
    with pytest.raises(DBOSWorkflowCancelledError):
        await execution.interruptible(lambda: _working(said))
    assert said == []


async def test_side_by_side_each_is_broken_off_in_its_own_task() -> None:
    execution, said = _execution(), list[str]()
    both = [asyncio.create_task(execution.interruptible(lambda: _working(said))) for _ in range(2)]
    await asyncio.sleep(0.005)
    execution.stop()
    ended = await asyncio.gather(*both, return_exceptions=True)
    assert [type(end) for end in ended] == [DBOSWorkflowCancelledError] * 2
    assert sorted(said) == ["begun", "begun", "tidied up", "tidied up"]


async def test_whatever_the_work_says_of_its_own_end_it_counts_as_stopped() -> None:
    execution = _execution()

    async def stubborn() -> str:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "finished all the same"
        return ""

    async def clumsy() -> str:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            raise ValueError("could not tidy up") from None
        return ""

    for work in (stubborn, clumsy):
        execution = _execution()
        asyncio.get_running_loop().call_later(0.01, execution.stop)
        with pytest.raises(DBOSWorkflowCancelledError):
            await execution.interruptible(work)


async def test_a_timeout_of_the_works_own_and_a_process_that_goes_away_are_themselves() -> None:
    execution = _execution()

    async def gives_up() -> str:
        raise TimeoutError("the model's server")

    with pytest.raises(TimeoutError, match="the model's server"):
        await execution.interruptible(gives_up, 5)
    said = list[str]()
    task = asyncio.create_task(execution.interruptible(lambda: _working(said), 5))
    await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert said == ["begun", "tidied up"]
