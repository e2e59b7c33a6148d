"""What experiments are planned within, and the experiments themselves."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from knowledge.db import Row
from knowledge.ids import CampaignId, ClientId, OrgId

#: more at once than anybody could read results of
MOST_AT_ONCE = 20


class Constraints(BaseModel):
    """What the team, the money and the traffic allow. Everything may be left open; a rate is between 0 and 1.

    ``minimum_detectable_effect`` is relative: 0.1 is +10 %. ``users_per_day`` reach the test, all variants together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    max_concurrent_experiments: int | None = Field(default=None, ge=1, le=MOST_AT_ONCE)
    budget: Decimal | None = Field(default=None, ge=0, lt=Decimal(10) ** 12, decimal_places=2)
    channels: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default=[], max_length=50)
    team_capacity: str = Field(default="", max_length=2_000)
    baseline_rate: float | None = Field(default=None, gt=0, lt=1)
    minimum_detectable_effect: float | None = Field(default=None, gt=0, le=10)
    users_per_day: int | None = Field(default=None, ge=1, le=10**9)


class KeptConstraints(Row):
    """A campaign's row; rates and traffic belong to a design and are not kept beside it."""

    max_concurrent_experiments: int | None
    budget: Decimal | None
    channels: list[str]
    team_capacity: str | None


class Experiment(Row):
    """``experiment_spec_id`` is the approved version it was set up from."""

    id: UUID
    org_id: OrgId
    client_id: ClientId
    campaign_id: CampaignId
    name: str
    experiment_spec_id: UUID | None
    status: str
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
