"""The file that Chainlit loads by its path. It only imports the real thing, so that nothing is loaded twice."""

import assistant.chat.hooks  # noqa: F401  # pyright: ignore[reportUnusedImport] - imported for its callbacks
