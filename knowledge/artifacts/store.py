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

from knowledge.approvals import queries as approvals
from knowledge.artifacts import queries
from knowledge.artifacts.cascade import flag_downstream
from knowledge.artifacts.gates import WRITING_REQUIRES, Gate, UpstreamState, check_writing
from knowledge.artifacts.hashes import content_hash, inputs_hash
from knowledge.artifacts.intake_form import check_intake
from knowledge.artifacts.models import Artifact, Lineage, Note, Source
from knowledge.artifacts.registry import SPECS, ArtifactType, validate
from knowledge.artifacts.upstream import check_upstream, upstream_of
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict, Denied, Invalid, NotFound
from knowledge.ids import ArtifactId, CampaignId, ClientId, OrgId, UserId
from knowledge.people.queries import get_user
from knowledge.plain_text import storable, storable_json


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
    lineage = await queries.lineage(conn, client_id)
    return check_upstream(type, upstream_of(lineage, type, campaign_id))


async def writing_gate(conn: Connection, client_id: UUID) -> Gate:
    """Whether a piece may be written for the client now, and every reason why not."""
    found: dict[ArtifactType, UpstreamState | None] = {}
    for type in WRITING_REQUIRES:
        row = await queries.latest(conn, client_id, type)
        found[type] = row and UpstreamState(row.version, row.status, row.flagged_reason)
    return check_writing(found)


async def create_version(conn: Connection, draft: Draft) -> Artifact:
    """Write the next version of a document and flag what was built from an approved version of it.

    Its status is ``draft``, or ``revised`` once any version has been approved. Raises NotFound (client, campaign),
    Invalid (fields), Blocked (gate), Conflict (nothing changed: ``facts["artifact_id"]``, or something it was built
    from moved meanwhile: ``facts["upstream"]``).
    """
    document = validate(draft.type, draft.data).wire()
    await queries.lock_client(conn, draft.client_id)
    await _check_place(conn, draft)
    lineage = await queries.lineage(conn, draft.client_id)
    sources = _sources(lineage, draft)
    last = await queries.latest(conn, draft.client_id, draft.type, draft.campaign_id, draft.key)
    built_from = {name: (source.version, str(source.id)) for name, source in sources.items()}
    hashes = {"content_hash": content_hash(document), "inputs_hash": inputs_hash(built_from, draft.inputs)}
    if last and not draft.force:
        _refuse_unchanged(last, hashes, sources)
    revised = last is not None and any(v.approved_at for v in lineage if v.document == last.document)
    values = {name: getattr(draft, name) for name in _COPIED}
    state = {"version": last.version + 1 if last else 1, "status": "revised" if revised else "draft", "data": document}
    source_versions = {name: source.model_dump(mode="json") for name, source in sources.items()}
    notes = [note.model_dump(mode="json", exclude_none=True) for note in draft.notes]
    related = {"source_versions": source_versions, "notes": storable_json(notes)}
    artifact = await queries.insert(conn, {**values, **state, **hashes, **related})
    if last:
        await approvals.repoint(conn, "artifact", last.id, artifact.id, artifact.version, artifact.content_hash)
    if revised:
        await flag_downstream(conn, artifact)
    return artifact


_COPIED = ("org_id", "client_id", "campaign_id", "type", "key", "created_by", "model")


async def _check_place(conn: Connection, draft: Draft) -> None:
    """Refuse a client or campaign that is not there, and a document in the wrong place."""
    spec = SPECS[draft.type]
    if spec.scope in ("campaign", "experiment") and draft.campaign_id is None:
        raise Invalid(fields={"campaignId": f"choose a campaign first: a {spec.title.lower()} belongs to one"})
    if spec.scope == "client" and draft.campaign_id is not None:
        raise Invalid(fields={"campaignId": f"a {spec.title.lower()} belongs to the client as a whole"})
    if draft.key and not spec.many:
        raise Invalid(fields={"key": f"there is only one {spec.title.lower()}"})
    there, owner = await queries.find_place(conn, draft.client_id, draft.campaign_id)
    if not there:
        raise NotFound("That client does not exist, or not for you.")
    if draft.campaign_id is not None and owner != draft.client_id:
        raise NotFound("That campaign does not exist, or not for this client.")


def _sources(lineage: list[Lineage], draft: Draft) -> dict[str, Source]:
    """What the version is recorded as built from; the gate must be open, and nothing may have moved since the reading."""
    read = draft.sources or {}
    upstream = upstream_of(lineage, draft.type, draft.campaign_id, read)
    for name, found in upstream.items():
        if found and name in read and read[name].id != found.id:
            moved = f"{name} went from v{read[name].version} to v{found.version} while this was being written."
            raise Conflict(moved, upstream=name)
    checked = check_upstream(draft.type, upstream)
    if not checked.allowed:
        raise Blocked(checked.sentence, reasons=list(checked.reasons))
    return {**read, **{str(name): found.source for name, found in upstream.items() if found}}


def _refuse_unchanged(last: Artifact, hashes: dict[str, str], sources: dict[str, Source]) -> None:
    """The same inputs, or the same words from the same sources, make no new version.

    A flagged document may be rebuilt from the same inputs: something further up has moved.
    """
    if last.status == "archived":
        return
    same_inputs = last.inputs_hash == hashes["inputs_hash"] and last.status != "flagged_for_review"
    same_words = last.content_hash == hashes["content_hash"] and last.source_versions == sources
    if same_words or same_inputs:
        raise Conflict(f"Nothing changed since v{last.version}.", version=last.version, artifact_id=str(last.id))


def may_decide(role: str, type: ArtifactType) -> bool:
    return role in SPECS[type].approver_roles


async def check_decidable(conn: Connection, artifact: Artifact, role: str, shown_hash: str) -> None:
    """Refuse a decision that comes too late, for other content than was shown, or from a role that may not."""
    title = SPECS[artifact.type].title.lower()
    if not may_decide(role, artifact.type):
        roles = ", ".join(sorted(SPECS[artifact.type].approver_roles))
        raise Denied(f"Your role ({role}) may not decide on the {title}; these may: {roles}.")
    newest = await queries.latest(conn, artifact.client_id, artifact.type, artifact.campaign_id, artifact.key)
    if newest and newest.version > artifact.version:
        raise Conflict(f"v{newest.version} is newer.", newest=str(newest.id), version=newest.version)
    if artifact.status == "archived":
        raise Conflict(f"v{artifact.version} is archived: it was replaced for good.")
    if shown_hash != artifact.content_hash:
        raise Conflict("The document changed after it was shown to you; look at it again, then decide.")
    if artifact.status == "approved":
        who = await get_user(conn, artifact.approved_by) if artifact.approved_by else None
        name = who.display_name if who else "Somebody"
        raise Conflict(
            f"{name} has already approved v{artifact.version}; to change it, edit it: that makes v"
            f"{artifact.version + 1}.",
            decision="approved",
            version=artifact.version,
        )


async def approve(
    conn: Connection, artifact_id: ArtifactId, *, user_id: UserId, role: str, shown_hash: str, note: str = ""
) -> Artifact:
    """Approve this very version; archives the older ones and flags what was built from them.

    Approving a flagged version that was approved before ("as it is") moves nothing, so it flags nothing. Raises
    Conflict (a newer version, other content, already approved), Denied, Blocked (its gate has shut again, or the
    intake still has errors).
    """
    artifact = await _lock(conn, artifact_id)
    await check_decidable(conn, artifact, role, shown_hash)
    await _check_ready(conn, artifact)
    approved = await queries.approve(conn, artifact, user_id)
    if note:
        await queries.add_note(conn, artifact_id, _note("approved", note, user_id))
    if artifact.approved_at is None:
        await flag_downstream(conn, approved)
    return await get(conn, artifact_id)


async def _check_ready(conn: Connection, artifact: Artifact) -> None:
    if artifact.type == "intake":
        findings = check_intake(artifact.data)
        if findings.errors:
            reasons = [f"{finding.field}: {finding.message}" for finding in findings.errors]
            raise Blocked("The intake cannot be approved yet: " + "; ".join(reasons), reasons=reasons)
    lineage = await queries.lineage(conn, artifact.client_id)
    checked = check_upstream(
        artifact.type, upstream_of(lineage, artifact.type, artifact.campaign_id, artifact.source_versions)
    )
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
    artifact = await _lock(conn, artifact_id)
    await check_decidable(conn, artifact, role, shown_hash)
    await queries.add_note(conn, artifact_id, _note(decision, note, user_id))
    return await get(conn, artifact_id)


async def lock_newest(conn: Connection, artifact_id: UUID) -> Artifact:
    """The newest version of the document that ``artifact_id`` is a version of, held until the transaction ends."""
    one = await get(conn, artifact_id)
    await queries.lock_client(conn, one.client_id)
    newest = await queries.latest(conn, one.client_id, one.type, one.campaign_id, one.key)
    assert newest is not None  # noqa: S101 - versions are never deleted
    return newest


async def _lock(conn: Connection, artifact_id: ArtifactId) -> Artifact:
    """The version as it is once nobody else can write this client's documents."""
    artifact = await get(conn, artifact_id)
    await queries.lock_client(conn, artifact.client_id)
    return await get(conn, artifact_id)


def _note(kind: str, text: str, user_id: UserId) -> Note:
    return Note(kind=kind, text=storable(text), by=user_id, at=datetime.now(UTC))
