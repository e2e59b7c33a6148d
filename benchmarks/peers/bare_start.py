# pyright: reportUnusedImport=false
"""The stack without a product: the embedded Postgres in the folder given, and the imports. Says when it is ready.

``beside``: both at once, as the product does it; otherwise one after the other.
"""

import sys
import threading
from pathlib import Path

from knowledge.embedded import EmbeddedPostgres, start_embedded


def main(home: Path, beside: bool) -> None:
    started: list[EmbeddedPostgres] = []
    starting = threading.Thread(target=lambda: started.append(start_embedded(home)))
    starting.start()
    if not beside:
        starting.join()
    import agents  # noqa: F401
    import chainlit.server  # noqa: F401
    import dbos  # noqa: F401

    starting.join()
    print("ready", flush=True)
    sys.stdin.readline()
    started[0].stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), "beside" in sys.argv)
