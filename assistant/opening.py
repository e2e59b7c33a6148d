"""Opening the data folder and the database, for whoever starts the product: one process at a time on a folder."""

import contextlib
import fcntl
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from assistant.settings import Settings
from knowledge.db import APP_ROLE, app_url
from knowledge.embedded import EmbeddedPostgres, start_embedded
from knowledge.errors import AdroomError, Invalid
from knowledge.migrate import migrate


@dataclass(frozen=True)
class OpenDatabase:
    """Where the database is: ``owner_url`` for migrations and the engine, ``app_url`` for everything else."""

    owner_url: str
    app_url: str
    embedded: EmbeddedPostgres | None
    keeper: "Keeper | None" = None

    def close(self) -> None:
        """Stop the server if it is ours."""
        if self.keeper is not None:
            self.keeper.end()
        if self.embedded is not None:
            self.embedded.stop()

    @property
    def url(self) -> str:
        """The owner's address as a URL, for a process of its own (DATABASE_URL)."""
        parts = {name: str(value) for name, value in conninfo_to_dict(self.owner_url).items() if value is not None}
        user, database = quote(parts.pop("user", ""), safe=""), quote(parts.pop("dbname", ""), safe="")
        return f"postgresql://{user}@/{database}?{urlencode(parts, quote_via=quote)}"


class Keeper(threading.Thread):
    """Starts our server again when it has gone while we are there (the machine had no memory left, somebody killed it)."""

    def __init__(self, server: EmbeddedPostgres, every: float = 1.0) -> None:
        super().__init__(daemon=True, name="database keeper")
        self._server, self._every = server, every
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self._every):
            if self._server.is_there():
                continue
            print("The database has ended; it is started again.", flush=True)
            try:
                self._server.bring_up()
            except (AdroomError, OSError) as error:
                print(f"It does not start yet: {error}", flush=True)

    def end(self) -> None:
        self._over.set()
        if self.is_alive():
            self.join()


@contextlib.contextmanager
def only_one(home: Path, told: str, *, shared: bool = False) -> Generator[None]:
    """Hold the data folder for this process alone; the lock goes with the process, however it ends.

    ``told`` is what a second process is told about the first, such as where it can be reached. ``shared``: with
    others that share it, which work on a database elsewhere.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock: IO[str] = (home / "lock").open("a+")
    except OSError as error:
        raise Invalid(fields={"ADROOM_HOME": f"{home} cannot be used: {error.strerror}"}) from None
    with lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AdroomError(
                f"Adroom is already running on {home} ({lock.read().strip() or 'just started'})."
            ) from None
        lock.truncate(0)
        lock.write(told)
        lock.flush()
        yield


def open_database(settings: Settings, *, of_parent: bool = False) -> OpenDatabase:
    """``of_parent``: DATABASE_URL is the embedded server of the process that started this one.

    Raises Invalid naming DATABASE_URL when the server cannot be reached (its password is not repeated).
    """
    if settings.database_url is None:
        server = start_embedded(settings.home)
        try:
            migrate(server.owner_url)
        except BaseException:
            server.stop()
            raise
        keeper = Keeper(server)
        keeper.start()
        return OpenDatabase(server.owner_url, server.app_url, server, keeper)
    try:
        migrate(settings.database_url)
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[-1]
        raise Invalid(fields={"DATABASE_URL": f"the database cannot be used: {reason}"}) from None
    url = settings.database_url
    return OpenDatabase(url, make_conninfo(url, user=APP_ROLE) if of_parent else app_url(url), None)
