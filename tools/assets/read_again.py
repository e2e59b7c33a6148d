"""After new words: the claims that only a model sees are read again. The rules' own were read with the version."""

from tools.assets.view import AssetView
from tools.spec import ToolContext


async def read_again(context: ToolContext, edited: AssetView) -> None:
    await context.work.critics.read_claims(context.caller, edited.id)
