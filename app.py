"""The door: reads the settings, starts the database, builds the services, mounts API and chat, and serves.

Nothing else in the product reads the environment or is started by importing it.
"""

import contextlib
import fcntl
import os
import secrets
import socket
import sys
import threading
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from knowledge.db import app_url
from knowledge.embedded import EmbeddedPostgres, start_embedded
from knowledge.errors import AdroomError, Invalid
from knowledge.migrate import migrate

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.settings import Settings

CHECKOUT = Path(__file__).resolve().parent


@dataclass
class Database:
    """Where the database is: ``owner_url`` for migrations and the engine, ``app_url`` for everything else."""

    owner_url: str
    app_url: str
    embedded: EmbeddedPostgres | None


def main() -> int:
    """Start, and serve until stopped. Exit status 2 when a setting is wrong, 1 when something else is in the way."""
    os.environ["TZ"] = "UTC"  # Chainlit writes local times; ours are UTC everywhere
    try:
        settings = _settings()
        with _only_one(settings.home), _listening(settings) as listener:
            return _serve(settings, listener)
    except Invalid as error:
        for name, wrong in error.fields.items():
            print(f"{name}: {wrong}", file=sys.stderr)
        return 2
    except AdroomError as error:
        print(error.message, file=sys.stderr)
        return 1


def _settings() -> "Settings":
    from assistant.settings import read_settings

    return read_settings(env_file=CHECKOUT / ".env")


@contextlib.contextmanager
def _only_one(home: Path) -> Any:
    """Hold the data folder for this process alone; the lock goes with the process, however it ends."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock: IO[str] = (home / "lock").open("a+")
    except OSError as error:
        raise Invalid(fields={"ADROOM_HOME": f"{home} cannot be used: {error.strerror}"}) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip()
            raise AdroomError(f"Adroom is already running on {home}{f': open {where}' if where else ''}.") from None
        yield


@contextlib.contextmanager
def _listening(settings: "Settings") -> Any:
    """The port, taken before anything slow happens, so that a taken one is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            way = "set ADROOM_PORT to another, such as make run ADROOM_PORT=8001"
            raise Invalid(fields={"ADROOM_PORT": f"{settings.port} cannot be used ({error.strerror}); {way}"}) from None
        yield listener


def _serve(settings: "Settings", listener: socket.socket) -> int:
    import uvicorn

    url = f"http://{'localhost' if settings.on_loopback else settings.host}:{settings.port}"
    (settings.home / "lock").write_text(url)
    opening = _Opening(settings)
    opening.start()  # the database starts while the slow imports go on
    _prepare_chainlit(settings)
    from assistant.assembly import build_app

    database = opening.result()
    app = build_app(settings, database.owner_url, database.app_url, embedded=database.embedded is not None)
    config = uvicorn.Config(_told(app, url, settings), log_level="warning", ws="websockets-sansio", lifespan="on")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        if database.embedded is not None:
            database.embedded.stop()
    return 0


class _Opening(threading.Thread):
    """Starts (or reaches) the database and brings it to the newest schema."""

    def __init__(self, settings: "Settings") -> None:
        super().__init__(daemon=True)
        self._settings = settings
        self._database: Database | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._database = open_database(self._settings)
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits for it
            self._error = error

    def result(self) -> Database:
        self.join()
        if self._error is not None:
            raise self._error
        assert self._database is not None  # noqa: S101 - run() set it or the error
        return self._database


def open_database(settings: "Settings") -> Database:
    """Raises Invalid naming DATABASE_URL when the server cannot be reached (its password is not repeated)."""
    import psycopg

    if settings.database_url is None:
        server = start_embedded(settings.home)
        migrate(server.owner_url)
        return Database(server.owner_url, server.app_url, server)
    try:
        migrate(settings.database_url)
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[-1]
        raise Invalid(fields={"DATABASE_URL": f"the database cannot be used: {reason}"}) from None
    return Database(settings.database_url, app_url(settings.database_url), None)


def _prepare_chainlit(settings: "Settings") -> None:
    """Chainlit reads these when it is imported."""
    secret = settings.home / "chat_secret"
    if not secret.exists():
        with secret.open("x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    os.environ["CHAINLIT_AUTH_SECRET"] = secret.read_text()
    os.environ["CHAINLIT_APP_ROOT"] = str(CHECKOUT)


def _told(app: "FastAPI", url: str, settings: "Settings") -> "FastAPI":
    """Say where it is once it is there, not before."""
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(given: Any) -> AsyncGenerator[Any]:
        async with inner(given) as state:
            models = "the offline writer (no key set)" if settings.models.api_key is None else "your models"
            print(f"\n  Adroom is ready: {url}\n  Working with {models}. Data folder: {settings.home}\n", flush=True)
            yield state

    app.router.lifespan_context = lifespan
    return app


if __name__ == "__main__":
    sys.exit(main())
