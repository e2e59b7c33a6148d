"""Versions of documents: write the next one, approve it, send it back.

What always holds: the gate is checked in the transaction that writes; a version's content never changes; an
approval names the exact content it was shown (its hash); approving or revising something flags all that was built
from its older versions before the transaction ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from knowledge.approvals import open_requests
from knowledge.artifacts import queries
from knowledge.artifacts.cascade import flag_downstream
from knowledge.artifacts.gates import Gate, UpstreamState, check_gate
from knowledge.artifacts.hashes import content_hash, inputs_hash
from knowledge.artifacts.intake_form import check_intake
from knowledge.artifacts.models import Artifact, Note, Source
from knowledge.artifacts.registry import SPECS, ArtifactType, validate
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict, Denied, NotFound
from knowledge.ids import ArtifactId, CampaignId, ClientId, OrgId, UserId


@dataclass(frozen=True)
class Draft:
    """The next version of a document, before it is written.

    ``sources``: the upstream versions that were read for it (left out: whatever is approved now).
    ``inputs``: what else it was built from (goal, note …); unchanged sources and inputs are refused as nothing new.
    """

    org_id: OrgId
    client_id: ClientId
    type: ArtifactType
    data: dict[str, Any]
    created_by: str
    campaign_id: CampaignId | None = None
    key: str = ""
    model: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sources: Mapping[str, Source] | None = None
    notes: list[Note] = field(default_factory=list[Note])
    force: bool = False


async def get(conn: Connection, artifact_id: UUID) -> Artifact:
    artifact = await queries.get(conn, artifact_id)
    if artifact is None:
        raise NotFound("That document does not exist, or not for you.", artifact_id=str(artifact_id))
    return artifact


async def gate(conn: Connection, type: ArtifactType, client_id: UUID, campaign_id: UUID | None = None) -> Gate:
    """Whether an artifact of ``type`` may be built now, and every reason why not."""
    upstream = await read_upstream(conn, type, client_id, campaign_id)
    return check_gate(type, {name: _state(found) for name, found in upstream.items()})


async def read_upstream(
    conn: Connection, type: ArtifactType, client_id: UUID, campaign_id: UUID | None
) -> dict[ArtifactType, Artifact | None]:
    """The newest version of each required type; of a type with several documents, an approved one if there is one."""
    heads = await queries.heads(conn, client_id)
    return {name: _pick(name, heads, campaign_id) for name in SPECS[type].requires}


def _pick(name: ArtifactType, heads: list[Artifact], campaign_id: UUID | None) -> Artifact | None:
    scope = None if SPECS[name].scope == "client" else campaign_id
    found = [head for head in heads if head.type == name and head.campaign_id == scope]
    return max(found, key=lambda head: (head.status == "approved", head.created_at), default=None)


def _state(artifact: Artifact | None) -> UpstreamState | None:
    return artifact and UpstreamState(artifact.version, artifact.status, artifact.flagged_reason)


async def create_version(conn: Connection, draft: Draft) -> Artifact:
    """Write the next version of a document and flag what an approved version of it had carried.

    Raises Blocked (gate), Invalid (fields), Conflict (nothing changed, or something upstream moved meanwhile).
    """
    document = validate(draft.type, draft.data).wire()
    await queries.lock_client(conn, draft.client_id)
    sources = await _sources(conn, draft)
    last = await queries.latest(conn, draft.client_id, draft.type, draft.campaign_id, draft.key)
    built_from = {name: (source.version, str(source.id)) for name, source in sources.items()}
    hashes = {"content_hash": content_hash(document), "inputs_hash": inputs_hash(built_from, draft.inputs)}
    if last and not draft.force:
        _refuse_unchanged(last, hashes)
    revised = last is not None and await _was_ever_approved(conn, last)
    values = {name: getattr(draft, name) for name in _COPIED}
    state = {"version": last.version + 1 if last else 1, "status": "revised" if revised else "draft", "data": document}
    source_versions = {name: source.model_dump(mode="json") for name, source in sources.items()}
    notes = [note.model_dump(mode="json", exclude_none=True) for note in draft.notes]
    related = {"source_versions": source_versions, "notes": notes}
    artifact = await queries.insert(conn, {**values, **state, **hashes, **related})
    if last:
        await open_requests.repoint(conn, last, artifact)
    if revised:
        await flag_downstream(conn, artifact)
    return artifact


_COPIED = ("org_id", "client_id", "campaign_id", "type", "key", "created_by", "model")


async def _sources(conn: Connection, draft: Draft) -> dict[str, Source]:
    upstream = await read_upstream(conn, draft.type, draft.client_id, draft.campaign_id)
    checked = check_gate(draft.type, {name: _state(found) for name, found in upstream.items()})
    if not checked.allowed:
        raise Blocked(checked.sentence, reasons=list(checked.reasons))
    now = {str(name): found.source for name, found in upstream.items() if found}
    for name, read in (draft.sources or {}).items():
        if name in now and now[name].version != read.version:
            moved = f"{name} went from v{read.version} to v{now[name].version} while this was being written."
            raise Conflict(moved, upstream=name)
    return {**now, **dict(draft.sources or {})}


def _refuse_unchanged(last: Artifact, hashes: dict[str, str]) -> None:
    if last.status == "archived":
        return
    same_inputs = last.inputs_hash == hashes["inputs_hash"] and last.status != "flagged_for_review"
    if last.content_hash == hashes["content_hash"] or same_inputs:
        raise Conflict(f"Nothing changed since v{last.version}.", version=last.version, artifact_id=str(last.id))


async def _was_ever_approved(conn: Connection, last: Artifact) -> bool:
    return any(version.approved_at is not None for version in await queries.versions(conn, last))


def may_decide(role: str, type: ArtifactType) -> bool:
    return role in SPECS[type].approver_roles


async def check_decidable(conn: Connection, artifact: Artifact, role: str, shown_hash: str) -> None:
    """Refuse a decision that comes too late, for other content than was shown, or from a role that may not."""
    if not may_decide(role, artifact.type):
        roles = ", ".join(sorted(SPECS[artifact.type].approver_roles))
        raise Denied(f"Your role ({role}) may not decide on the {artifact.type}; these may: {roles}.")
    newest = await queries.latest(conn, artifact.client_id, artifact.type, artifact.campaign_id, artifact.key)
    if newest and newest.version > artifact.version:
        raise Conflict(f"v{newest.version} is newer.", newest=str(newest.id), version=newest.version)
    if shown_hash != artifact.content_hash:
        raise Conflict("The document changed after it was shown to you; look at it again, then decide.")


async def approve(
    conn: Connection, artifact_id: ArtifactId, *, user_id: UserId, role: str, shown_hash: str, note: str = ""
) -> Artifact:
    """Approve this very version; archives the older ones and flags what was built from them.

    Raises Conflict (a newer version, other content, already approved), Denied, Blocked (its gate has shut again, or
    the intake still has errors).
    """
    artifact = await get(conn, artifact_id)
    await queries.lock_client(conn, artifact.client_id)
    artifact = await get(conn, artifact_id)
    await check_decidable(conn, artifact, role, shown_hash)
    if artifact.status == "approved":
        raise Conflict(f"v{artifact.version} is already approved.", version=artifact.version)
    await _check_ready(conn, artifact)
    approved = await queries.approve(conn, artifact, user_id)
    if note:
        await queries.add_note(conn, artifact_id, _note("approved", note, user_id))
    if artifact.version > 1:
        await flag_downstream(conn, approved)
    return await get(conn, artifact_id)


async def _check_ready(conn: Connection, artifact: Artifact) -> None:
    if artifact.type == "intake":
        findings = check_intake(artifact.data)
        if findings.errors:
            reasons = [f"{finding.field}: {finding.message}" for finding in findings.errors]
            raise Blocked("The intake cannot be approved yet: " + "; ".join(reasons), reasons=reasons)
    checked = await gate(conn, artifact.type, artifact.client_id, artifact.campaign_id)
    if not checked.allowed:
        raise Blocked(checked.sentence, reasons=list(checked.reasons))


async def send_back(
    conn: Connection,
    artifact_id: ArtifactId,
    *,
    decision: str,
    user_id: UserId,
    role: str,
    shown_hash: str,
    note: str,
) -> Artifact:
    """Reject (``rejected``) or ask for changes (``changes_requested``): the version stays, the note is kept."""
    artifact = await get(conn, artifact_id)
    await queries.lock_client(conn, artifact.client_id)
    artifact = await get(conn, artifact_id)
    await check_decidable(conn, artifact, role, shown_hash)
    if artifact.status == "approved":
        raise Conflict(
            f"v{artifact.version} is already approved; change it instead: that makes v{artifact.version + 1}."
        )
    await queries.add_note(conn, artifact_id, _note(decision, note, user_id))
    return await get(conn, artifact_id)


def _note(kind: str, text: str, user_id: UserId) -> Note:
    return Note(kind=kind, text=text, by=user_id, at=datetime.now(UTC))
