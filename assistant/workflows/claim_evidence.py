"""A critic's help with the claim ledger. It names claims that no rule sees; those that stand open are put to it with what
on file comes near, and the evidence it names is looked up word for word. What does not stand there, or says another figure,
is dropped."""

from typing import Any
from uuid import UUID

from assistant.runs.protocol import StepContext
from assistant.services import services_of
from assistant.workflows.answers import Proof
from assistant.workflows.ask import ask, model_name
from assistant.workflows.claim_reading import READER, ClaimReading, claim_order, named_by
from knowledge.assets.models import Asset
from knowledge.claims import blocking, service
from knowledge.claims.evidence import find_evidence
from knowledge.claims.parts import parts_of
from knowledge.clients import service as clients
from knowledge.errors import Conflict, Invalid, NotFound
from knowledge.ids import ID, UserId
from knowledge.people.models import Caller

#: claims that are put to a critic, and passages beside each
MOST_CLAIMS, MOST_NEAR = 40, 6


async def open_claims(context: StepContext, asset: Asset) -> list[dict[str, Any]]:
    """Each claim that nothing carries yet, with passages on file that share words with it."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        claims = [claim for claim in await service.ensure_read(conn, asset) if blocking.stands_open(claim)]
        shown: list[dict[str, Any]] = []
        for claim in claims[:MOST_CLAIMS]:
            near = await find_evidence(conn, asset, claim.text, MOST_NEAR)
            passages = [{"kind": one.kind, "id": one.id, "quote": one.text} for one in near]
            shown.append({"id": str(claim.id), "kind": claim.kind, "text": claim.text, "onFile": passages})
    return shown


async def name_claims(context: StepContext, asset: Asset) -> None:
    """Have a model read this version for claims beside the rules', once; the offline writer knows no more than they do."""
    services, run = services_of(context), context.run
    if services.models.offline or run.started_by is None:
        return
    async with services.db.org(run.org_id) as conn:
        if await service.was_read(conn, asset):
            return
        client = await clients.get_client(conn, asset.client_id)
        known = [claim.text for claim in await service.ensure_read(conn, asset) if claim.kind != "general"]
    parts = parts_of(asset)
    reading = await ask(context, READER, claim_order(client.name, parts, known), ClaimReading)
    model = model_name(context, READER)
    async with services.db.org(run.org_id) as conn:
        await service.add_named(conn, asset, named_by(model, reading, parts), model)


async def offer_evidence(context: StepContext, agent: str, proofs: list[Proof]) -> int:
    """Put the critic's evidence to the claims; how many of them are carried by it."""
    run = context.run
    if run.started_by is None:
        return 0
    caller = Caller(run.org_id, UserId(run.started_by), "", run_id=run.id, agent=agent)
    carried = 0
    for proof in proofs[:MOST_CLAIMS]:
        if not ID.fullmatch(proof.claim_id):
            continue
        try:
            async with services_of(context).db.org(run.org_id) as conn:
                claim = await service.add_evidence(
                    conn, caller, UUID(proof.claim_id), kind=proof.kind, id=proof.id, quote=proof.quote
                )
        except (Conflict, Invalid, NotFound):
            continue  # it does not stand there: no evidence
        carried += claim.status == "supported"
    return carried
