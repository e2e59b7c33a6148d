"""/experiments, /briefs, /assets: what is tested, what each variant must be, and the variants.

Of limits what the words say is read; the rest is the strategy's.
"""

import re
from typing import Any

from assistant.commands.answer import Answer, Card, literal
from assistant.commands.desk import Desk
from assistant.commands.work import start_work
from knowledge.errors import Invalid

_NUMBER = r"(\d[\d.,]*)"
_FACTS: dict[str, re.Pattern[str]] = {
    "maxConcurrentExperiments": re.compile(rf"\b(?:at most|max|up to)?\s*{_NUMBER}\s*(?:experiments?|tests?|at once)", re.I),
    "budget": re.compile(rf"\bbudget\D{{0,12}}{_NUMBER}|[€$£]\s?{_NUMBER}|{_NUMBER}\s?[€$£]", re.I),
    "baselineRate": re.compile(rf"\b(?:baseline|rate)\D{{0,12}}{_NUMBER}\s*%", re.I),
    "minimumDetectableEffect": re.compile(rf"\b(?:effect|lift)\D{{0,12}}{_NUMBER}\s*%|{_NUMBER}\s*%\s*(?:effect|lift)", re.I),
    "usersPerDay": re.compile(rf"{_NUMBER}\s*(?:users|visitors|people)\s*(?:a|per)\s*day", re.I),
}  # fmt: skip
_CHANNELS = re.compile(r"\b(?:only on|channels?:?)\s+([\w, ]+?)(?=\s*(?:;|\.|$|\bwith\b|\bbudget\b|\bat most\b))", re.I)
HOW = "Limits can be said along, for example: `/experiments 2 tests, budget 1500, baseline 3 %, 400 users a day, only on meta`"


async def experiments(desk: Desk, words: str) -> Answer:
    """Design experiments for the chosen campaign within what ``words`` says."""
    client, campaign = await desk.need_client(), await desk.need_campaign()
    limits = read_limits(words)
    if words and not limits:
        raise Invalid(f"I could read no limit in “{literal(words[:80])}”. {HOW}")
    given = {"constraints": limits} if limits else {}
    card = await start_work(desk, "experiment_design", clientId=str(client.id), campaignId=str(campaign.id), **given)
    told = f" within: {literal(words)}" if words else ". " + HOW
    text = f"Designing experiments for **{literal(campaign.name)}**{told}\n\nEach spec comes here for your approval."
    return Answer(text, (card,))


async def briefs(desk: Desk, words: str) -> Answer:
    """Briefs for the campaign's experiments, each to be decided on before anything is made."""
    campaign = await _start(desk, onlyBriefs=True)
    return Answer(
        f"Writing the briefs of **{literal(campaign[0])}**. Each comes here for your approval.", (campaign[1],)
    )


async def assets(desk: Desk, words: str) -> Answer:
    """Variants of every brief; ``/assets 3`` makes three of each."""
    count = int(words) if words.isdecimal() and len(words) < 3 else None
    if words and not (count and 1 <= count <= 10):
        raise Invalid("Say how many variants of each brief, 1 to 10, or nothing: `/assets 3`.")
    campaign = await _start(desk, **({"variants": count} if count else {}))
    text = (
        f"Making the variants of **{literal(campaign[0])}**. Both critics read each before you do; you decide on each by "
        "itself, in any order."
    )
    return Answer(text, (campaign[1],))


async def _start(desk: Desk, **more: Any) -> tuple[str, Card]:
    client, campaign = await desk.need_client(), await desk.need_campaign()
    where = {"clientId": str(client.id), "campaignId": str(campaign.id)}
    return campaign.name, await start_work(desk, "creative_production", **where, **more)


def read_limits(words: str) -> dict[str, Any]:
    """The limits that the words name, as ``start_run`` takes them."""
    found: dict[str, Any] = {}
    left = words
    for name in ("usersPerDay", "minimumDetectableEffect", "baselineRate", "maxConcurrentExperiments", "budget"):
        match = _FACTS[name].search(left)
        if match:
            found[name] = _figure(name, next(group for group in match.groups() if group))
            left = left[: match.start()] + " " + left[match.end() :]
    named = _CHANNELS.search(left)
    if named:
        names = re.split(r"\s*,\s*|\s+and\s+", named[1].strip().lower())
        found["channels"] = [re.sub(r"\s+", "_", name) for name in names if name]
    return found


def _figure(name: str, text: str) -> Any:
    """The figure as it is written: a comma or point followed by three digits parts thousands."""
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text.rstrip(".,")).replace(",", ".")
    if name in ("maxConcurrentExperiments", "usersPerDay"):
        return int(float(plain))
    return plain if name == "budget" else round(float(plain) / 100, 6)
