"""Raises a piece's content score step by step, and keeps what it changed beside the piece, in hunks to take.

What always holds: a round that does not raise the score is thrown away; no figure, quotation or claim is added, dropped or
changed for it, none comes in that nothing on file carries, and a link only to the client's own pages. Truth is not traded
for score.
"""

from typing import Any

from pydantic import BaseModel

from assistant.models.order import Order
from assistant.runs.protocol import Run, StepContext, Workflow
from assistant.services import services_of
from assistant.workflows.answers import Edit, Edits
from assistant.workflows.ask import ask
from assistant.workflows.edits import EditInput, ProposalOutput, Reading, keep, read_piece
from assistant.workflows.scoring import Candidate, Ground, candidate, ground_of
from knowledge.assets import service as assets
from knowledge.assets.models import Asset
from knowledge.db import Connection
from knowledge.errors import Blocked, Conflict
from knowledge.proposals.hunks import Hunk, hunks
from knowledge.proposals.models import Account, GroupChange, LeftOut
from knowledge.proposals.truth import objections
from knowledge.publishing.links import same_address
from knowledge.research import service as research

AGENT = "seo_writer"
ROUNDS = 3
#: findings and own pages shown to the writer
MOST_SHOWN, MOST_PAGES = 40, 8
WORDS = (
    "Raise the content score of the text in `parts`, now {score} of 100: mend what `findings` name, in `edits` that each "
    "replace words exactly as they stand in a part. The reader comes first: nothing longer, vaguer or more repetitive for a "
    "rule's sake. Figures, quotations, claims and links stay; add no fact. A link may be added only to one of `ownPages`. "
    "`note` is what the person asks for."
)


class Tried(BaseModel):
    """What a round made, and which of its changes were not let through."""

    made: Candidate
    edits: list[Edit]
    left_out: list[LeftOut]


async def seo_optimize(run: Run, given: EditInput) -> ProposalOutput:
    reading = await run.step("read the piece", read_piece, given)
    first = await run.step("score", score, reading)
    best, edits, left_out, rounds = first, list[Edit](), list[LeftOut](), 0
    for number in range(ROUNDS):
        if not best.weaknesses:
            break
        tried = await run.step(f"round {number + 1}", improve, given, reading, best)
        left_out += tried.left_out
        if (tried.made.score or 0) <= (best.score or 0):
            break
        best, edits, rounds = tried.made, edits + tried.edits, number + 1
        await run.emit("progress", step="rounds", done=number + 1, of=ROUNDS)
    made = await run.step("compare", propose, reading, first, best, edits, left_out, rounds)
    await run.emit("proposal", assetId=str(made.asset_id), proposalId=str(made.proposal_id or ""), changes=made.changes)
    return made


async def score(context: StepContext, reading: Reading) -> Candidate:
    """Raises Blocked for a piece that has no content score."""
    async with services_of(context).db.org(context.run.org_id) as conn:
        asset = await _as_read(conn, reading)
        ground = await ground_of(conn, asset)
    found = await candidate(asset, ground, asset.title, asset.content)
    if found.score is None:
        why = "only articles and landing pages have a content score"
        raise Blocked(f"This cannot be optimised: {why}.", reasons=[why])
    await context.emit(
        "message", agent=AGENT, text=f"Content score {found.score} of 100; {len(found.weaknesses)} findings."
    )
    return found


async def improve(context: StepContext, given: EditInput, reading: Reading, best: Candidate) -> Tried:
    """Certain mends first, then the writer's edits; each looked at before it counts."""
    await context.emit("agent_started", agent=AGENT, doing=f"raising the score of “{reading.title}”")
    async with services_of(context).db.org(context.run.org_id) as conn:
        asset = await _as_read(conn, reading)
        ground = await ground_of(conn, asset)
        keyphrase = str(asset.seo.get("targetKeyword") or "")
        pages = await research.own_pages(conn, asset.client_id, (keyphrase or asset.title).split(), MOST_PAGES)
    own = {page.url: page.title for page in pages}
    start = await candidate(asset, ground, *_mended(reading, best))
    shown = {
        "parts": _parts(reading, start),
        "findings": [weakness.model_dump() for weakness in start.weaknesses[:MOST_SHOWN]],
        "keyphrase": keyphrase,
        "language": reading.language,
        "ownPages": [{"url": url, "title": title} for url, title in own.items()],
        "note": given.note,
    }
    found = await ask(context, AGENT, Order("improve_text", WORDS.format(score=start.score), shown), Edits)
    return await _judged(context, asset, ground, reading, start, found.edits, set(own))


async def _judged(
    context: StepContext,
    asset: Asset,
    ground: Ground,
    reading: Reading,
    start: Candidate,
    wanted: list[Edit],
    own: set[str],
) -> Tried:
    """The text with the edits that may stay: those that claim what nothing on file carries go, and all of them when they
    bring a finding that blocks approval."""
    used, left_out, whole = _applied(reading, start, wanted, own)
    made = await candidate(asset, ground, *whole)
    claimed = [one for one in made.open_claims if one not in start.open_claims]
    if claimed:
        guilty = [edit for edit in used if any(_says(edit, one) for one in claimed)]
        why = f"nothing on file carries “{claimed[0][:200]}”"
        left_out += [LeftOut(text=edit.replace[:400], why=why) for edit in guilty]
        used, _, whole = _applied(reading, start, [edit for edit in used if edit not in guilty], own)
        made = await candidate(asset, ground, *whole)
    await context.emit("agent_completed", agent=AGENT)
    if made.critical > start.critical or set(made.open_claims) - set(start.open_claims):
        left_out += [LeftOut(text=edit.replace[:400], why="it brings what blocks approval") for edit in used]
        return Tried(made=start, edits=[], left_out=left_out)
    return Tried(made=made, edits=used, left_out=left_out)


def _says(edit: Edit, claim: str) -> bool:
    said = " ".join(edit.replace.split())
    return bool(said) and (said in " ".join(claim.split()) or " ".join(claim.split()) in said)


async def propose(
    context: StepContext,
    reading: Reading,
    first: Candidate,
    best: Candidate,
    edits: list[Edit],
    left_out: list[LeftOut],
    rounds: int,
) -> ProposalOutput:
    old, new = _parts(reading, first), _parts(reading, best)
    keys = _keys(reading)
    found = [_explained(hunk, edits) for name, key in keys.items() for hunk in hunks(old[name], new[name], key)]
    gone = {one.rule for one in first.weaknesses} - {one.rule for one in best.weaknesses}
    account = Account(
        score_before=first.score,
        score_after=best.score,
        groups=[
            GroupChange(name=name, before=first.groups.get(name), after=best.groups.get(name))
            for name in dict.fromkeys([*first.groups, *best.groups])
        ],
        solved=sorted(gone),
        left_out=left_out,
        rounds=rounds,
    )
    return await keep(context, "optimize", AGENT, reading, found, account)


async def _as_read(conn: Connection, reading: Reading) -> Asset:
    """The piece; raises Conflict when it was edited meanwhile, for then there is nothing left to optimise."""
    asset = await assets.get(conn, reading.asset_id)
    if asset.content_hash != reading.content_hash:
        raise Conflict(f"v{asset.version} was written meanwhile; start again from it.")
    return asset


def _keys(reading: Reading) -> dict[str, str]:
    """Part → key of the content; ``body`` is what the piece calls its running text."""
    return {"title": "title", "metaDescription": "metaDescription", "slug": "slug", "body": reading.part}


def _parts(reading: Reading, now: Candidate) -> dict[str, str]:
    whole = {**now.content, "title": now.title}
    return {name: str(whole.get(key) or "") for name, key in _keys(reading).items()}


def _mended(reading: Reading, best: Candidate) -> tuple[str, dict[str, Any]]:
    """The mends that the rules are certain of, from the last to the first, so that places hold."""
    parts = _parts(reading, best)
    limit: dict[str, int] = {}
    for part, start, end, replacement in sorted(best.mends, key=lambda mend: -mend[1]):
        if (
            part in parts
            and end <= limit.get(part, len(parts[part]))
            and not objections(parts[part][start:end], replacement)
        ):
            parts[part] = parts[part][:start] + replacement + parts[part][end:]
            limit[part] = start
    return _whole(reading, best, parts)


def _applied(
    reading: Reading, start: Candidate, wanted: list[Edit], own: set[str]
) -> tuple[list[Edit], list[LeftOut], tuple[str, dict[str, Any]]]:
    """The edits that fit and touch no truth, one after the other; the others with the reason."""
    parts = _parts(reading, start)
    used: list[Edit] = []
    left_out: list[LeftOut] = []
    for edit in wanted:
        why = _misfit(parts[edit.part], edit) or "; ".join(_untrue(edit, own))
        if why:
            left_out.append(LeftOut(text=(edit.replace or edit.find)[:400], why=why))
            continue
        before = parts[edit.part]
        parts[edit.part] = (
            before.replace(edit.find, edit.replace) if edit.find else f"{before.rstrip()}\n\n{edit.replace}\n"
        )
        used.append(edit)
    return used, left_out, _whole(reading, start, parts)


def _misfit(text: str, edit: Edit) -> str:
    if not edit.find:
        return "" if edit.part == "body" and edit.replace.strip() else "it says nothing"
    times = text.count(edit.find)
    return "" if times == 1 else "the words it replaces are not in the text" if not times else "it fits several places"


def _untrue(edit: Edit, own: set[str]) -> list[str]:
    known = {same_address(url) for url in own}
    lead = "it adds the link "
    found = objections(edit.find, edit.replace)
    return [one for one in found if not (one.startswith(lead) and same_address(one.removeprefix(lead)) in known)]


def _whole(reading: Reading, now: Candidate, parts: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Title and content with these parts; the heading over the text follows the title."""
    title = " ".join(parts["title"].split()) or now.title
    body, before = parts["body"], f"# {now.title}\n"
    if title != now.title and body.startswith(before):
        body = f"# {title}\n{body[len(before) :]}"
    content = {**now.content, reading.part: body}
    content |= {name: parts[name] for name in ("metaDescription", "slug") if name in now.content}
    return title, {**content, **({"title": title} if "title" in now.content else {})}


def _explained(hunk: Hunk, edits: list[Edit]) -> Hunk:
    why = dict.fromkeys(
        edit.why for edit in edits if edit.why and edit.replace.strip() and edit.replace.strip() in hunk.after
    )
    return hunk.model_copy(update={"why": "; ".join(why)[:400]})


WORKFLOW = Workflow(
    kind="seo_optimize",
    title="Optimise",
    input_model=EditInput,
    output_model=ProposalOutput,
    body=seo_optimize,
    steps=("read the piece", "score", "rounds", "compare"),
)
