"""What an import is made of: a file that was brought before, or text."""

from uuid import UUID

from pydantic import Field

from knowledge.errors import Invalid
from knowledge.files import uploads
from knowledge.ids import ClientId
from knowledge.imports.models import ImportKind
from tools.imports.opening import open_text, open_upload
from tools.imports.view import ImportView
from tools.spec import ToolContext, Wire

#: letters of pasted text
LONGEST_TEXT = 500_000


class Brought(Wire):
    upload_id: UUID | None = Field(default=None, description="A file brought before (POST /api/uploads, or dropped).")
    text: str | None = Field(default=None, max_length=LONGEST_TEXT, description="Or the file's content as text.")
    filename: str = Field(default="pasted.txt", max_length=200, description="What pasted text is called.")
    format: str | None = Field(default=None, max_length=40, description="How to read it; null: found out from it.")


async def bring(
    context: ToolContext, asked: Brought, kind: ImportKind | None, client_id: ClientId | None
) -> ImportView:
    """Raises Invalid when neither or both are given, NotFound."""
    if (asked.upload_id is None) == (asked.text is None):
        raise Invalid(fields={"uploadId": "give a file that was brought, or text"})
    if asked.text is not None:
        return await open_text(context, asked.text, asked.filename, kind=kind, format=asked.format, client_id=client_id)
    assert asked.upload_id is not None  # noqa: S101 - checked above
    async with context.tx() as conn:
        upload = await uploads.get(conn, asked.upload_id)
    return await open_upload(context, upload, kind=kind, format=asked.format, client_id=client_id)
