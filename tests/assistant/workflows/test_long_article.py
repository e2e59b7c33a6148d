"""An article of twelve sections: killed in the middle, stopped, out of money; what is written is not written again."""

import asyncio
import json
import os
import signal
from collections import Counter
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from assistant.chat.identity import LOCAL_ORG, LOCAL_USER
from assistant.workflows.seo_write import AT_ONCE
from tests.assistant.at_work import AtWork, open_house
from tests.assistant.honest import answer, talk_of, task_of
from tests.assistant.runs.crash import Case, Traced, check, live_through
from tests.assistant.runs.toys import check_log
from tests.conftest import TestDatabase
from tests.model_server import ModelRequest, ModelServer, Reply, fault, say

BRIEF = "How to keep coffee fresh at home"
SECTIONS = 12
#: what a section writes where money matters, in tokens: $0.20 at the loopback provider's price
DEAR = 20_000


class Author:
    """The honest model with twelve sections in its outline; counts how often each was asked for."""

    def __init__(self, pid_file: Path | None = None, dies_at: int | None = None, tokens: int | None = None) -> None:
        self.asked: Counter[int] = Counter()
        self.faults: dict[int, Reply] = {}
        #: sections from this one on are not written while it stands
        self.holds_from = SECTIONS + 1
        self._pid_file, self._dies_at, self._tokens = pid_file, dies_at, tokens

    def __call__(self, request: ModelRequest) -> Reply:
        task = task_of(request)
        if task == "seo_writer outline_article":
            return self._outline(request)
        if task != "seo_writer write_section":
            return answer(request)
        order = talk_of(request).order
        assert order is not None
        number = int(order.sources["index"]) + 1
        self.asked[number] += 1
        if number == self._dies_at and self._pid_file is not None:
            self._dies_at = None
            os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
        if number in self.faults:
            return self.faults.pop(number)
        heading = order.sources["outline"]["sections"][number - 1]["heading"]
        words = f"What belongs to part {number} is told here, in a few plain sentences. " * 12
        delay = 0.02 * number if number < self.holds_from else 60
        return say(f"## {heading}\n\n{words.strip()}", delay=delay, output_tokens=self._tokens)

    def _outline(self, request: ModelRequest) -> Reply:
        outline = json.loads(answer(request).text or "")
        outline["sections"] = [
            {"heading": f"Part {number} of keeping coffee", "purpose": f"What part {number} is for."}
            for number in range(1, SECTIONS + 1)
        ]
        return say(json.dumps(outline))


async def whole_article(at_work: AtWork) -> None:
    """Every section stands in the stored piece once, in its order."""
    ((markdown,),) = await at_work.rows("select content->>'markdown' from assets")
    headings = [line for line in str(markdown).splitlines() if line.startswith("## Part ")]
    assert headings == [f"## Part {number} of keeping coffee" for number in range(1, SECTIONS + 1)]


def under_way_when_killed(trace: list[Traced]) -> set[int]:
    """The sections that the first process had begun and not completed."""
    first = trace[0][2]
    lived = [(what, key.rpartition(":")[2]) for what, key, process in trace if process == first]
    open_ones = {step for what, step in lived if what == "entered"} - {
        step for what, step in lived if what == "completed"
    }
    return {int(step.removeprefix("section ")) for step in open_ones if step.startswith("section ")}


@pytest.mark.process
@pytest.mark.parametrize("dies_at", [1, 7, 12])
async def test_a_kill_in_the_middle_writes_no_finished_section_again(
    planned: TestDatabase, model_server: ModelServer, tmp_path: Path, dies_at: int
) -> None:
    author = Author(tmp_path / "pid", dies_at)
    model_server.answers(author)
    async with await psycopg.AsyncConnection.connect(planned.owner_url) as conn:
        found = await conn.execute("select client_id, id from campaigns")
        client_id, campaign_id = (str(id) for id in await found.fetchone() or ())
    case = Case(
        planned.owner_url,
        planned.app_url,
        LOCAL_ORG,
        LOCAL_USER,
        tmp_path / "trace",
        "seo_write",
        {"client_id": client_id, "campaign_id": campaign_id, "brief": BRIEF},
        "tests.assistant.mortal:open_mortal",
        {"provider": model_server.base_url, "pid_file": str(tmp_path / "pid")},
    )
    outcome = await live_through(case, [""], until_done=True)
    check(outcome)
    assert outcome.lives == 2
    again = {number for number, times in author.asked.items() if times > 1}
    assert max(author.asked.values()) == 2 and dies_at in again and len(again) <= AT_ONCE, author.asked
    assert again <= under_way_when_killed(outcome.trace), "only what was under way was asked again"
    done = [event.step for event in outcome.log if event.type == "step_completed" and "section" in str(event.step)]
    assert sorted(Counter(done).values()) == [1] * SECTIONS
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        await whole_article(at_work)


async def test_a_budget_reached_in_the_middle_asks_and_a_raise_goes_on_with_nothing_lost(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    author = Author(tokens=DEAR)
    model_server.answers(author)
    async with open_house(
        planned.owner_url, planned.app_url, provider=model_server.base_url, run_budget=Decimal("1.45")
    ) as at_work:
        run_id = await at_work.begin("seo_write", brief=BRIEF)
        asked = await at_work.question(run_id)
        assert asked is not None and asked["gate"] == "budget"
        before = dict(author.asked)
        assert 6 <= len(before) < SECTIONS, "it was reached in the middle"
        await at_work.click(asked, raiseTo="50")
        assert await at_work.question(run_id) is None
        run = await at_work.runs.get(at_work.org_id, run_id)
        assert run.status == "completed", run.error
        assert set(author.asked.values()) == {1} and len(author.asked) == SECTIONS, "nothing was written twice"
        await whole_article(at_work)
        check_log(await at_work.log(run_id))


async def test_a_section_that_fails_is_tried_again_alone(planned: TestDatabase, model_server: ModelServer) -> None:
    author = Author()
    author.faults[7] = fault("unauthorised")
    model_server.answers(author)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("seo_write", brief=BRIEF)
        asked = await at_work.question(run_id)
        assert asked is not None and asked["gate"] == "retry"
        assert len(author.asked) == SECTIONS, "the others were written meanwhile"
        await at_work.click(asked)
        assert await at_work.question(run_id) is None
        assert {number for number, times in author.asked.items() if times > 1} == {7}
        await whole_article(at_work)


async def test_a_stop_in_the_middle_keeps_what_is_written_and_resume_does_the_rest(
    planned: TestDatabase, model_server: ModelServer
) -> None:
    author = Author()
    author.holds_from = 6
    model_server.answers(author)
    async with open_house(planned.owner_url, planned.app_url, provider=model_server.base_url) as at_work:
        run_id = await at_work.begin("seo_write", brief=BRIEF)
        async with asyncio.timeout(60):
            while sum(event.type == "progress" for event in await at_work.log(run_id)) <= 5:
                await asyncio.sleep(0.02)
        await at_work.use("stop_run", runId=str(run_id))
        assert await at_work.engine.ended(await at_work.runs.get(at_work.org_id, run_id))
        author.holds_from = SECTIONS + 1
        await at_work.use("resume_run", runId=str(run_id))
        assert await at_work.question(run_id) is None
        again = [number for number, times in author.asked.items() if times > 1]
        assert set(again) <= set(range(6, 6 + AT_ONCE)) and max(author.asked.values()) <= 2
        await whole_article(at_work)
        check_log(await at_work.log(run_id))
