"""Ads from a file into the swipe library."""

from tools.imports.asked import Brought, bring
from tools.imports.view import ImportView
from tools.spec import Tool, ToolContext


async def import_swipes(context: ToolContext, asked: Brought) -> ImportView:
    """Open a file of ads (ad library JSON, Meta CSV, Foreplay JSON) for import. Shows a preview; a person starts it."""
    return await bring(context, asked, "swipes", None)


IMPORT_SWIPES = Tool(
    name="import_swipes",
    title="Import ads",
    input=Brought,
    output=ImportView,
    run=import_swipes,
    scope="imports:write",
    changes=True,
)
