"""An email as one sample person gets it."""

from pydantic import Field

from knowledge.assets import service
from knowledge.emails.personal import for_person, sample_people
from knowledge.ids import AssetId
from tools.emails.view import email_content, person_of
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the email.")
    person: int = Field(default=0, ge=0, le=20, description="Which sample person: 0 has every field, 1 none.")


class Output(Wire):
    """``people``: who the sample people are, in order."""

    subject: str
    preheader: str
    html: str
    plain_text: str
    people: list[str]


async def preview_email(context: ToolContext, asked: Input) -> Output:
    """See an email as a sample person gets it, with every merge tag filled in."""
    async with context.tx() as conn:
        content = email_content(await service.get(conn, asked.asset_id))
    copy = for_person(content, person_of(content, asked.person))
    people = [why for why, _ in sample_people(content)]
    return Output(
        subject=copy.subject, preheader=copy.preheader, html=copy.html, plain_text=copy.plain_text, people=people
    )


PREVIEW_EMAIL = Tool(
    name="preview_email",
    title="Preview an email",
    input=Input,
    output=Output,
    run=preview_email,
    scope="assets:read",
)
