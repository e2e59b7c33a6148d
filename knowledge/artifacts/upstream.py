"""What a document needs above it, and whether that opens its gate.

Pure: reads the lineage of a client's documents, which whoever asks has looked up under the client's lock when it is
going to write.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from knowledge.artifacts.gates import Gate, UpstreamState, check_gate
from knowledge.artifacts.models import Lineage, Source
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.errors import NotFound

Upstream = dict[ArtifactType, Lineage | None]


def upstream_of(
    lineage: Iterable[Lineage],
    type: ArtifactType,
    campaign_id: UUID | None,
    built_from: Mapping[str, Source] | None = None,
) -> Upstream:
    """The newest version of each document that an artifact of ``type`` needs.

    A document named in ``built_from`` is that very document; of a type with several documents and none named, an
    approved one if there is one. Raises NotFound when ``built_from`` names something that is not the client's.
    """
    versions = sorted(lineage, key=lambda version: version.version)
    heads = list({version.document: version for version in versions}.values())
    found: Upstream = {}
    for name in SPECS[type].requires:
        if built_from and name in built_from:
            found[name] = _head_of(built_from[name], name, versions, heads)
        else:
            found[name] = _best([head for head in heads if head.type == name], type, campaign_id)
    return found


def check_upstream(type: ArtifactType, upstream: Upstream) -> Gate:
    states: dict[ArtifactType, UpstreamState | None] = {
        name: found and UpstreamState(found.version, found.status, found.flagged_reason)
        for name, found in upstream.items()
    }
    return check_gate(type, states)


def _best(heads: list[Lineage], for_type: ArtifactType, campaign_id: UUID | None) -> Lineage | None:
    # a client's document (the playbook) learns from all of its campaigns, a campaign's only from its own
    anywhere = SPECS[for_type].scope == "client"
    there = [
        head for head in heads if anywhere or SPECS[head.type].scope == "client" or head.campaign_id == campaign_id
    ]
    return max(there, key=lambda head: (head.status == "approved", head.created_at), default=None)


def _head_of(source: Source, name: ArtifactType, versions: list[Lineage], heads: list[Lineage]) -> Lineage:
    read = next((version for version in versions if version.id == source.id and version.type == name), None)
    if read is None:
        raise NotFound(f"The {name} this is built from does not exist, or not for you.")
    return next(head for head in heads if head.document == read.document)
