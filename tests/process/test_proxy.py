"""The proxies of docs/proxies, tried for real where they are installed: a browser stays with its web process."""

import http.client
import http.server
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.process.product import CHECKOUT, free_port

pytestmark = pytest.mark.process
PROXIES = CHECKOUT / "docs" / "proxies"


class Behind(http.server.ThreadingHTTPServer):
    """A web process' stand-in: it answers with its port, and takes an upgrade."""

    gone = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if cast(Behind, self.server).gone:  # what was open is closed too, as with a process that ends
            self.close_connection = True
            return
        upgrade = self.headers.get("Upgrade")
        said = f"{cast(Behind, self.server).port} {self.headers['Host']}".encode()
        self.send_response(101 if upgrade else 200)
        if upgrade:
            self.send_header("Upgrade", upgrade)
            self.send_header("Connection", "Upgrade")
        else:
            self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        if not upgrade:
            self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(params=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, list[Behind]]]:
    name = str(request.param)
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    behind, port = [Behind(), Behind()], free_port()
    words = _words(name, program, tmp_path, port, [one.port for one in behind])
    running = subprocess.Popen(words, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)})
    try:
        deadline = time.monotonic() + 20
        while not _is_there(port):
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        yield port, behind
    finally:
        running.terminate()
        running.wait(10)
        for one in behind:
            one.shutdown()


def _words(name: str, program: str, folder: Path, port: int, behind: list[int]) -> list[str]:
    """The proxy with its file from docs, on our ports."""
    own = "nginx.conf" if name == "nginx" else "Caddyfile"
    text = (PROXIES / own).read_text().replace("8080", str(port))
    for given, ours in zip(("8001", "8002"), behind, strict=True):
        text = text.replace(given, str(ours))
    if name == "caddy":
        (folder / own).write_text("{\n\tadmin off\n}\n" + text)
        return [program, "run", "--config", own, "--adapter", "caddyfile"]
    temporary = "".join(
        f"{what}_temp_path {folder}/{what};\n" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
    main += f"http {{\naccess_log off;\n{temporary}{text}}}\n"
    (folder / own).write_text(main)
    return [program, "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(folder / own)]


def _is_there(port: int) -> bool:
    try:
        return ask(port)[0] == 200
    except OSError:
        return False


def ask(port: int, cookie: str = "", upgrade: bool = False) -> tuple[int, str, str]:
    """Status, the body, the affinity cookie that was set."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Cookie": cookie} if cookie else {}
    if upgrade:
        headers |= {"Upgrade": "websocket", "Connection": "Upgrade"}
    connection.request("GET", "/", headers=headers)
    answer = connection.getresponse()
    set_cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    body = "" if answer.status == 101 else answer.read().decode()
    connection.close()
    return answer.status, body, set_cookie


def test_a_browser_stays_with_its_process_and_goes_to_another_when_that_is_gone(
    proxy: tuple[int, list[Behind]],
) -> None:
    port, behind = proxy
    met: dict[str, str] = {}
    for _ in range(24):
        status, body, cookie = ask(port)
        assert status == 200 and cookie.startswith("adroom_web="), "a stranger gets a cookie"
        assert body.split()[1] == f"127.0.0.1:{port}", "the name people use is passed on"
        met[cookie] = ask(port, cookie)[1]
    assert all(ask(port, cookie)[1] == body for cookie, body in met.items() for _ in range(3))
    assert len(set(met.values())) == 2, "both have browsers"
    cookie = next(iter(met))
    assert ask(port, cookie, upgrade=True)[0] == 101
    gone = next(one for one in behind if met[cookie].startswith(str(one.port)))
    gone.gone = True
    gone.shutdown()
    gone.server_close()
    assert ask(port, cookie)[1].split()[0] == str(next(one for one in behind if one is not gone).port)
