"""Starting and stopping, as a person does it at a prompt."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.process.product import CHECKOUT, Product, free_port, postmaster, run_to_its_end, started

pytestmark = pytest.mark.process


def test_it_says_where_it_is_and_what_it_works_with(home: Path) -> None:
    with started(home) as product:
        assert f"http://localhost:{product.port}" in product.said
        product.until("offline writer (no key is set)")
        assert f"Data folder: {home}" in product.said
        facts = product.call("GET", "/health")
        assert facts["ok"] is True and facts["status"] == "ok"
        assert facts["database"]["kind"] == "embedded" and facts["database"]["version"]
        expected = {"engine": "dbos", "events": "postgres", "offline": True, "model": "offline", "auth": "local"}
        assert expected.items() <= facts.items() and facts["search"] and facts["version"]
        second = run_to_its_end(home, "app.py", ADROOM_PORT=str(free_port()))
        assert second.returncode == 1 and second.stdout == ""
        assert second.stderr == f"Adroom is already running on {home} (http://localhost:{product.port}).\n"
        assert product.call("GET", "/health")["ok"], "the first one is not disturbed"


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quietly_and_takes_its_database_with_it(home: Path, by: signal.Signals) -> None:
    with started(home) as product:
        database = postmaster(home)
        assert database is not None
        assert product.end(by, within=10 if os.getloadavg()[0] < 3 else 30) == 0
        assert postmaster(home) is None
        words = [line for line in product.said.splitlines() if line.strip()]
        assert len(words) == 2, f"more than its two lines was said:\n{product.said}"


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_can_be_ended_while_it_is_still_starting(home: Path, by: signal.Signals) -> None:
    product = Product(home)
    while postmaster(home) is None:
        assert product.process.poll() is None, product.end(by)
        time.sleep(0.01)
    assert product.end(by) == 0, product.said
    assert product.said == "" and postmaster(home) is None


def test_after_kill_9_it_takes_over_the_database_that_was_left_running(home: Path) -> None:
    with started(home) as product:
        database = postmaster(home)
        made = product.call("POST", "/clients", {"name": "Blue Lamp Books"}, status=201)
        product.end(signal.SIGKILL)
    assert postmaster(home) == database, "the database outlives its master"
    with started(home, port=product.port) as again:
        assert postmaster(home) == database
        names = [client["name"] for client in again.call("GET", "/clients")["items"]]
        assert made["name"] in names


def test_a_port_that_is_taken_is_named(new_home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run_to_its_end(new_home, "app.py", ADROOM_PORT=str(port))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"ADROOM_PORT: {port} cannot be used (Address already in use)")
    assert refused.stderr.count("\n") == 1
    assert not (new_home / "postgres").exists(), "nothing slow was begun"


def test_anything_but_loopback_needs_a_password(new_home: Path) -> None:
    refused = run_to_its_end(new_home, "app.py", ADROOM_HOST="0.0.0.0", ADROOM_PORT=str(free_port()))  # noqa: S104 - refused
    assert refused.returncode == 2
    assert refused.stderr.startswith("ADROOM_PASSWORD: not set: bound to 0.0.0.0, others could walk in")
    assert not new_home.exists()


def test_every_wrong_setting_is_named_at_once(new_home: Path) -> None:
    wrong = {
        "ADROOM_PORT": "eighty",
        "ADROOM_PASSWORD": "short",
        "DATABASE_URL": "mysql://secret@host/db",
        "REDIS_URL": "http://secret@host",
        "OPENAI_BASE_URL": "ftp://models",
        "ADROOM_MODEL_API": "telepathy",
        "ADROOM_SESSION_BUDGET": "lots",
        "ADROOM_RUN_BUDGET": "-1",
        "ADROOM_PRICES": "{",
    }
    refused = run_to_its_end(new_home, "app.py", **wrong)
    assert refused.returncode == 2 and refused.stdout == ""
    named = [line.partition(":")[0] for line in refused.stderr.splitlines()]
    assert sorted(named) == sorted(wrong)
    assert "secret" not in refused.stderr and "Traceback" not in refused.stderr


def test_a_data_folder_that_cannot_be_used_is_named(new_home: Path) -> None:
    new_home.parent.joinpath("file").write_text("not a folder")
    refused = run_to_its_end(new_home.parent / "file", "app.py", ADROOM_PORT=str(free_port()))
    assert refused.returncode == 2
    assert refused.stderr.startswith("ADROOM_HOME: ") and refused.stderr.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_named_without_its_password(new_home: Path) -> None:
    url = f"postgresql://me:secret@127.0.0.1:{free_port()}/adroom"
    refused = run_to_its_end(new_home, "app.py", ADROOM_PORT=str(free_port()), DATABASE_URL=url)
    assert refused.returncode == 2
    assert refused.stderr.startswith("DATABASE_URL: the database cannot be used: ")
    assert "secret" not in refused.stderr and "Traceback" not in refused.stderr


NOBODY = 65534


def test_it_works_for_an_ordinary_user(new_home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("every other test here has shown it: these tests do not run as root")
    as_nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    try:
        subprocess.run([*as_nobody, sys.executable, "-c", ""], cwd=CHECKOUT, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this Python, or setpriv, is out of an ordinary user's reach")
    new_home.mkdir()
    os.chown(new_home, NOBODY, NOBODY)
    with started(new_home, before=as_nobody, HOME=str(new_home)) as product:
        assert product.call("GET", "/health")["ok"]
        assert product.end(signal.SIGTERM) == 0
        assert {path.stat().st_uid for path in new_home.iterdir()} == {NOBODY}
