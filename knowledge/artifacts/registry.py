"""The one list of artifact types: what each is called, holds, needs before it, and who may approve it.

``SPECS`` is in the order in which a client's work goes; a type only ever requires types before it, so there
is no ring.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from pydantic import ValidationError

from knowledge.artifacts.plain_errors import field_errors, unstorable
from knowledge.artifacts.schemas.asset_brief import AssetBrief
from knowledge.artifacts.schemas.base import Document
from knowledge.artifacts.schemas.client_canon import ClientCanon
from knowledge.artifacts.schemas.creatives import Creatives
from knowledge.artifacts.schemas.delivery import Delivery
from knowledge.artifacts.schemas.execution import Execution
from knowledge.artifacts.schemas.experiment_report import ExperimentReport
from knowledge.artifacts.schemas.experiment_spec import ExperimentSpec
from knowledge.artifacts.schemas.intake import Intake
from knowledge.artifacts.schemas.metric_schema import MetricSchema
from knowledge.artifacts.schemas.monitoring import Monitoring
from knowledge.artifacts.schemas.plan import Plan
from knowledge.artifacts.schemas.playbook import Playbook
from knowledge.artifacts.schemas.qa_report import QaReport
from knowledge.artifacts.schemas.strategy_sheet import StrategySheet
from knowledge.errors import Invalid

ArtifactType = Literal[
    "intake",
    "client_canon",
    "metric_schema",
    "strategy_sheet",
    "experiment_spec",
    "asset_brief",
    "creatives",
    "execution",
    "monitoring",
    "delivery",
    "qa_report",
    "experiment_report",
    "playbook",
    "plan",
]
Scope = Literal["client", "campaign", "asset", "experiment", "run"]
DocumentClass = type[Document]

#: these two may approve everything (spec: domain, roles)
_ALWAYS = frozenset({"admin", "partner"})
_PLANNING = _ALWAYS | {"ops", "strategy"}
_CREATION = _ALWAYS | {"creative", "legal"}


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """One type of artifact.

    ``many``: several of the type may exist side by side in its scope, told apart by their key.
    ``requires``: types that must be approved first. ``next_step``: what the button says once it is
    approved.
    """

    type: ArtifactType
    title: str
    scope: Scope
    many: bool
    requires: tuple[ArtifactType, ...]
    schema: DocumentClass
    approver_roles: frozenset[str]
    next_step: str


_ALL: tuple[TypeSpec, ...] = (
    TypeSpec("intake", "Intake", "client", False, (), Intake, _PLANNING, "Onboard now"),
    TypeSpec(
        "client_canon",
        "Client canon",
        "client",
        False,
        ("intake",),
        ClientCanon,
        _PLANNING,
        "Set up measurement",
    ),
    TypeSpec(
        "metric_schema",
        "Metric schema",
        "client",
        False,
        ("client_canon",),
        MetricSchema,
        _ALWAYS | {"data", "performance", "strategy"},
        "Plan a campaign",
    ),
    TypeSpec(
        "strategy_sheet",
        "Strategy sheet",
        "campaign",
        False,
        ("intake", "client_canon", "metric_schema"),
        StrategySheet,
        _ALWAYS | {"strategy", "creative"},
        "Write the first piece",
    ),
    TypeSpec(
        "experiment_spec",
        "Experiment spec",
        "campaign",
        True,
        ("strategy_sheet",),
        ExperimentSpec,
        _ALWAYS | {"experiment", "performance", "strategy"},
        "Brief the variants",
    ),
    TypeSpec(
        "asset_brief",
        "Asset brief",
        "campaign",
        True,
        ("strategy_sheet", "experiment_spec"),
        AssetBrief,
        _CREATION,
        "Make the variants",
    ),
    TypeSpec(
        "creatives",
        "Creatives",
        "campaign",
        False,
        ("strategy_sheet",),
        Creatives,
        _CREATION,
        "Plan the calendar",
    ),
    TypeSpec(
        "execution",
        "Execution plan",
        "campaign",
        False,
        ("strategy_sheet", "creatives"),
        Execution,
        _PLANNING,
        "Set up monitoring",
    ),
    TypeSpec(
        "monitoring",
        "Monitoring",
        "campaign",
        False,
        ("execution",),
        Monitoring,
        _PLANNING,
        "Review the week",
    ),
    TypeSpec(
        "delivery",
        "Delivery",
        "campaign",
        False,
        ("intake", "strategy_sheet", "creatives", "execution"),
        Delivery,
        _PLANNING,
        "Send to the client",
    ),
    TypeSpec("qa_report", "QA report", "asset", True, (), QaReport, _CREATION, "Mend the findings"),
    TypeSpec(
        "experiment_report",
        "Experiment report",
        "experiment",
        True,
        ("experiment_spec",),
        ExperimentReport,
        _ALWAYS | {"experiment", "strategy"},
        "Add to the playbook",
    ),
    # one per client and, beside it, one per vertical
    TypeSpec(
        "playbook",
        "Playbook",
        "client",
        True,
        ("experiment_report",),
        Playbook,
        _ALWAYS | {"experiment", "strategy"},
        "Plan the next campaign",
    ),
    # of any piece of work, with or without a campaign; whoever works with the client may accept it
    TypeSpec(
        "plan",
        "Plan",
        "run",
        True,
        (),
        Plan,
        _PLANNING | _CREATION | {"performance", "experiment", "data"},
        "Carry it out",
    ),
)

SPECS: dict[ArtifactType, TypeSpec] = {spec.type: spec for spec in _ALL}
TYPES: tuple[ArtifactType, ...] = get_args(ArtifactType)
#: what is said of a client and of its campaigns, not of a piece
CLIENT_DOCUMENTS: tuple[ArtifactType, ...] = tuple(spec.type for spec in _ALL if spec.scope != "asset")


def validate(artifact_type: ArtifactType, data: object) -> Document:
    """Return the document of this type that ``data`` (camelCase or snake_case keys) holds.

    Raises Invalid with, per field path, what is wrong in plain words: "offers.0.primary: is required".
    """
    spec = SPECS[artifact_type]
    if not isinstance(data, dict):
        raise Invalid(f"This is not a {spec.title.lower()}: it must be a group of fields.")
    wrong = unstorable(data)  # pyright: ignore[reportUnknownArgumentType]
    if wrong:
        raise Invalid(fields=wrong)
    try:
        return spec.schema.model_validate(data)
    except ValidationError as error:
        raise Invalid(fields=field_errors(error)) from error


def empty(artifact_type: ArtifactType) -> dict[str, Any]:
    """Return the stored form of a document nothing has been said in; only the intake may be empty."""
    return validate(artifact_type, {}).wire()


def downstream(artifact_type: ArtifactType) -> tuple[ArtifactType, ...]:
    """Return every type that is built from this one, directly or not, in working order."""
    reached: set[ArtifactType] = {artifact_type}
    for spec in _ALL:
        if reached & set(spec.requires):
            reached.add(spec.type)
    return tuple(spec.type for spec in _ALL if spec.type in reached and spec.type != artifact_type)


def in_titles(text: str) -> str:
    """``text`` with documents called as people call them: "client_canon is missing" becomes "client canon is missing"."""
    return _NAMES.sub(lambda found: SPECS[cast("ArtifactType", found[0])].title.lower(), text)


_NAMES = re.compile(rf"(?<![\w/])(?:{'|'.join(name for name in SPECS if '_' in name)})(?![\w/])")
