"""The stale cascade: when a document moves on, everything built from its older versions is flagged, at any depth.

Runs in the transaction of the change that caused it, under the client's lock. What something was built from is
followed version by version, through archived ones too: a document that was re-approved as it is still goes back to
what it was built from.
"""

from collections.abc import Iterable
from uuid import UUID

from knowledge.approvals import queries as approvals
from knowledge.artifacts import queries
from knowledge.artifacts.models import Artifact, Lineage
from knowledge.db import Connection


async def flag_downstream(conn: Connection, moved: Artifact) -> list[Lineage]:
    """Flag every version in use that was built, directly or through others, from an older version of ``moved``.

    Returns what was flagged, nearest first. The reason reads "intake went from v1 to v2"; what else had moved
    since the last approval stays beside it.
    """
    lineage = await queries.lineage(conn, moved.client_id)
    newest = {version.document: version.id for version in sorted(lineage, key=lambda version: version.version)}
    stale = find_stale(moved, lineage)
    for version, built_from in stale:
        await queries.flag(conn, version.id, reason_for(moved, built_from, version))
        if newest[version.document] == version.id:  # an older one, still in use, cannot be decided on
            await approvals.ask_for_document(conn, version.id)
    return [version for version, _ in stale]


def reason_for(moved: Artifact | Lineage, built_from: int, flagged: Lineage) -> str:
    """The sentence for a person; ", " stands between several."""
    before = (flagged.flagged_reason or "").split(", ") if flagged.status == "flagged_for_review" else []
    others = [said for said in before if said and not said.startswith(f"{moved.type} went ")]
    return ", ".join([*others, f"{moved.type} went from v{built_from} to v{moved.version}"])


def find_stale(moved: Artifact | Lineage, lineage: Iterable[Lineage]) -> list[tuple[Lineage, int]]:
    """What is to be flagged, nearest first, each with the version of ``moved`` that it goes back to.

    ``lineage``: every version of the client's documents. Of several ways back the nearest counts, then the oldest.
    """
    versions = list(lineage)
    level = {v.id: v.version for v in versions if v.document == moved.document and v.version < moved.version}
    reached: set[UUID] = set(level)
    stale: list[tuple[Lineage, int]] = []
    while level:
        found: dict[UUID, int] = {}
        for version in versions:
            roots = [level[source.id] for source in version.source_versions.values() if source.id in level]
            if roots and version.id not in reached:
                found[version.id] = min(roots)
                if version.status != "archived":
                    stale.append((version, min(roots)))
        reached |= found.keys()
        level = found
    return stale
