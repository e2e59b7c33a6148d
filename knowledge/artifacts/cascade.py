"""The stale cascade: when a document moves on, everything built from its older version is flagged, at any depth.

Runs in the transaction of the change that caused it, under the client's lock.
"""

from knowledge.artifacts import queries
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.registry import downstream
from knowledge.db import Connection


async def flag_downstream(conn: Connection, moved: Artifact) -> list[Artifact]:
    """Flag every newest version that was built, directly or through others, from an older version of ``moved``.

    Returns what was flagged, nearest first. The reason reads "intake went from v1 to v2".
    """
    heads = await queries.heads(conn, moved.client_id)
    stale = find_stale(moved, heads)
    for artifact, built_from in stale:
        reason = f"{moved.type} went from v{built_from} to v{moved.version}"
        await queries.flag(conn, [artifact.id], reason)
    return [artifact for artifact, _ in stale]


def find_stale(moved: Artifact, heads: list[Artifact]) -> list[tuple[Artifact, int]]:
    """The heads to flag, each with the version of ``moved`` it (or what it was built from) goes back to."""
    stale: dict[object, tuple[Artifact, int]] = {}
    candidates = [head for head in heads if head.type in downstream(moved.type) and head.status != "archived"]
    found = True
    while found:
        found = False
        for head in candidates:
            if head.id in stale:
                continue
            version = _stale_through(moved, head, stale)
            if version is not None:
                stale[head.id] = (head, version)
                found = True
    return list(stale.values())


def _stale_through(moved: Artifact, head: Artifact, stale: dict[object, tuple[Artifact, int]]) -> int | None:
    for type_, source in head.source_versions.items():
        if type_ == moved.type and source.version < moved.version and _same_line(moved, head):
            return source.version
        if source.id in stale:
            return stale[source.id][1]
    return None


def _same_line(moved: Artifact, head: Artifact) -> bool:
    """A campaign's document moves only what belongs to the same campaign; a client's moves all."""
    return moved.campaign_id is None or moved.campaign_id == head.campaign_id
