"""Reading what a test writes."""

from datetime import date
from pathlib import Path
from typing import Any

from knowledge.imports.options import Options
from knowledge.imports.reading import read
from knowledge.imports.records import AdRecord, Item, QuoteRecord, Rejected

#: the day on which all tests read
TODAY = date(2026, 11, 21)


class Reader:
    """Writes a file and reads it; what came is told apart."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "upload"

    def __call__(self, content: bytes | str, format: str, **options: Any) -> "Found":
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.again(format, **options)

    def again(self, format: str, **options: Any) -> "Found":
        return Found(list(read(self.path, format, Options(as_of=TODAY, **options))))


class Found:
    def __init__(self, items: list[Item]) -> None:
        self.items = items
        self.ads = [item for item in items if isinstance(item, AdRecord)]
        self.quotes = [item for item in items if isinstance(item, QuoteRecord)]
        self.rejected = [item for item in items if isinstance(item, Rejected) and not item.kept]
        self.left_out = [item for item in items if isinstance(item, Rejected) and item.kept]

    @property
    def texts(self) -> list[str]:
        return [quote.text for quote in self.quotes]
