"""A storm of kill -9 over all workflows with several workers: nothing lost, repeated, doubled or paid twice.

``python -m benchmarks.crash_storm``; ADROOM_BENCH_KILLS says how many kills (1,000 by default, twenty in the tests).
Approvals, stops and resumes come at random moments, one strike in twenty is a freeze (SIGSTOP) instead
(ADROOM_BENCH_FREEZES says how many of a hundred are). What must hold
is asserted (tests/assistant/storm.py); the figures are how long it took until another worker had a run, at the rhythm in
which the product's processes look after each other, and what the long ones were due to.
"""

import asyncio
import logging
import os
import tempfile
from collections import Counter
from pathlib import Path

from assistant.runs.peers import Rhythm
from knowledge.embedded import start_embedded
from knowledge.migrate import migrate
from tests.assistant import at_work
from tests.assistant.flock import Flock
from tests.assistant.honest import answer
from tests.assistant.storm import Report, Weather, storm
from tests.assistant.takeovers import Takeovers, quantile
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

KILLS = 1000
#: of a hundred strikes
FREEZES = 5
#: seconds within which a run is to be taken over
BAR = 2.0
#: a frozen worker is given ``Rhythm.silence`` before it is taken for dead: a loaded machine makes long pauses too
FROZEN_BAR = Rhythm().silence + BAR


def measure(kills: int, freezes: float) -> Report:
    """One storm on a server of its own. Raises ``AssertionError`` naming what does not hold."""
    with tempfile.TemporaryDirectory(prefix="adroom-storm-") as folder, ModelServer() as provider:
        Path(folder).chmod(0o755)
        server = start_embedded(Path(folder))
        try:
            migrate(server.owner_url)
            asyncio.run(prepare(server.owner_url, server.app_url))
            provider.answers(answer)
            provider.delay = 0.05
            database = TestDatabase("adroom", server.owner_url, server.app_url)
            flock = Flock(database, Path(folder), provider.base_url, Rhythm())
            try:
                return asyncio.run(storm(flock, provider, Weather(kills=kills, pause=0.9, aim=0.6, freezes=freezes)))
            finally:
                flock.end()
        finally:
            server.stop()


async def prepare(owner_url: str, app_url: str) -> None:
    """The demo client with everything approved."""
    await at_work.brief(owner_url, app_url)
    await at_work.onboard(owner_url, app_url)
    await at_work.plan(owner_url, app_url)


def main() -> None:
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # the provider talks to callers who are dead
    logging.getLogger("assistant.runs.peers").setLevel(logging.CRITICAL)
    freezes = int(os.environ.get("ADROOM_BENCH_FREEZES", FREEZES)) / 100
    report = measure(int(os.environ.get("ADROOM_BENCH_KILLS", KILLS)), freezes)
    doings = report.doings
    print(
        f"{report.kills} kills ({report.under_way} with a run in hand), {report.frozen} freezes, {report.seconds:.0f} s"
    )
    print(f"{doings.runs.total()} runs of {len(doings.runs)} kinds: {_counted(doings.runs)}")
    print(f"{doings.stops} stops, {doings.resumes} resumes; answers: {_counted(doings.answers)}")
    print(f"{report.paid} paid calls; {report.paid_twice} of them again, none but what a kill or a stop broke off")
    _print_takeovers(report.takeovers)
    print("nothing lost, repeated or doubled; every log without a gap; the ledger adds up")


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(found.items()))


def _print_takeovers(takeovers: Takeovers) -> None:
    for frozen, victims, bar in ((False, "killed", BAR), (True, "frozen", FROZEN_BAR)):
        once, every = takeovers.seconds(one_blow=True, frozen=frozen), takeovers.seconds(frozen=frozen)
        print(
            f"from {victims} ones, by a worker that was well ({len(once)} times): {_spread(once)}; the bar is {bar:g} s"
        )
        print(f"with those whose next worker was struck too, or where none was left ({len(every)}): {_spread(every)}")
        for name, seconds in takeovers.parts(frozen=frozen).items():
            print(f"  {name}: {_spread(seconds)}")
        late = takeovers.late(bar, frozen=frozen)
        print(f"over the bar: {_counted(Counter(str(one.cause) for one in late)) or 'none'}")
        for one in late:
            if one.one_blow:
                noticed, claimed, begun = one.parts
                print(
                    f"  {one.kind}, {one.cause}: known to be dead after {noticed:.2f} s, taken {claimed:.2f} s later, "
                    f"begun {begun:.2f} s later"
                )


def _spread(ranked: list[float]) -> str:
    shares = {"median": 0.5, "p90": 0.9, "p99": 0.99, "longest": 1.0}
    return ", ".join(f"{name} {quantile(ranked, share):.2f} s" for name, share in shares.items())


if __name__ == "__main__":
    main()
