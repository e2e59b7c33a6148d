"""The database that comes with us: wherever its folder is, whoever runs it, whatever was killed before."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from knowledge import embedded
from knowledge.embedded import EmbeddedPostgres, start_embedded
from knowledge.errors import AdroomError, Invalid

ROOT = Path(__file__).resolve().parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can tell apart who runs the server")


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every user can pass through (pytest's own is closed to the server's user)."""
    folder = Path(tempfile.mkdtemp(prefix="adroom-"))
    folder.chmod(0o755)
    yield folder
    for pid_file in folder.rglob("postmaster.pid"):
        end_server(pid_file)
    shutil.rmtree(folder)


def end_server(pid_file: Path) -> None:
    """Stop the server that wrote this very file."""
    pid = int(pid_file.read_text().split()[0])
    try:
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1][:3]:
            time.sleep(0.05)
    except (ProcessLookupError, FileNotFoundError):
        pass


def pid_of(server: EmbeddedPostgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def remember(server: EmbeddedPostgres, word: str) -> None:
    with psycopg.connect(server.owner_url) as conn:
        conn.execute("create table if not exists words (word text)")
        conn.execute("insert into words values (%s)", (word,))


def remembered(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.owner_url) as conn:
        return [word for (word,) in conn.execute("select word from words order by word").fetchall()]


# ---------------------------------------------------------------- where it lives


@pytest.mark.parametrize("name", ["my data", 'it\'s "ours" ü'])
def test_a_folder_may_have_spaces_quotes_and_accents_in_its_name(ground: Path, name: str) -> None:
    server = start_embedded(ground / name)
    remember(server, "here")
    assert server.socket == ground / name / "socket"
    server.stop()
    again = start_embedded(ground / name)
    assert remembered(again) == ["here"]
    again.stop()
    assert not again.is_running()


def test_a_folder_whose_name_is_too_long_for_a_socket_gets_a_short_socket_folder(ground: Path) -> None:
    home = ground / ("long " * 20).strip() / ("longer" * 20)
    server = start_embedded(home)
    try:
        assert server.socket.parent == Path("/tmp")  # noqa: S108
        assert len(os.fsencode(server.socket)) <= embedded.LONGEST_SOCKET_FOLDER
        remember(server, "here")
        assert start_embedded(home).socket == server.socket
        assert server.socket.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        server.socket.rmdir()


def test_it_opens_no_port_and_only_its_owner_can_enter(ground: Path) -> None:
    server = start_embedded(ground / "data")
    with psycopg.connect(server.owner_url) as conn:
        assert conn.execute("show listen_addresses").fetchone() == ("",)
        assert conn.execute("show fsync").fetchone() == ("on",)
    assert {p.stat().st_mode & 0o777 for p in (server.folder, server.socket)} == {0o700}
    server.stop()


def test_a_folder_that_cannot_be_used_is_named(ground: Path) -> None:
    (ground / "file").write_text("not a folder")
    for home in (ground / "file", ground / "file" / "below"):
        with pytest.raises(Invalid, match="ADROOM_HOME"):
            start_embedded(home)


@as_root
def test_a_folder_that_the_servers_user_cannot_enter_is_named_before_anything_is_started(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    with pytest.raises(Invalid, match=r"ADROOM_HOME: as root, the database runs as the user 'adroom'"):
        start_embedded(tmp_path / "closed" / "data")


@pytest.mark.parametrize("part", ["socket", "postgres"])
def test_a_folder_that_somebody_else_put_there_is_refused(ground: Path, part: str) -> None:
    (ground / "elsewhere").mkdir()
    (ground / "data").mkdir()
    (ground / "data" / part).symlink_to(ground / "elsewhere")
    with pytest.raises(Invalid, match="belongs to somebody else"):
        start_embedded(ground / "data")


# ---------------------------------------------------------------- again, and after a crash


def test_a_second_start_takes_over_the_running_server(ground: Path) -> None:
    first = start_embedded(ground / "data")
    pid = pid_of(first)
    second = start_embedded(ground / "data")
    assert pid_of(second) == pid
    second.stop()


def test_half_a_cluster_of_a_start_that_was_cut_off_is_begun_anew(ground: Path) -> None:
    half = ground / "data" / "postgres"
    half.mkdir(parents=True)
    (half / "base").mkdir()
    (half / "postgresql.conf").write_text("# cut o")
    server = start_embedded(ground / "data")
    remember(server, "here")
    server.stop()


STARTER = """
import sys, time
from pathlib import Path
from knowledge.embedded import start_embedded
import psycopg
server = start_embedded(Path(sys.argv[1]))
with psycopg.connect(server.owner_url) as conn:
    conn.execute("create table words (word text)")
    conn.execute("insert into words values ('before')")
print("ready", flush=True)
time.sleep(600)
"""


def test_the_server_of_a_starter_that_was_killed_is_taken_over(ground: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(ground / "data")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == "ready\n"
    pid = int((ground / "data" / "postgres" / "postmaster.pid").read_text().split()[0])
    starter.kill()
    starter.wait()
    starter.stdout.close()
    server = start_embedded(ground / "data")
    assert pid_of(server) == pid
    assert remembered(server) == ["before"]
    server.stop()


def test_after_a_kill_of_the_server_itself_it_comes_back_with_everything_committed(ground: Path) -> None:
    server = start_embedded(ground / "data")
    remember(server, "committed")
    old = pid_of(server)
    os.kill(old, signal.SIGKILL)
    assert not server.is_running()
    server = start_embedded(ground / "data")
    assert pid_of(server) != old
    assert remembered(server) == ["committed"]
    server.stop()


def test_a_server_that_cannot_start_says_why_in_its_own_words(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start_embedded(ground / "data")
    server.stop()
    (server.folder / "global" / "pg_control").unlink()
    monkeypatch.setattr(embedded, "DYING", 0.5)
    with pytest.raises(AdroomError, match=r"The database in .* does not start: .*pg_control"):
        start_embedded(ground / "data")


def test_of_the_servers_log_no_more_than_two_limited_files_are_kept(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LONGEST_LOG", 1000)
    server = start_embedded(ground / "data")
    log, aside = server.folder / "server.log", server.folder / "server.log.1"
    for nth in ("first", "second"):
        with psycopg.connect(server.owner_url) as conn, pytest.raises(psycopg.Error):
            conn.execute(f"select the_{nth}_mistake, '{'x' * 1000}'")  # type: ignore[arg-type]
        server.stop()
        server = start_embedded(ground / "data")
        assert f"the_{nth}_mistake" in aside.read_text()
        assert log.stat().st_size < 1000
    assert "the_first_mistake" not in aside.read_text()
    server.stop()


# ---------------------------------------------------------------- who runs it


@as_root
def test_as_root_the_server_runs_as_a_user_of_its_own(ground: Path) -> None:
    server = start_embedded(ground / "data")
    user = pwd.getpwnam("adroom").pw_uid
    assert Path(f"/proc/{pid_of(server)}").stat().st_uid == user != 0
    assert server.folder.stat().st_uid == user
    server.stop()


#: everything is imported before the privileges go: the interpreter itself may lie in a folder closed to others
ORDINARY = """
import os, sys
from pathlib import Path
import psycopg, importlib.util, encodings.idna
from knowledge.embedded import start_embedded, default_home
home, user, group = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
os.setgroups([]); os.setgid(group); os.setuid(user)
for _ in range(2):
    server = start_embedded(home)
    with psycopg.connect(server.app_url.replace("adroom_app", "postgres")) as conn:
        assert conn.execute("select 1").fetchone() == (1,)
    pid = int((server.folder / "postmaster.pid").read_text().split()[0])
    print(server.run_as, os.stat(f"/proc/{pid}").st_uid, default_home(home) == home / "data", flush=True)
    server.stop()
"""


@as_root
def test_as_an_ordinary_user_the_server_is_that_users(ground: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    if not embedded._reachable(Path(psycopg.__file__)):  # pyright: ignore[reportPrivateUsage]
        pytest.skip("the checkout is in a folder that an ordinary user cannot enter")
    home = ground / "their data"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    words = [sys.executable, "-c", ORDINARY, str(home), str(nobody.pw_uid), str(nobody.pw_gid)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"None {nobody.pw_uid} True"] * 2
