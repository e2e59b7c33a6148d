"""Redis and Postgres killed and started again while runs write, are watched and people chat.

``python -m benchmarks.outages``; ADROOM_BENCH_RUNS says how many runs (200; twenty in the tests). Two workers and a web
process, the honest model at the loopback provider, everything over the API. Redis is killed once, the database is killed
(no process of it lives on) and stopped as for an update, in turns. What must hold is asserted (tests/assistant/outages.py).
"""

import asyncio
import logging
import os
import tempfile
from pathlib import Path

from assistant.runs.peers import Rhythm
from benchmarks.crash_storm import prepare
from knowledge.embedded import start_embedded
from knowledge.migrate import migrate
from tests.assistant.flock import Flock
from tests.assistant.honest import answer
from tests.assistant.outages import Report, Weather, live_through, redis_of
from tests.conftest import TestDatabase
from tests.model_server import ModelServer

RUNS = 200


def measure(provider: ModelServer, weather: Weather) -> Report:
    """On a server of its own. Raises ``AssertionError`` naming what does not hold."""
    with tempfile.TemporaryDirectory(prefix="adroom-outage-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = start_embedded(folder)
        try:
            migrate(server.owner_url)
            asyncio.run(prepare(server.owner_url, server.app_url))
            provider.answers(answer)
            provider.delay = 0.1
            with redis_of(folder) as redis:
                database = TestDatabase("adroom", server.owner_url, server.app_url)
                flock = Flock(
                    database, folder, provider.base_url, Rhythm(), retries=2, redis=redis.url if redis else None
                )
                flock.hatch(2)
                try:
                    return asyncio.run(live_through(flock, server, redis, provider, weather))
                finally:
                    flock.end()
        finally:
            server.bring_up()  # it may be down in the middle of a failure
            server.stop()


def main() -> None:
    logging.getLogger().setLevel(logging.ERROR)
    runs = int(os.environ.get("ADROOM_BENCH_RUNS", RUNS))
    weather = Weather(runs=runs, chats=10, outages=("redis", "hard", "fast", "hard", "redis"), between=8.0)
    with ModelServer() as provider:
        report = measure(provider, weather)
    print(f"{runs} runs and {weather.chats} chats through {', '.join(weather.outages)}: {report.seconds:.0f} s")
    print(f"{report.events:,} events watched with {report.reconnects} reconnects, none missing or doubled")
    print(f"{report.words:,} pieces of text while it was written")
    print(f"{report.messages} messages answered; told to try again: {dict(report.refused)}")
    print(f"the API was back {', '.join(f'{one:.2f} s' for one in report.back)} after the database was")
    print(f"{report.paid} paid calls of runs, {report.again} of them again; the ledger adds up; no traceback")


if __name__ == "__main__":
    main()
