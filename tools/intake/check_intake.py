"""Whether the intake could be approved."""

from pydantic import Field

from knowledge.ids import ClientId
from tools.clients.chosen import client_meant
from tools.intake.view import Findings, Missing, SectionView, get_view
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    client_id: ClientId | None = Field(default=None, description="The client; null: the chosen one.")


class Output(Wire):
    ready: bool
    status: str
    version: int
    findings: Findings
    progress: list[SectionView]
    missing: list[Missing]


async def check_intake(context: ToolContext, asked: Input) -> Output:
    """Check the intake without reading it all: errors block its approval, warnings do not."""
    async with context.tx() as conn:
        client_id = await client_meant(conn, context.caller, asked.client_id)
        view = await get_view(conn, context.caller, client_id)
    return Output(
        ready=not view.findings.errors,
        status=view.status,
        version=view.version,
        findings=view.findings,
        progress=view.progress,
        missing=view.missing,
    )


CHECK_INTAKE = Tool(
    name="check_intake",
    title="Check the intake",
    input=Input,
    output=Output,
    run=check_intake,
    scope="intake:read",
)
