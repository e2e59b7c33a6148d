"""The whole main job without a browser: brief → canon → metric schema → strategy → article → email.

``python -m assistant.demo [BRIEF]``: approves as it goes, prints the timeline and the spend, writes the documents as
files, and ends with a status other than zero when anything failed.
"""

import asyncio
import os
import sys
from pathlib import Path

from assistant.demo.main_job import run_main_job
from assistant.house import House
from assistant.opening import only_one, open_database
from assistant.settings import CHECKOUT, read_settings
from knowledge.errors import AdroomError, Invalid


def main(arguments: list[str]) -> int:
    os.environ["TZ"] = "UTC"
    brief = Path(arguments[0]) if arguments else None
    try:
        settings = read_settings(env_file=CHECKOUT / ".env")
        with only_one(settings.home, "the demo is running"):
            database = open_database(settings)
            try:
                house = House(settings, database.owner_url, database.app_url)
                asyncio.run(run_main_job(house, brief, settings.home / "demo"))
            finally:
                database.close()
    except Invalid as error:
        for name, wrong in (error.fields or {"brief": error.message}).items():
            print(f"{name}: {wrong}", file=sys.stderr)
        return 2
    except AdroomError as error:
        print(f"Stopped: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; what is finished is kept.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
