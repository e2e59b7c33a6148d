"""A question's vector as the server keeps vectors: half a float for each number, in bytes, so that neither side reads text."""

import struct
from collections.abc import Sequence

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format


class HalfVec(bytes):
    """What pgvector's halfvec_recv takes (0.7 and later): how many numbers, nought, the numbers; big-endian."""


class _Bytes(Dumper):
    """Of no type of its own: the server knows which parameters are halfvec."""

    format = Format.BINARY

    def dump(self, obj: HalfVec) -> bytes:
        return obj


psycopg.adapters.register_dumper(HalfVec, _Bytes)


def halfvec(values: Sequence[float]) -> HalfVec:
    """As a statement's parameter. Raises OverflowError for a number above 65,504."""
    return HalfVec(struct.pack(f">HH{len(values)}e", len(values), 0, *values))
