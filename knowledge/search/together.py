"""Search words, fingerprints and simhashes of many texts at once, in arrays, from runs that are taken apart already.

What always holds: they are those that ``text.fingerprints``, ``text.simhash`` and Postgres make of each text by itself.
"""

import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, cast

from knowledge.search.runs import LONGEST_WORD, Lists, Runs, Stems
from knowledge.search.text import ODD, WINDOW, K, simhash

#: places of a text that are counted here: Postgres counts to 16,383 and then not at all
MOST_PLACES = 16_000
#: words of a text whose simhash is made here: what is counted fits into 16 bits
MOST_WORDS = 32_000
#: texts whose words and fingerprints are made at once: bounds the memory
TOGETHER = 2_000


@dataclass(frozen=True)
class Texts:
    """Texts as the numbers of their runs, end to end, and where each ends, beginning with 0."""

    numbers: Any
    ends: Any

    @classmethod
    def of(cls, runs: Runs, texts: Sequence[str]) -> "Texts":
        import numpy as np

        said, ends = list[str](), [0]
        for text in texts:
            said += text.split()
            ends.append(len(said))
        return cls(runs.meet(said), np.array(ends))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def slices(self) -> "Iterator[tuple[int, Texts]]":
        for start in range(0, len(self), TOGETHER):
            yield start, self.part(start, start + TOGETHER)

    def part(self, start: int, end: int) -> "Texts":
        ends = self.ends[start : end + 1]
        return Texts(self.numbers[ends[0] : ends[-1]], ends - ends[0])

    @property
    def owners(self) -> Any:
        """Whose each number is."""
        import numpy as np

        return np.repeat(np.arange(len(self)), np.diff(self.ends))


def indexed(
    runs: Runs, config: str, texts: Texts, also_found_by: Sequence[Sequence[str]]
) -> Iterator[tuple[list[int], str] | None]:
    """Of each text its fingerprints, and its tsvector as text for COPY; None for one with an odd run.

    ``also_found_by``: plain words that a text is found by beside its own.
    """
    for start, piece in texts.slices():
        yield from _indexed(runs, config, piece, also_found_by[start : start + TOGETHER])


def _indexed(
    runs: Runs, config: str, texts: Texts, also_found_by: Sequence[Sequence[str]]
) -> Iterator[tuple[list[int], str] | None]:
    import numpy as np

    count, numbers, owners = len(texts), texts.numbers, texts.owners
    at = np.frombuffer(runs.stems_of(config).at, np.int64)[numbers]
    odd = np.frombuffer(runs.odd, np.int8)[numbers].astype(bool) | (at < 0)
    is_odd = np.bincount(owners[odd], minlength=count) > 0
    kept = ~is_odd[owners]
    numbers, owners, at = numbers[kept], owners[kept], at[kept]
    more = np.fromiter(map(len, also_found_by), np.int64, count)
    entries, plain, places = _entries(runs, runs.stems[config], numbers, owners, at, more)
    is_odd |= places > MOST_PLACES
    marks, vectors = _fingerprints(runs, numbers, owners, count), _written(runs, entries, count)
    for odd, mark, vector, words, has in zip(
        is_odd.tolist(), marks, vectors, also_found_by, plain.tolist(), strict=True
    ):
        if words:  # a word that is there twice is brought together by Postgres
            vector += "".join([f" {word}:{has + place}A" for place, word in enumerate(words, 1)])
        yield None if odd else (mark, vector)


# -------------------------------------------------------------------- tsvectors

# an entry is one number: text, lexeme, place, weight (A for plain words, B for stems), so that sorting brings together
_TEXT, _LEXEME, _PLACE = 44, 16, 1


def _entries(runs: Runs, stems: Stems, numbers: Any, owners: Any, at: Any, more: Any) -> tuple[Any, Any, Any]:
    """Lexemes with their places, sorted; how many plain words each text has, and how many places with ``more``."""
    import numpy as np

    index, of = _spread(runs.plain, numbers)
    owner = owners[of]
    plain = np.bincount(owner, minlength=len(more))
    place = np.arange(1, len(index) + 1) - (np.cumsum(plain) - plain)[owner]
    entries = owner << _TEXT | np.frombuffer(runs.plain.values[0], np.int64)[index] << _LEXEME | place << _PLACE
    spans = np.frombuffer(stems.spans, np.int64)[at]
    in_all = np.bincount(owners, spans, len(more)).astype(np.int64)
    before = np.cumsum(spans) - spans - (np.cumsum(in_all) - in_all)[owners]
    index, of = _spread(stems.lists, at)
    lexeme, inner = (np.frombuffer(values, np.int64)[index] for values in stems.lists.values)
    place = ((plain + more)[owners] + before)[of] + inner
    entries = np.concatenate((entries, owners[of] << _TEXT | lexeme << _LEXEME | place << _PLACE | 1))
    return np.sort(entries), plain, plain + more + in_all


def _written(runs: Runs, entries: Any, count: int) -> list[str]:
    import numpy as np

    words = entries >> _LEXEME
    begun = np.array(runs.begun, dtype=object)[words & ((1 << (_TEXT - _LEXEME)) - 1)]
    begun[1:][words[1:] == words[:-1]] = ","
    both = np.empty(2 * len(entries), dtype=object)
    places = entries & ((1 << _LEXEME) - 1)
    both[0::2], both[1::2] = begun, _places(int(places.max(initial=0)) // 2048 + 1)[places]
    pieces, ends = both.tolist(), 2 * np.searchsorted(entries >> _TEXT, np.arange(count + 1))
    return ["".join(pieces[start:end]) for start, end in pairwise(ends.tolist())]


@lru_cache(8)
def _places(thousands: int) -> Any:
    import numpy as np

    return np.array([f"{place >> 1}{'AB'[place & 1]}" for place in range(2048 * thousands)], dtype=object)


def _spread(lists: Lists, numbers: Any) -> tuple[Any, Any]:
    """Where in the values the lists of these numbers are, one list after the other, and whose each is."""
    import numpy as np

    ends = cast(Any, np.frombuffer(lists.ends, np.int64))
    lengths = ends[numbers + 1] - ends[numbers]
    starts = np.repeat(ends[numbers] - (np.cumsum(lengths) - lengths), lengths)
    return starts + np.arange(len(starts)), np.repeat(np.arange(len(numbers)), lengths)


# -------------------------------------------------------------------- fingerprints


def _fingerprints(runs: Runs, numbers: Any, owners: Any, count: int) -> list[list[int]]:
    """``text.fingerprints`` of each: the CRC-32 of K words in a row is put together from those of the words."""
    import numpy as np

    index, of = _spread(runs.words, numbers)
    owner = owners[of]
    _, alone, after, lengths = runs.words.values
    if len(index) < K:
        return [[] for _ in range(count)]
    crc = np.frombuffer(alone, np.uint64)[index[: 1 - K]]
    next_crc, next_length = np.frombuffer(after, np.uint64)[index], np.frombuffer(lengths, np.int64)[index]
    for away in range(1, K):
        end = len(index) - K + 1 + away
        crc = _moved(crc, next_length[away:end]) ^ next_crc[away:end]
    whole = owner[: 1 - K] == owner[K - 1 :]
    crc, owner = crc[whole].astype(np.int64), owner[: 1 - K][whole]
    found = np.sort(_least_of_windows(crc, owner, count))  # by text, then as signed numbers
    found = found[np.concatenate(([True], found[1:] != found[:-1]))[: len(found)]]
    ends = np.searchsorted(found >> 32, np.arange(count + 1)).tolist()
    values = ((found & 0xFFFF_FFFF) - (1 << 31)).tolist()
    return [values[start:end] for start, end in pairwise(ends)]


def _least_of_windows(crc: Any, owner: Any, count: int) -> Any:
    """The least of each WINDOW in a row (of all, where they are fewer), below the number of its text."""
    import numpy as np

    if not len(crc):
        return crc
    ends = len(crc) - WINDOW + 1
    full = owner[:ends] == owner[WINDOW - 1 :] if ends > 0 else np.empty(0, bool)
    windows = np.minimum.reduce([crc[at : at + max(ends, 0)] for at in range(WINDOW)])[full]
    have = np.bincount(owner, minlength=count)
    some = np.flatnonzero(have)
    least = np.minimum.reduceat(crc, np.searchsorted(owner, some))
    few = have[some] < WINDOW
    owners, least = np.concatenate((owner[: len(full)][full], some[few])), np.concatenate((windows, least[few]))
    return owners << 32 | (least ^ (1 << 31))


def _moved(crc: Any, zeros: Any) -> Any:
    """The CRC-32 of what is followed by so many bytes of zero, less what they make of nothing."""
    import numpy as np

    tables = _tables()
    at = zeros * 1024
    found = tables[at + (crc & np.uint64(255)).astype(np.int64)]
    for byte in (1, 2, 3):
        found = found ^ tables[at + 256 * byte + ((crc >> np.uint64(8 * byte)) & np.uint64(255)).astype(np.int64)]
    return found


@cache
def _tables() -> Any:
    """By number of zeros, byte of the CRC and its value."""
    import numpy as np

    first = np.array([binascii.crc32(bytes([value])) for value in range(256)], np.uint64)
    step = first ^ first[0]
    now = (np.arange(256, dtype=np.uint64)[None, :] << np.array([[0], [8], [16], [24]], np.uint64)).ravel()
    made = [now]
    for _ in range(LONGEST_WORD + 1):
        now = (now >> np.uint64(8)) ^ step[(now & np.uint64(255)).astype(np.int64)]
        made.append(now)
    return np.concatenate(made)


# -------------------------------------------------------------------- simhashes


def simhashes(runs: Runs, texts: Sequence[str]) -> list[int | None]:
    """``text.simhash`` of each."""
    made = [each for _, piece in Texts.of(runs, texts).slices() for each in _simhashes(runs, piece)]
    return [simhash(text) if each is ... else each for text, each in zip(texts, made, strict=True)]


def _simhashes(runs: Runs, texts: Texts) -> list[Any]:
    """... for one that has to be made by itself."""
    import numpy as np

    index, of = _spread(runs.words, texts.numbers)
    owner = texts.owners[of]
    have = np.bincount(owner, minlength=len(texts))
    apart = (np.bincount(texts.owners[texts.numbers == 0], minlength=len(texts)) > 0) | (have > MOST_WORDS)
    hashes = np.frombuffer(runs.words.values[0], np.uint64)[index]
    pairs = np.zeros(len(hashes), np.uint64)
    pairs[1:] = np.where(owner[1:] == owner[:-1], hashes[:-1] * np.uint64(ODD) ^ hashes[1:], np.uint64(0))
    most = _bits_of_most(hashes, pairs, np.concatenate(([0], np.cumsum(have))), (2 * have - 1) // 2)
    return [
        ... if alone else None if words < 4 else bits
        for alone, words, bits in zip(apart.tolist(), have.tolist(), most, strict=True)
    ]


def _bits_of_most(hashes: Any, pairs: Any, ends: Any, half: Any) -> list[int]:
    """For each text the bits that more than half of its hashes have; four bits are counted at a time, in a number of
    four counters. A running sum that overflows is still right in its differences."""
    import numpy as np

    count = len(ends) - 1
    counters = np.array([sum((value >> bit & 1) << 16 * bit for bit in range(4)) for value in range(16)], np.uint64)
    found = np.empty((count, 64), dtype=bool)
    for bit in range(0, 64, 4):
        here = counters[_four(hashes, bit)] + counters[_four(pairs, bit)]
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(here)))[ends]
        counted = np.ascontiguousarray(np.diff(sums)).astype("<u8").view("<u2").reshape(count, 4)
        found[:, bit : bit + 4] = counted > half[:, None]
    return np.packbits(found, axis=1, bitorder="little").view("<i8").ravel().tolist()


def _four(hashes: Any, bit: int) -> Any:
    import numpy as np

    return ((hashes >> np.uint64(bit)) & np.uint64(15)).astype(np.int64)
