"""The door: reads the settings, starts the database, builds the product, and serves it.

Nothing else in the product reads the environment, and nothing is started by importing it.
"""

import contextlib
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from assistant.opening import OpenDatabase, only_one, open_database
from assistant.settings import Settings, read_settings
from knowledge.errors import AdroomError, Invalid

if TYPE_CHECKING:
    from fastapi import FastAPI

CHECKOUT = Path(__file__).resolve().parent


def main() -> int:
    """Start, and serve until stopped. Exit status 2 when a setting is wrong, 1 when something else is in the way."""
    os.environ["TZ"] = "UTC"  # Chainlit writes local times; ours are UTC everywhere
    for ask in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ask, _stop)
    try:
        settings = read_settings(env_file=CHECKOUT / ".env")
        with only_one(settings.home, _address(settings)), _listening(settings) as listener:
            return _serve(settings, listener)
    except Invalid as error:
        for name, wrong in error.fields.items():
            print(f"{name}: {wrong}", file=sys.stderr)
        return 2
    except AdroomError as error:
        print(error.message, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # asked to stop before it was ready
        return 0


_asked: list[int] = []


def _stop(asked: int, _: FrameType | None) -> None:
    """Ctrl-C and a service manager's SIGTERM are the same wish, also while the imports are going on."""
    _asked.append(asked)
    raise KeyboardInterrupt


def _address(settings: Settings) -> str:
    return f"http://{'localhost' if settings.on_loopback else settings.host}:{settings.port}"


@contextlib.contextmanager
def _listening(settings: Settings) -> Generator[socket.socket]:
    """The port, taken before anything slow happens, so that a taken one is said at once."""
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


def _serve(settings: Settings, listener: socket.socket) -> int:
    opening = _Opening(settings)
    opening.start()  # the database starts while the slow imports go on
    try:
        _prepare_chainlit(settings)
        import uvicorn

        from assistant.assembly import build_app

        database = opening.result()
        app = build_app(settings, database.owner_url, database.app_url, embedded=database.embedded is not None)
        config = uvicorn.Config(
            _telling(app, settings), log_level="warning", lifespan="on", timeout_graceful_shutdown=5
        )
        if _asked:  # some import has swallowed the wish
            return 0
        with contextlib.suppress(KeyboardInterrupt):  # how it is stopped; uvicorn has let go of everything
            uvicorn.Server(config).run(sockets=[listener])
    finally:
        opening.undo()
    return 0


class _Opening(threading.Thread):
    """Starts (or reaches) the database and brings it to the newest schema, beside the imports."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self._settings = settings
        self._database: OpenDatabase | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._database = open_database(self._settings)
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
    secret = settings.home / "chat_secret"
    if not secret.exists():
        secret.touch(mode=0o600, exist_ok=False)
        secret.write_text(secrets.token_urlsafe(48))
    os.environ["CHAINLIT_AUTH_SECRET"] = secret.read_text()
    os.environ["CHAINLIT_APP_ROOT"] = str(CHECKOUT)


def _telling(app: "FastAPI", settings: Settings) -> "FastAPI":
    """Say where it is once it is there, not before."""
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(given: Any) -> AsyncGenerator[Any]:
        async with inner(given) as state:
            models = "the offline writer (no key is set)" if settings.models.api_key is None else "your models"
            print(f"\n  Adroom is ready: {_address(settings)}", flush=True)
            print(f"  Working with {models}. Data folder: {settings.home}\n", flush=True)
            yield state

    app.router.lifespan_context = lifespan
    return app


if __name__ == "__main__":
    sys.exit(main())
