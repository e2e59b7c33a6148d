"""What a step of a run costs against a bare step of its engine, on the same embedded Postgres (fsync on).

Bars (DESIGN.md): a step at most 1.1 × a bare one. Prints milliseconds a step, medians over alternating rounds.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from dbos import DBOS, SetWorkflowID
from pydantic import BaseModel

from assistant.runs.bus import EventBus
from assistant.runs.dbos_engine import DbosEngine
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.runs.service import RunService
from knowledge.db import Database
from knowledge.embedded import start_embedded
from knowledge.ids import OrgId, UserId
from knowledge.migrate import migrate
from knowledge.people.models import Caller

STEPS, ROUNDS = 100, 9
took: dict[str, list[float]] = {"bare": [], "ours": []}


class Nothing(BaseModel):
    work: float = 0


async def ours_nothing(_: StepContext, work: float) -> int:
    await asyncio.sleep(work)
    return 1


async def ours(run: Run, given: Nothing) -> None:
    begun = time.perf_counter()
    for _ in range(STEPS):
        await run.step("nothing", ours_nothing, given.work)
    took["ours"].append((time.perf_counter() - begun) / STEPS * 1000)


async def bare_nothing(work: float) -> int:
    await asyncio.sleep(work)
    return 1


async def bare(work: float) -> None:
    begun = time.perf_counter()
    for _ in range(STEPS):
        await DBOS.run_step_async({"name": "nothing"}, bare_nothing, work)
    took["bare"].append((time.perf_counter() - begun) / STEPS * 1000)


class Room:
    def __init__(self, db: Database, events: EventBus) -> None:
        self.db, self.events = db, events


async def measure(owner_url: str, app_url: str) -> None:
    db = Database(app_url)
    await db.open()
    bus = EventBus(db)
    await bus.start()
    workflows = {"ours": Workflow("ours", "Ours", Nothing, ours)}
    engine = DbosEngine(owner_url, db, bus, workflows)
    bare_workflow = DBOS.workflow(name="bare")(bare)
    await engine.start(Room(db, bus))
    caller = Caller(OrgId(uuid4()), UserId(uuid4()), "admin")
    async with db.org(caller.org_id) as conn:
        await conn.execute("insert into orgs (id, name) values (%s, 'bench')", (caller.org_id,))
        await conn.execute(
            "insert into users (id, org_id, external_id, email, display_name, role) values (%s,%s,'x','x','x','admin')",
            (caller.user_id, caller.org_id),
        )
    service = RunService(db, engine, workflows)
    for work in (0.0, 0.02):
        for kept in took.values():
            kept.clear()
        for _ in range(ROUNDS):
            with SetWorkflowID(str(uuid4())):
                handle = await DBOS.start_workflow_async(bare_workflow, work)
            await handle.get_result(polling_interval_sec=0.05)
            run = await service.start(caller, "ours", Nothing(work=work))
            while (await service.get(caller.org_id, run.id)).status != "completed":
                await asyncio.sleep(0.05)
        middle = {name: statistics.median(kept) for name, kept in took.items()}
        print(
            f"step of {work * 1000:.0f} ms: bare {middle['bare']:.2f} ms, ours {middle['ours']:.2f} ms, "
            f"{middle['ours'] / middle['bare']:.2f} x"
        )
    await engine.stop()
    await bus.stop()
    await db.close()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="adroom-bench-") as folder:
        Path(folder).chmod(0o755)
        server = start_embedded(Path(folder))
        migrate(server.owner_url)
        try:
            asyncio.run(measure(server.owner_url, server.app_url))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
