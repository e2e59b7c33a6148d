"""Writing a document and having it approved: the part that onboarding and planning share.

A document is built from what is approved at that moment, shown, and sent round again with the reviewer's note until
somebody approves or rejects it.
"""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Subject
from assistant.services import services_of
from assistant.workflows.answers import DocumentAnswer, document_answer
from assistant.workflows.ask import ask, journal_id, model_name
from assistant.workflows.sources import Material, read_material
from knowledge.artifacts import queries as artifacts
from knowledge.artifacts import store
from knowledge.artifacts.hashes import inputs_hash
from knowledge.artifacts.models import Artifact, Note, Source
from knowledge.artifacts.registry import SPECS, ArtifactType
from knowledge.comments import queries as comments
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict
from knowledge.journal import queries as journal

MOST_REWRITES = 3
CHANGED_TOO_OFTEN = "What this is built from keeps changing; start it again when it has settled."


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DocumentOrder(_Kept):
    """Which document to write, for whom, from what goal.

    ``key``: which of several; ``more``: what the writer is told beside the sources; ``upstream``: of a type with
    several documents, the one it is built from.
    """

    type: ArtifactType
    task: str
    words: str
    agent: str
    client_id: UUID
    campaign_id: UUID | None = None
    goal: str = ""
    key: str = ""
    more: dict[str, Any] = {}
    upstream: dict[str, Source] = {}


class Written(_Kept):
    """The version that was written, or that is there already because nothing changed."""

    artifact_id: UUID
    type: str
    version: int
    content_hash: str
    approved: bool


class Settled(_Kept):
    """What became of a document: approved, or rejected and left as it was."""

    artifact_id: UUID
    version: int
    approved: bool


async def write_until_settled(run: Run, order: DocumentOrder, gate: str) -> Settled:
    """Build, ask, and build again with the note, until a person approves or rejects."""
    title = SPECS[order.type].title
    while True:
        written = await run.step(f"build {order.type}", write_document, order)
        if written.approved:
            return Settled(artifact_id=written.artifact_id, version=written.version, approved=True)
        subject = Subject(
            type="artifact",
            id=written.artifact_id,
            version=written.version,
            hash=written.content_hash,
            sentence=f"{title} v{written.version} is ready for your approval.",
        )
        decision = await run.approval(gate, subject)
        if decision.decision != "changes_requested":
            return Settled(
                artifact_id=decision.subject_id, version=decision.subject_version, approved=decision.approved
            )


async def write_document(context: StepContext, order: DocumentOrder) -> Written:
    """One version: read what is approved, have it written, store it. The gate is checked before and after.

    When something upstream moves while it is being written, it is written again from what is there now. A step
    repeated after a crash gives back the version that it had stored.
    """
    kept = await _stored_before(context)
    if kept is not None:
        return kept
    for _ in range(MOST_REWRITES):
        try:
            return await _write_once(context, order)
        except Conflict as moved:
            if "upstream" not in moved.facts:
                raise
    raise Conflict(CHANGED_TOO_OFTEN)


async def _write_once(context: StepContext, order: DocumentOrder) -> Written:
    db, run = services_of(context).db, context.run
    async with db.org(run.org_id) as conn:
        gate = await store.gate(conn, order.type, order.client_id, order.campaign_id)
        if not gate.allowed:
            raise Blocked(gate.sentence, reasons=list(gate.reasons))
        material = await read_material(
            conn, client_id=order.client_id, campaign_id=order.campaign_id, type=order.type, goal=order.goal,
            key=order.key,
        )  # fmt: skip
        unchanged = await _unchanged(conn, order, material)
    if unchanged is not None:
        return written_of(unchanged)
    await context.emit("agent_started", agent=order.agent, doing=f"writing the {SPECS[order.type].title.lower()}")
    work = Order(order.task, order.words, {**material.sources.model_dump(mode="json"), **order.more})
    answer = await ask(context, order.agent, work, document_answer(order.type))
    async with db.org(run.org_id) as conn:
        artifact = await _store(conn, context, order, material, answer)
        written = written_of(artifact)
        await journal.record(conn, run.org_id, journal_id(context), "tool", _STORED, 0, written.model_dump(mode="json"))
    await context.emit("document", agent=order.agent, artifactId=str(artifact.id), version=artifact.version)
    await context.emit("agent_completed", agent=order.agent)
    return written


#: the key under which a step's journal keeps which version it stored
_STORED = "stored document"


async def _stored_before(context: StepContext) -> Written | None:
    async with services_of(context).db.org(context.run.org_id) as conn:
        kept = await journal.load(conn, context.run.org_id, journal_id(context))
    return next((Written.model_validate(entry.result) for entry in kept if entry.key == _STORED), None)


async def _unchanged(conn: Connection, order: DocumentOrder, material: Material) -> Artifact | None:
    """The last version when it goes back to exactly this: nobody needs to be paid to write it again.

    It need not be the one that was written from this: what people edited since, and what a note changed, is kept.
    """
    last = material.previous
    if last is None or last.status in ("flagged_for_review", "archived"):
        return None
    read = {name: (source.version, str(source.id)) for name, source in _sources(order, material).items()}
    now = inputs_hash(read, _inputs(order, material))
    asked = bool(material.sources.note or material.comments)  # something is to be different
    for version in [last] if asked else await artifacts.versions(conn, last):
        if version.inputs_hash == now:
            return last
        if version.source_versions != last.source_versions:
            return None
    return None


def _sources(order: DocumentOrder, material: Material) -> dict[str, Source]:
    required = SPECS[order.type].requires
    return {**{name: source for name, source in material.built_from.items() if name in required}, **order.upstream}


def written_of(artifact: Artifact) -> Written:
    return Written(
        artifact_id=artifact.id,
        type=artifact.type,
        version=artifact.version,
        content_hash=artifact.content_hash,
        approved=artifact.status == "approved",
    )


async def _store(
    conn: Connection, context: StepContext, order: DocumentOrder, material: Material, answer: DocumentAnswer
) -> Artifact:
    """The new version with the writer's account; the last one when the same words came out of the same sources."""
    draft = store.Draft(
        org_id=context.run.org_id,
        client_id=context.run.client_id or _no_client(),
        campaign_id=None if SPECS[order.type].scope == "client" else context.run.campaign_id,
        type=order.type,
        key=order.key,
        data=answer.document.wire(),
        created_by=f"agent:{order.agent}",
        model=model_name(context, order.agent),
        inputs=_inputs(order, material),
        sources=_sources(order, material),
        notes=_account(answer),
        # who asked for changes is owed a version that says what became of them, even if not a word moved
        force=bool(material.sources.note or material.comments),
    )
    try:
        artifact = await store.create_version(conn, draft)
    except Conflict as same:
        if "artifact_id" not in same.facts:
            raise
        return await store.get(conn, UUID(str(same.facts["artifact_id"])))
    for comment in material.comments:
        if comment.body in answer.answered:
            await comments.resolve(conn, comment.id)
    return artifact


def _inputs(order: DocumentOrder, material: Material) -> dict[str, Any]:
    """What, beside the upstream documents, decides what comes out."""
    sources = material.sources
    return {
        "goal": order.goal,
        "note": sources.note,
        "comments": sources.open_comments,
        "voc": [quote.id for quote in sources.voc],
        "swipes": [swipe.id for swipe in sources.swipes],
        **({"more": order.more} if order.more else {}),
    }


def _account(answer: DocumentAnswer) -> list[Note]:
    kinds = (("answered", answer.answered), ("unanswered", answer.unanswered), ("note", answer.notes))
    return [Note(kind=kind, text=text) for kind, texts in kinds for text in texts]


def _no_client() -> Any:
    raise AssertionError("a document's run belongs to a client")
