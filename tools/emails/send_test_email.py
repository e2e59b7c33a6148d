"""One copy of an email to an address that a person names, to see it in a real mail program. Nothing else is ever sent."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field

from knowledge.assets import service
from knowledge.assets.models import Asset
from knowledge.emails.eml import check_address, to_message
from knowledge.emails.personal import for_person
from knowledge.errors import AdroomError, Blocked, Conflict
from knowledge.ids import AssetId
from knowledge.series import queries
from tools.emails.view import email_content, person_of
from tools.spec import Mail, Tool, ToolContext, Wire

#: tests an organisation may send within an hour: enough to try things, too few to write to a list
MOST_AN_HOUR = 20
NOT_SET = "Sending is not set up here: ADROOM_SMTP_HOST and ADROOM_SMTP_FROM name the mail server and the sender."


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the email.")
    to: str = Field(max_length=320, description="The one address it goes to.")
    person: int = Field(default=0, ge=0, le=20, description="As which sample person: 0 has every field, 1 none.")


class Output(Wire):
    to: str
    subject: str
    sentence: str


async def send_test_email(context: ToolContext, asked: Input) -> Output:
    """Send one test of an email, as a sample person gets it, to the address that is named."""
    mail, to = _mail(context), check_address(asked.to)
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        message = _message(asset, mail, to, asked.person)
        if await queries.tests_since(conn, datetime.now(UTC) - timedelta(hours=1)) >= MOST_AN_HOUR:
            raise Blocked(f"{MOST_AN_HOUR} tests were sent within the hour; more can go out later.")
        begun = await queries.begin_test(conn, _row(context, asset, to))
    if begun is None:
        raise Conflict("This test was sent already, or is on its way.")
    await _deliver(context, mail, message, begun)
    return Output(to=to, subject=str(message["Subject"]), sentence=f"A test is on its way to {to}.")


async def _deliver(context: ToolContext, mail: Mail, message: EmailMessage, test_id: UUID) -> None:
    """Outside of any transaction: a slow mail server holds no connection."""
    problem: str | None = "It was cut off on the way."
    try:
        await mail.send(message)
        problem = None
    except AdroomError as error:
        problem = error.message
        raise
    finally:
        async with context.tx() as conn:
            await queries.end_test(conn, test_id, problem)


def _mail(context: ToolContext) -> Mail:
    if context.work.mail is None:
        raise Blocked(NOT_SET)
    return context.work.mail


def _message(asset: Asset, mail: Mail, to: str, person: int) -> EmailMessage:
    content = email_content(asset)
    copy = for_person(content, person_of(content, person))
    at = datetime.now(UTC)
    message = to_message(content, copy, at=at, message_id=f"{uuid4()}@adroom.invalid", sender=mail.sender, to=to)
    message.replace_header("Subject", f"[Test] {message['Subject']}")
    return message


def _row(context: ToolContext, asset: Asset, to: str) -> dict[str, Any]:
    return {
        "org_id": context.caller.org_id,
        "asset_id": asset.id,
        "asset_version": asset.version,
        "recipient": to,
        "sent_by": context.caller.user_id,
        "idempotency_key": context.call_key,
    }


SEND_TEST_EMAIL = Tool(
    name="send_test_email",
    title="Send a test",
    input=Input,
    output=Output,
    run=send_test_email,
    scope="assets:write",
    changes=True,
    people_only=True,
    repeatable=True,  # the test is noted under the call's key
)
