"""What a rule can mend for certain, mended: the next version of the piece."""

from pydantic import Field

from knowledge.assets import service
from knowledge.checks import reports
from knowledge.checks.models import Finding, Mend, Report
from knowledge.checks.piece import mended, of_asset
from knowledge.errors import Conflict, Invalid
from knowledge.ids import AssetId
from tools.assets.read_again import read_again
from tools.assets.view import AssetView, asset_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the piece.")
    content_hash: str = Field(max_length=128, description="contentHash of what you read.")
    checks: list[str] = Field(
        default=[],
        max_length=500,
        description="Ids of the findings to mend, from its preflight report (seo.slug-1); empty: all that have a certain mend.",
    )


async def apply_mend(context: ToolContext, asked: Input) -> AssetView:
    """Mend what a rule can mend for certain (a missing disclaimer, “Re:” in a subject, the spelling of the client's name).
    Makes the piece's next version, a draft; refused when it changed since you read it."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        if asset.content_hash != asked.content_hash:
            raise Conflict(f"v{asset.version} is newer than what you were shown; look at it, then decide.")
        mends = _chosen(await reports.check(conn, asset), asked.checks)
        title, content = mended(of_asset(asset), mends)
        edited = await service.edit(conn, asset.id, title=title, content=content, shown_hash=asked.content_hash)
        return await asset_view(conn, context.caller, edited)


def _chosen(report: Report, wanted: list[str]) -> list[Mend]:
    """Raises Invalid for an id that is not there or has no certain mend, and when there is nothing to mend."""
    known = reports.numbered(report)
    for name in wanted:
        finding: Finding | None = known.get(name)
        if finding is None:
            raise Invalid(fields={"checks": f"“{name}” is no finding on this version"})
        if finding.mend is None:
            raise Invalid(fields={"checks": f"“{finding.message}” has no certain mend: a person has to think"})
    chosen = [finding.mend for name, finding in known.items() if finding.mend and (not wanted or name in wanted)]
    if not chosen:
        raise Invalid("No finding on this version has a certain mend.")
    return chosen


APPLY_MEND = Tool(
    name="apply_mend",
    title="Apply certain mends",
    input=Input,
    output=AssetView,
    run=apply_mend,
    scope="assets:write",
    changes=True,
    after=read_again,
)
