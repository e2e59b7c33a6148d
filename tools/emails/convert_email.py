"""An email for another sending service: its merge tags in that service's dialect."""

from typing import Any

from pydantic import Field

from knowledge.assets import service
from knowledge.emails.merge_tags import Dialect, Fault, convert
from knowledge.emails.rendering import dialect_of
from knowledge.errors import Invalid
from knowledge.ids import AssetId
from knowledge.json_values import as_list, as_object
from tools.assets.read_again import read_again
from tools.assets.view import AssetView, asset_view
from tools.emails.view import email_content
from tools.spec import Tool, ToolContext, Wire


class Input(Wire):
    asset_id: AssetId = Field(description="Id of the email.")
    content_hash: str = Field(max_length=128, description="contentHash of what you read.")
    dialect: Dialect = Field(description="liquid, handlebars or mailchimp.")


async def convert_email(context: ToolContext, asked: Input) -> AssetView:
    """Write an email's merge tags for another sending service, so that everybody still gets the same. Refused, tag by tag,
    when that service has no words for one."""
    async with context.tx() as conn:
        asset = await service.get(conn, asked.asset_id)
        content = _converted(email_content(asset), asked.dialect)
        edited = await service.edit(conn, asset.id, title=asset.title, content=content, shown_hash=asked.content_hash)
        return await asset_view(conn, context.caller, edited)


def _converted(content: dict[str, Any], wanted: Dialect) -> dict[str, Any]:
    given = dialect_of(content)
    if given == wanted:
        raise Invalid(f"The email is written for {wanted} already.")
    faults: dict[str, str] = {}

    def changed(name: str, text: str) -> str:
        converted, found = convert(text, given, wanted)
        if converted is None:
            faults[name] = _told(found)
        return converted or ""

    names = ("subject", "preheader", "bodyMarkdown", "postalAddress", "unsubscribeUrl")
    new = {name: changed(name, content[name]) for name in names if isinstance(content.get(name), str)}
    if content.get("plainTextOwn"):
        new["plainText"] = changed("plainText", str(content.get("plainText") or ""))
    subjects = [changed(f"subjects.{at}", str(one)) for at, one in enumerate(as_list(content.get("subjects")))]
    action = as_object(content.get("callToAction"))
    button = {name: changed(f"callToAction.{name}", str(value)) for name, value in action.items() if value}
    if faults:
        raise Invalid(fields=faults)
    changes = {
        **new,
        **({"subjects": subjects} if subjects else {}),
        **({"callToAction": {**action, **button}} if action else {}),
    }
    return {**content, **changes, "mergeDialect": wanted}


def _told(faults: list[Fault]) -> str:
    return " ".join(f"{fault.text}: {fault.message}" if fault.text else fault.message for fault in faults[:5])


CONVERT_EMAIL = Tool(
    name="convert_email",
    title="Write for another sending service",
    input=Input,
    output=AssetView,
    run=convert_email,
    scope="assets:write",
    changes=True,
    after=read_again,
)
