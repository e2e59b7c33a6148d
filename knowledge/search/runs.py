"""Runs of letters between blanks, each taken apart once: its plain words, its words, its stems in a language.

Taking every text apart anew was most of what bringing in a passage cost, here and in the server. What always holds: put
together from its runs, a text has the words that ``text.taken_apart`` finds in it and the stems and places that Postgres'
``to_tsvector`` gives of the whole (nothing reaches over a blank in Postgres' parser, but for a tag). A run with which
that is not so, or of which nothing is remembered, is ``odd``: whoever meets one takes the whole text apart as ever.

Remembered is what fits in ``MOST``; a ``Runs`` is for one thread at a time.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, cast
from zlib import crc32

from knowledge.db import Connection
from knowledge.plain_text import storable
from knowledge.search.text import fold, hash_of, taken_apart

#: runs that are remembered; about 700 bytes each
MOST = 60_000
#: runs asked for at once; letters of one that is asked for, bytes of a word in it
ASKED_AT_ONCE, LONGEST, LONGEST_WORD = 5_000, 200, 250
_ASK = """
select run, (select coalesce(max(place), 0) from unnest(to_tsvector('simple', ' ' || run || ' ')) s, unnest(s.positions) place),
  lexemes, places
from unnest(%(runs)s::text[]) run, lateral (
  select coalesce(array_agg(lexeme order by place, lexeme), '{}') as lexemes,
    coalesce(array_agg(place order by place, lexeme), '{}') as places
  from unnest(to_tsvector(%(config)s::text::regconfig, ' ' || run || ' ')) s, unnest(s.positions) place
) stems
"""
#: runs by text search configuration
Unknown = dict[str, list[str]]
#: a run, how many places it takes, its lexemes and the place of each
Asked = tuple[str, int, list[str], list[int]]


class Lists:
    """Short lists of numbers, one for each run, end to end."""

    def __init__(self, *kinds: str) -> None:
        self.ends = array("q", [0])
        made: Any = array
        self.values: tuple[Any, ...] = tuple(made(kind) for kind in kinds)

    def close(self) -> None:
        """What was put into the values since is the next list."""
        self.ends.append(len(self.values[0]))


class _Numbers(dict[str, int]):
    """What has no number yet gets one."""

    def __init__(self, add: Callable[[str], int]) -> None:
        super().__init__()
        self._add = add

    def __missing__(self, name: str) -> int:
        return self._add(name)


class Stems:
    """The stems of runs in one language: ``at`` is the place of a run's list by the run's number, -1 where not asked;
    ``spans``: how many places of a text each list takes; the lists: lexemes by number, and places from 1."""

    def __init__(self) -> None:
        self.at, self.spans, self.lists = array("q"), array("q"), Lists("q", "q")


class Runs:
    def __init__(self) -> None:
        self.generation = 0
        self._forget()

    def _forget(self) -> None:
        self.number: dict[str, int] = {}
        self.names: list[str] = []
        self.odd = array("b")
        self.lexemes = _Numbers(self._name)
        #: how a lexeme begins in the text of a tsvector that goes through COPY
        self.begun: list[str] = []
        self.plain = Lists("q")  # lexemes
        # words: hash, CRC-32, the same with a blank before, bytes with that blank
        self.words = Lists("Q", "Q", "Q", "q")
        self.stems: dict[str, Stems] = {}
        self._take_apart("")  # number 0 stands for whatever is not remembered
        self.odd[0] = True

    def meet(self, runs: Sequence[str]) -> Any:
        """Each run's number, as an array; 0 for one that is not remembered, as when nearly all are new: then
        remembering would cost more than it saves. Numbers are good as long as ``generation`` is the same."""
        import numpy as np

        if len(self.number) > MOST:
            self._forget()
            self.generation += 1
        numbers = np.fromiter(map(self.number.get, runs, repeat(0)), np.int64, len(runs))
        places = np.flatnonzero(numbers == 0).tolist()
        new = dict.fromkeys(runs[place] for place in places)
        if new and len(new) * 4 < len(runs) + 1000:
            for run in new:
                self._take_apart(run)
            numbers[places] = [self.number[runs[place]] for place in places]
        return numbers

    def unknown(self, config: str, numbers: Any) -> list[str]:
        """Those of these runs whose stems have not been asked for."""
        import numpy as np

        met = np.zeros(len(self.names), bool)
        met[numbers] = True
        met &= np.frombuffer(self.stems_of(config).at, np.int64) < 0
        met &= np.frombuffer(self.odd, np.int8) == 0
        return [self.names[number] for number in np.flatnonzero(met).tolist()]

    def keep(self, config: str, found: Iterable[Asked]) -> None:
        """Remember what ``ask`` has found."""
        stems = self.stems_of(config)
        for run, span, lexemes, places in found:
            number = self.number.get(run)
            if number is not None and stems.at[number] < 0:
                stems.at[number] = len(stems.spans)
                stems.spans.append(span)
                stems.lists.values[0].extend(map(self.lexemes.__getitem__, lexemes))
                stems.lists.values[1].extend(places)
                stems.lists.close()

    def stems_of(self, config: str) -> Stems:
        """With a place for every run there is."""
        stems = self.stems.setdefault(config, Stems())
        stems.at.extend([-1] * (len(self.number) - len(stems.at)))
        return stems

    def _take_apart(self, run: str) -> None:
        self.number[run] = len(self.names)
        self.names.append(run)
        words, plain = taken_apart(fold(run))
        encoded = [word.encode() for word in words]
        odd = (
            len(run) > LONGEST or "<" in run or storable(run) != run or any(len(one) > LONGEST_WORD for one in encoded)
        )
        self.odd.append(odd)
        if not odd:
            self.plain.values[0].extend(map(self.lexemes.__getitem__, plain))
        self.plain.close()
        hashes, alone, after, lengths = self.words.values
        for word, one in zip(words, encoded, strict=True):
            hashes.append(hash_of(word))
            alone.append(crc32(one))
            after.append(crc32(b" " + one))
            lengths.append(len(one) + 1)
        self.words.close()

    def _name(self, lexeme: str) -> int:
        self.begun.append(f" {_quoted(lexeme)}:")
        number = self.lexemes[lexeme] = len(self.begun) - 1
        return number


async def ask(conn: Connection, config: str, runs: Sequence[str]) -> list[Asked]:
    """Postgres' word for them."""
    found: list[Asked] = []
    for start in range(0, len(runs), ASKED_AT_ONCE):
        given: dict[str, Any] = {"config": config, "runs": runs[start : start + ASKED_AT_ONCE]}
        found += cast("list[Asked]", await (await conn.execute(_ASK, given)).fetchall())
    return found


def _quoted(lexeme: str) -> str:
    """A lexeme as it stands in a tsvector's text that goes through COPY; of letters and digits only, as it is."""
    if lexeme.isalnum():
        return lexeme
    inner = lexeme.replace("\\", "\\\\").replace("'", "''")
    return "'" + inner.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r") + "'"
