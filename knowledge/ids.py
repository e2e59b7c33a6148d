"""Ids that cannot be mixed up: each is a UUID, and the type checker knows whose."""

import re
from typing import NewType
from uuid import UUID

OrgId = NewType("OrgId", UUID)
UserId = NewType("UserId", UUID)
ClientId = NewType("ClientId", UUID)
CampaignId = NewType("CampaignId", UUID)
ArtifactId = NewType("ArtifactId", UUID)
AssetId = NewType("AssetId", UUID)
CommentId = NewType("CommentId", UUID)
SessionId = NewType("SessionId", UUID)
TurnId = NewType("TurnId", UUID)
RunId = NewType("RunId", UUID)
ApprovalId = NewType("ApprovalId", UUID)

#: an id as documents write it
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
