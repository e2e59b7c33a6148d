"""A line edit with the stronger model, kept beside the piece in hunks that a person takes one by one."""

from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.ask import ask_for_text
from assistant.workflows.edits import EditInput, ProposalOutput, Reading, keep, like, offered, read_piece
from assistant.workflows.pages import AT_ONCE
from knowledge.artifacts.queries import latest
from knowledge.json_values import as_object
from knowledge.proposals.models import Account

AGENT = "polisher"
WORDS = (
    "Edit the lines of `text`, part {number} of {total} of “{title}”, and hand back the whole part as Markdown with the same "
    "headings. Better sentences, the same facts: figures, names, links, quotations and `[voc:…]` marks stay as they are. "
    "`tone` is how the client speaks; `note` is what the person asks for."
)


async def polish(run: Run, given: EditInput) -> ProposalOutput:
    reading = await run.step("read the piece", read_piece, given)
    works = {f"part {at + 1}": (given, reading, at) for at in range(len(reading.chunks))}
    edited = await run.side_by_side(polish_part, works, width=AT_ONCE, counted="parts")
    made = await run.step("compare", propose, reading, edited)
    await run.emit("proposal", assetId=str(made.asset_id), proposalId=str(made.proposal_id or ""), changes=made.changes)
    return made


async def polish_part(context: StepContext, given: EditInput, reading: Reading, index: int) -> str:
    chunk = reading.chunks[index]
    if not chunk.strip():
        return chunk
    await context.emit("agent_started", agent=AGENT, doing=f"editing the lines of “{reading.title}”")
    async with services_of(context).db.org(context.run.org_id) as conn:
        canon = await latest(conn, given.client_id, "client_canon")
    brand = as_object(as_object(canon.data if canon else None).get("brand"))
    words = WORDS.format(number=index + 1, total=len(reading.chunks), title=reading.title)
    tone = as_object(brand.get("toneOfVoice"))
    shown = {"text": chunk, "language": reading.language, "tone": tone, "note": given.note}
    text = await ask_for_text(context, AGENT, Order("polish_text", words, shown), message=f"part {index + 1}")
    return like(chunk, text)


async def propose(context: StepContext, reading: Reading, edited: list[str]) -> ProposalOutput:
    await context.emit("agent_completed", agent=AGENT)
    found, left_out = offered(reading.part, "".join(reading.chunks), "".join(edited))
    return await keep(context, "polish", AGENT, reading, found, Account(left_out=left_out))


WORKFLOW = Workflow(
    kind="polish",
    title="Polish",
    input_model=EditInput,
    output_model=ProposalOutput,
    body=polish,
    steps=("read the piece", "parts", "compare"),
)
