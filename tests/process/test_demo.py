"""``make demo``: the main job without a browser; then kill -9 of the running product in the middle of a model call."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.assistant.at_work import PRICES
from tests.assistant.honest import answer, task_of
from tests.model_server import ModelRequest, ModelServer, Reply
from tests.process.product import postmaster, run_to_its_end, started

pytestmark = pytest.mark.process

DOCUMENTS = {"intake-v1.md", "client_canon-v1.md", "metric_schema-v1.md", "strategy_sheet-v1.md", "blog_post.md",
             "email_html.md"}  # fmt: skip


def models(server: ModelServer, api: str = "responses") -> dict[str, str]:
    """The settings of somebody with a key."""
    return {
        "OPENAI_API_KEY": server.key,
        "OPENAI_BASE_URL": server.base_url,
        "ADROOM_MODEL_API": api,
        "ADROOM_MODEL_MANAGER": "test-model",
        "ADROOM_PRICES": PRICES,
    }


def test_the_demo_does_the_whole_job_and_says_where_everything_is(new_home: Path) -> None:
    done = run_to_its_end(new_home, "-m", "assistant.demo")
    assert done.returncode == 0, done.stderr
    written = {path.name: path.read_text() for path in (new_home / "demo").iterdir()}
    assert set(written) == DOCUMENTS
    assert all(str(new_home / "demo" / name) in done.stdout for name in written)
    assert "Spent by the team so far: $0.0000" in done.stdout and "approved client_canon v1" in done.stdout
    assert "Fernhill Coffee" in written["client_canon-v1.md"] and written["email_html.md"].startswith("Subject: ")
    assert written["blog_post.md"].startswith("# ") and written["blog_post.md"].count("\n## ") >= 3
    assert not done.stderr and postmaster(new_home) is None


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        (
            "brief.yaml",
            "identity:\n  industry: saas\n",
            "identity.name: the brief does not say what the client is called",
        ),
        ("brief.yaml", "identity:\n  name: Blue Lamp Books\n", "audience.targetAudience: "),
    ],
)
def test_a_brief_that_is_not_enough_is_refused_naming_what_is_missing(
    home: Path, tmp_path: Path, name: str, content: str, wrong: str
) -> None:
    brief = tmp_path / name
    brief.write_text(content)
    refused = run_to_its_end(home, "-m", "assistant.demo", str(brief))
    assert refused.returncode == 2 and wrong in refused.stderr, refused.stderr
    assert "Traceback" not in refused.stderr and postmaster(home) is None


def test_a_brief_that_is_not_there_ends_in_a_sentence(home: Path, tmp_path: Path) -> None:
    refused = run_to_its_end(home, "-m", "assistant.demo", str(tmp_path / "none.yaml"))
    assert refused.returncode == 1
    assert refused.stderr == f"Stopped: {tmp_path / 'none.yaml'} cannot be read: No such file or directory.\n"


def test_with_a_key_the_models_do_the_job_and_kill_9_in_a_call_costs_that_call_only(
    home: Path, model_server: ModelServer
) -> None:
    model_server.answers(answer)
    done = run_to_its_end(home, "-m", "assistant.demo", **models(model_server, "chat_completions"))
    assert done.returncode == 0, done.stderr
    assert "Spent by the team so far: $0.0000" not in done.stdout
    assert model_server.paid == len(model_server.requests) >= 10 and not model_server.paid_twice()

    model_server.reset()
    with started(home, **models(model_server)) as product:
        dying = Dying(lambda: os.kill(product.process.pid, signal.SIGKILL))
        model_server.answers(dying)
        run = start_email(product)
        assert dying.killed.wait(60)
        product.process.wait(30)
    with started(home, port=product.port, **models(model_server)) as again:
        ended = wait_for_end(again, run["id"])
        assert (ended["status"], ended["error"]) == ("completed", None)
        pieces = [item for item in again.call("GET", "/assets")["items"] if item["id"] == ended["output"]["assetId"]]
        assert len(pieces) == 1
        events = again.call("GET", f"/runs/{run['id']}/timeline")["items"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    tasks = [task_of(call.request) for call in model_server.requests]
    assert tasks[:2] == ["email_marketer write_email"] * 2
    # the critics read side by side; one of them says first what is claimed
    assert sorted(tasks[2:]) == [
        "brand_critic review_text",
        "compliance_critic read_claims",
        "compliance_critic review_text",
    ]
    assert len(model_server.paid_twice()) == 1, "the call under way, and no other"


class Dying:
    """The honest model, whose first caller is killed before it gets its answer."""

    def __init__(self, kill: Any) -> None:
        self.killed = threading.Event()
        self._kill = kill

    def __call__(self, request: ModelRequest) -> Reply:
        if not self.killed.is_set():
            self._kill()
            self.killed.set()
        return answer(request)


def start_email(product: Any) -> Any:
    known = product.call("GET", "/clients")["items"]
    client = next(client for client in known if client["name"] == "Fernhill Coffee")
    given = {"clientId": client["id"], "brief": "Tell subscribers about the new harvest"}
    return product.call("POST", "/runs", {"kind": "email_create", "input": given}, status=201)


def wait_for_end(product: Any, run_id: str) -> Any:
    deadline = time.monotonic() + 60
    while (run := product.call("GET", f"/runs/{run_id}"))["status"] in ("queued", "running"):
        assert time.monotonic() < deadline, run
        time.sleep(0.1)
    return run
