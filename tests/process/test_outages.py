"""Redis and Postgres go away under load and come back: the short form of benchmarks/outages.py."""

import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from benchmarks.outages import measure
from tests.assistant.outages import Weather
from tests.model_server import ModelServer
from tests.process.product import HEADERS, PATIENCE, postmaster, started

pytestmark = pytest.mark.process


@pytest.mark.timeout(300)
def test_runs_watchers_and_chats_survive_that_redis_and_the_database_go_away(model_server: ModelServer) -> None:
    report = measure(model_server, Weather(runs=20, chats=2))
    assert len(report.back) == 2 and report.events > 20 * 5 and report.messages >= 4
    assert report.refused["503"] > 0, "they were really away"


def test_its_own_database_that_was_killed_is_started_again_and_people_go_on(new_home: Path) -> None:
    with started(new_home) as product:
        made = product.call("POST", "/clients", {"name": "Blue Lamp Books"}, status=201)
        database = postmaster(new_home)
        assert database is not None
        os.kill(database, signal.SIGKILL)
        product.until("The database has ended; it is started again.")
        deadline, met = time.monotonic() + PATIENCE, set[int]()
        while 200 not in met:
            answer = httpx.get(f"http://127.0.0.1:{product.port}/api/clients", headers=HEADERS, timeout=30)
            met.add(answer.status_code)
            assert time.monotonic() < deadline and met <= {200, 503}, answer.text
            time.sleep(0.1)
        assert made["name"] in [client["name"] for client in answer.json()["items"]]
        assert product.call("GET", "/health")["ok"] and postmaster(new_home) not in (None, database)
        run = product.call("POST", "/sessions", {}, status=201)
        said = product.call("POST", f"/sessions/{run['id']}/messages", {"text": "Hello"})
        assert said["status"] == "completed"
        assert product.end(signal.SIGTERM) == 0
        assert "Traceback" not in product.said
