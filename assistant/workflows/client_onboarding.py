"""Client onboarding: from an approved intake to an approved canon and metric schema."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.documents import DocumentOrder, write_until_settled
from knowledge.artifacts import store
from knowledge.artifacts.queries import latest
from knowledge.clients import queries as clients
from knowledge.errors import Blocked
from knowledge.ids import OrgId
from knowledge.json_values import as_list, as_object


class OnboardingInput(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    client_id: UUID


class OnboardingOutput(BaseModel):
    """The approved documents; ``rejected`` names the one that was turned down, if any."""

    canon_id: UUID | None = None
    metric_schema_id: UUID | None = None
    rejected: str | None = None


CANON = (
    "Write the client canon: brand, offers, ideal customers, voice of customer, constraints, content patterns. Only what "
    "the intake and the customers' own words support. Where `note` or `open_comments` are given, `previous` is the "
    "version they are about: keep what was not objected to."
)
METRICS = (
    "Write the metric schema: data sources, events, funnel, metrics, KPIs, guardrails, attribution. Only what the intake "
    "and the canon support; what cannot be measured yet goes into `gaps` with what would fix it."
)


async def client_onboarding(run: Run, given: OnboardingInput) -> OnboardingOutput:
    await run.step("read intake", read_intake, given)
    canon = await write_until_settled(run, _order(given, "client_canon", "build_canon", CANON), "client_canon")
    if not canon.approved:
        return OnboardingOutput(rejected="client_canon")
    metrics = await write_until_settled(
        run, _order(given, "metric_schema", "build_metric_schema", METRICS), "metric_schema"
    )
    if not metrics.approved:
        return OnboardingOutput(canon_id=canon.artifact_id, rejected="metric_schema")
    await run.step("update the client", update_client, given)
    return OnboardingOutput(canon_id=canon.artifact_id, metric_schema_id=metrics.artifact_id)


def _order(given: OnboardingInput, type: str, task: str, words: str) -> DocumentOrder:
    return DocumentOrder.model_validate(
        {"type": type, "task": task, "words": words, "agent": "planner", "client_id": given.client_id}
    )


async def read_intake(context: StepContext, given: OnboardingInput) -> int:
    """The version of the approved intake; raises Blocked with every reason when there is none."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        gate = await store.gate(conn, "client_canon", given.client_id)
        if not gate.allowed:
            raise Blocked(gate.sentence, reasons=list(gate.reasons))
        intake = await latest(conn, given.client_id, "intake")
    assert intake is not None  # noqa: S101 - the gate is open only with an approved one
    return intake.version


async def update_client(context: StepContext, given: OnboardingInput) -> None:
    """Keep beside the client what lists and filters need of the approved documents."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        intake = await latest(conn, given.client_id, "intake")
        canon = await latest(conn, given.client_id, "client_canon")
        answers = intake.data if intake else {}
        identity, voice = as_object(answers.get("identity")), as_object(answers.get("voice"))
        facts: dict[str, Any] = {
            "id": given.client_id,
            "industry": identity.get("industry"),
            "website": identity.get("website"),
            "timezone": identity.get("timezone"),
            "markets": [identity["geography"]] if identity.get("geography") else [],
            "languages": voice.get("languages") or ["English"],
        }
        await clients.denormalise(conn, facts)
        offers = [_offer(offer) for offer in as_list((canon.data if canon else {}).get("offers"))]
        await clients.replace_offers(conn, OrgId(context.run.org_id), given.client_id, offers)


def _offer(offer: dict[str, object]) -> dict[str, object]:
    return {
        "name": offer["primary"],
        "description": offer.get("positioning"),
        "bullets": offer.get("keyBenefits") or [],
    }


WORKFLOW = Workflow(
    kind="client_onboarding",
    title="Client onboarding",
    input_model=OnboardingInput,
    output_model=OnboardingOutput,
    body=client_onboarding,
    steps=(
        "read intake",
        "build client_canon",
        "client_canon",
        "build metric_schema",
        "metric_schema",
        "update the client",
    ),
)
