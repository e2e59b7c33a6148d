"""``python -m tests.model_server --port 9000 --script replies.json --log calls.jsonl``

Prints ``ready <url>`` once it listens. The log gets one JSON line a call before it is answered, so it is complete
whatever happens to the caller.
"""

import argparse
from pathlib import Path

import uvicorn

from tests.model_server.script import Script
from tests.model_server.server import ModelServer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--script", type=Path, help=".json list of replies, or .py with answer(request)")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every first byte")
    given = parser.parse_args()
    server = ModelServer(Script.load(given.script) if given.script else None, given.log)
    server.delay = given.delay
    config = uvicorn.Config(server.app(), host="127.0.0.1", port=given.port, log_level="critical", lifespan="off")
    running = uvicorn.Server(config)
    startup = running.startup

    async def announced(*args: object, **kwargs: object) -> None:
        await startup(*args, **kwargs)  # type: ignore[arg-type]
        port = running.servers[0].sockets[0].getsockname()[1]
        print(f"ready http://127.0.0.1:{port}/v1", flush=True)

    running.startup = announced  # type: ignore[method-assign]
    running.run()


main()
