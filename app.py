"""The door: reads the settings, starts the database, builds the product, and serves it.

Alone it is one process for everything. With ADROOM_WORKERS it is the parent of a web process and workers, which are
this program too, started with a word: ``app.py web``, ``app.py worker``. By hand these work on one DATABASE_URL.
Nothing else in the product reads the environment, and nothing is started by importing it.
"""

import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from assistant.collecting import hold, settle
from assistant.family import Child, Family, end_with_parent
from assistant.opening import OpenDatabase, only_one, open_database
from assistant.settings import Settings, read_settings
from knowledge.errors import AdroomError, Invalid
from knowledge.runs.workers import Role

if TYPE_CHECKING:
    from fastapi import FastAPI

CHECKOUT = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Place:
    """What this process is for, by the words it was started with. The parent passes on what it holds."""

    role: Role = "all"
    #: a listening socket and the parent's pipe, as file descriptors
    listen: int | None = None
    life: int | None = None
    embedded: bool = False

    @property
    def is_child(self) -> bool:
        return self.life is not None


def main(words: list[str]) -> int:
    """Start, and serve until stopped. Exit status 2 when a setting is wrong, 1 when something else is in the way."""
    os.environ["TZ"] = "UTC"  # Chainlit writes local times; ours are UTC everywhere
    for ask in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ask, _stop)
    try:
        place = _place(words)
        settings = read_settings(env_file=CHECKOUT / ".env")
        _check(place, settings)
        if place.life is not None:
            end_with_parent(place.life)
        with _folder(place, settings), _listening(place, settings) as listener:
            if place.role == "all" and settings.workers:
                return _be_parent(settings, listener)
            return _serve(place, settings, listener)
    except Invalid as error:
        for name, wrong in error.fields.items():
            print(f"{name}: {wrong}", file=sys.stderr)
        return 2
    except AdroomError as error:
        print(error.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # asked to stop before it was ready
        return 0


def _place(words: list[str]) -> Place:
    roles: dict[str, Role] = {"web": "web", "worker": "worker"}
    if not words:
        return Place()
    if words[0] not in roles:
        raise Invalid(fields={"app.py": f"{words[0]!r} is unknown; start it alone, or with web or worker"})
    given: dict[str, str] = {name: value for name, _, value in (word.partition("=") for word in words[1:])}
    fds = {name: int(given[name]) for name in ("listen", "life") if name in given}
    return Place(roles[words[0]], fds.get("listen"), fds.get("life"), "embedded" in given)


def _check(place: Place, settings: Settings) -> None:
    if place.role != "all" and settings.database_url is None:
        raise Invalid(
            fields={"DATABASE_URL": "not set; processes apart share one (or start all with WORKERS=2 make run)"}
        )


def _folder(place: Place, settings: Settings) -> contextlib.AbstractContextManager[None]:
    if place.is_child:  # the parent holds it
        return contextlib.nullcontext()
    return only_one(settings.home, _address(settings), shared=place.role != "all")


_asked: list[int] = []


def _stop(asked: int, _: FrameType | None) -> None:
    """Ctrl-C and a service manager's SIGTERM are the same wish, also while the imports are going on."""
    _asked.append(asked)
    raise KeyboardInterrupt


def _address(settings: Settings) -> str:
    return f"http://{'localhost' if settings.on_loopback else settings.host}:{settings.port}"


@contextlib.contextmanager
def _listening(place: Place, settings: Settings) -> Generator[socket.socket | None]:
    """The port, taken before anything slow happens, so that a taken one is said at once; a worker has none."""
    if place.role == "worker":
        yield None
        return
    if place.listen is not None:
        with socket.socket(fileno=place.listen) as listener:
            yield listener
        return
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # the protocol is named because asyncio sends small pieces without delay (TCP_NODELAY) only where it is
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            way = "choose another, such as ADROOM_PORT=8001 make run"
            raise Invalid(fields={"ADROOM_PORT": f"{settings.port} cannot be used ({error.strerror}); {way}"}) from None
        yield listener


def _be_parent(settings: Settings, listener: socket.socket | None) -> int:
    """Hold folder, port and database for the processes that do the work."""
    assert listener is not None  # noqa: S101 - only workers have none
    opening = _Opening(Place(), settings)
    opening.start()
    ours, theirs = os.pipe()
    try:
        database = opening.result()
        url = settings.database_url or database.url
        environment = {**os.environ, "DATABASE_URL": url, "ADROOM_WORKERS": "0"}
        shared = [f"life={ours}", *(["embedded"] if database.embedded else [])]
        web = Child(["web", f"listen={listener.fileno()}", *shared], (listener.fileno(), ours))
        workers = [Child(["worker", *shared], (ours,)) for _ in range(settings.workers)]
        if _asked:
            return 0
        return Family([sys.executable, str(CHECKOUT / "app.py")], environment, [web, *workers]).run()
    finally:
        os.close(theirs)
        os.close(ours)
        opening.undo()


def _serve(place: Place, settings: Settings, listener: socket.socket | None) -> int:
    hold()
    opening = _Opening(place, settings)
    opening.start()  # the database starts while the slow imports go on
    try:
        if listener is None:
            _serve_runs(place, settings, opening)
        else:
            _serve_people(place, settings, opening, listener)
    finally:
        opening.undo()
    return 0


def _serve_runs(place: Place, settings: Settings, opening: "_Opening") -> None:
    from assistant.worker import work

    def ready() -> None:
        settle()
        if not place.is_child:
            print("\n  A worker of Adroom is ready.\n", flush=True)

    database = opening.result()
    if not _asked:
        work(settings, database.owner_url, database.app_url, ready)


def _serve_people(place: Place, settings: Settings, opening: "_Opening", listener: socket.socket) -> None:
    _prepare_chainlit(settings)
    import uvicorn

    from assistant.assembly import build_app

    database = opening.result()
    embedded = place.embedded or database.embedded is not None
    app = build_app(settings, database.owner_url, database.app_url, embedded=embedded, role=place.role)
    config = uvicorn.Config(_telling(app, settings), log_level="warning", lifespan="on", timeout_graceful_shutdown=5)
    if _asked:  # some import has swallowed the wish
        return
    with contextlib.suppress(KeyboardInterrupt):  # how it is stopped; uvicorn has let go of everything
        uvicorn.Server(config).run(sockets=[listener])


class _Opening(threading.Thread):
    """Starts (or reaches) the database and brings it to the newest schema, beside the imports."""

    def __init__(self, place: Place, settings: Settings) -> None:
        super().__init__(daemon=True)
        self._place, self._settings = place, settings
        self._database: OpenDatabase | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._database = open_database(self._settings, of_parent=self._place.embedded)
        except Exception as error:  # noqa: BLE001 - handed to the thread that waits for it
            self._error = error

    def result(self) -> OpenDatabase:
        self.join()
        if self._error is not None:
            raise self._error
        assert self._database is not None  # noqa: S101 - run() set it or the error
        return self._database

    def undo(self) -> None:
        """Close what was opened, however far it had come; from here on nobody is to interrupt it."""
        for ask in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ask, signal.SIG_IGN)
        self.join()
        if self._database is not None:
            self._database.close()


def _prepare_chainlit(settings: Settings) -> None:
    """Chainlit reads these when it is imported."""
    os.environ["CHAINLIT_AUTH_SECRET"] = settings.chat_secret or _kept_secret(settings.home / "chat_secret")
    os.environ["CHAINLIT_APP_ROOT"] = str(CHECKOUT)


def _kept_secret(place: Path) -> str:
    """Made once, whole before anybody sees it: two processes may want it at the same time."""
    if not place.exists():
        new = place.with_name(f"chat_secret.{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(new, place)
        new.unlink()
    return place.read_text()


def _telling(app: "FastAPI", settings: Settings) -> "FastAPI":
    """Say where it is once it is there, not before."""
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(given: Any) -> AsyncGenerator[Any]:
        async with inner(given) as state:
            settle()
            models = "the offline writer (no key is set)" if settings.models.api_key is None else "your models"
            print(f"\n  Adroom is ready: {_address(settings)}", flush=True)
            print(f"  Working with {models}. Data folder: {settings.home}\n", flush=True)
            yield state

    app.router.lifespan_context = lifespan
    return app


if __name__ == "__main__":
    status = main(sys.argv[1:])
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # everything is let go of; taking thousands of imported modules apart would only take seconds
    os._exit(status)
