"""What rendering an email shows: MJML faults, merge tags in every branch for sample people, size."""

import asyncio
from typing import Self

from pydantic import Field, model_validator

from knowledge.artifacts import queries as artifacts
from knowledge.assets import service
from knowledge.emails import render, render_mjml
from knowledge.ids import AssetId
from tools.emails.view import ProblemView, email_content, problem_views
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    """One of the two."""

    asset_id: AssetId | None = Field(default=None, description="Id of an email.")
    mjml: str | None = Field(default=None, max_length=500_000, description="A design of one's own, as MJML.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.asset_id is None) == (self.mjml is None):
            raise ValueError("give an email or MJML, one of the two")
        return self


class Output(Wire):
    """``bytes``: size of the HTML; Gmail shows 102 KB."""

    bytes: int
    problems: list[ProblemView]


async def check_email(context: ToolContext, asked: Input) -> Output:
    """Check an email, or a design in MJML: misspelled tags, bad nesting, missing texts, merge tags in every branch, size."""
    if asked.mjml is not None:
        rendered = await asyncio.to_thread(render_mjml, asked.mjml)
    else:
        async with context.tx() as conn:
            asset = await service.get(conn, asked.asset_id)  # pyright: ignore[reportArgumentType] - one of the two is there
            canon = await artifacts.latest(conn, asset.client_id, "client_canon")
        rendered = await asyncio.to_thread(render, email_content(asset), canon.data if canon else None)
    return Output(bytes=rendered.bytes, problems=problem_views(rendered.problems))


CHECK_EMAIL = Tool(
    name="check_email",
    title="Check an email",
    input=Input,
    output=Output,
    run=check_email,
    scope="assets:read",
)
