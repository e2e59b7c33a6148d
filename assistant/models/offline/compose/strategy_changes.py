"""What a reviewer may ask of a strategy sheet, and how it is done: channels, budget, promise, focus, tone.

Budget shares add up to 1 after every change.
"""

import re

from assistant.models.offline.compose.change_requests import Request
from assistant.models.offline.compose.channels import approach, channel_entry, channel_label, channel_named, evened
from assistant.models.offline.compose.figures import amount, read_days
from assistant.models.offline.compose.intake_reading import phrase_of
from assistant.models.offline.compose.material import names_any
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.revision import Change, Fields, Revision, shortened
from assistant.models.offline.compose.sources import Document, Sources
from assistant.models.offline.compose.wording import closed, fold
from knowledge.json_values import as_list, as_object


def strategy_fields(sources: Sources, language: str) -> Fields:
    pen = Pen(language, "", {})

    def add_channel(revision: Revision, request: Request) -> bool:
        name = channel_named(request.value or request.text)
        channels = as_list(revision.data["channels"])
        if not name:
            return False
        if any(item["channel"] == name for item in channels):
            return revision.settle(f"{channel_label(name)} is already among the channels.")
        shares = {item["channel"]: item["budgetShare"] for item in channels}
        asked = re.search(r"(\d+)\s*%", request.text)
        share = int(asked[1]) / 100 if asked else 1 / (len(shares) + 1)
        scaled = evened({channel: value * (1 - share) for channel, value in shares.items()} | {name: share})
        revision.data["channels"] = [{**item, "budgetShare": scaled[item["channel"]]} for item in channels]
        metric_id = revision.data["goal"]["metricId"]
        revision.data["channels"].append(channel_entry(name, scaled[name], metric_id, pen))
        as_list(revision.data["platformStrategy"]).append(approach(name, pen))
        revision.answered.append(f"Added {channel_label(name)} as a channel with {scaled[name]:.0%} of the budget.")
        return True

    special = {
        "add.channel": add_channel, "add": add_channel, "remove.channel": _drop_channel, "remove": _drop_channel,
        "shorten": _shorten_promise, "focus": _focus_for(sources), "forbid": _ban,
        "replace.budget": _set_budget, "replace.timeframe": _set_days, "replace.target": _set_target,
        "replace": _set_share, "replace.channel": _set_share,
    }  # fmt: skip
    return Fields(
        lists={
            "pillar": ("messaging.pillars", closed),
            "risk": ("risks", closed),
            "assumption": ("assumptions", closed),
        },
        texts={"promise": "messaging.promise", "positioning": "positioning"},
        special=special,
    )


def _drop_channel(revision: Revision, request: Request) -> bool:
    name = channel_named(request.value or request.text)
    channels = [as_object(item) for item in as_list(revision.data["channels"])]
    kept = [item for item in channels if item["channel"] != name]
    if not name or not kept:
        return False
    if len(kept) == len(channels):
        return revision.settle(f"{channel_label(name)} is not among the channels.")
    shares = evened({item["channel"]: item["budgetShare"] for item in kept})
    revision.data["channels"] = [{**item, "budgetShare": shares[item["channel"]]} for item in kept]
    plans = as_list(revision.data.get("platformStrategy"))
    revision.data["platformStrategy"] = [item for item in plans if item["channel"] != name]
    revision.answered.append(f"Dropped {channel_label(name)}; its share went to the other channels.")
    return True


def _set_share(revision: Revision, request: Request) -> bool:
    """ "Set email to 30 %": that share for the channel, the others in proportion."""
    name = channel_named(request.text)
    asked = re.search(r"(\d+(?:[.,]\d+)?)\s*%", request.text)
    channels = as_list(revision.data["channels"])
    if not name or not asked or len(channels) < 2 or all(item["channel"] != name for item in channels):
        return False
    share = float(asked[1].replace(",", ".")) / 100
    if not 0 <= share <= 1:
        return False
    others = {item["channel"]: item["budgetShare"] for item in channels if item["channel"] != name}
    total = sum(others.values()) or 1
    scaled = {channel: round(value / total * (1 - share), 2) for channel, value in others.items()}
    scaled[next(iter(scaled))] += round(1 - share - sum(scaled.values()), 2)
    for item in channels:
        item["budgetShare"] = round(share if item["channel"] == name else scaled[item["channel"]], 2)
    revision.answered.append(f"Set {channel_label(name)} to {share:.0%} of the budget; the others share the rest.")
    return True


def _shorten_promise(revision: Revision, request: Request) -> bool:
    path = "positioning" if request.target == "positioning" else "messaging.promise"
    if request.target not in {"", "promise", "positioning", "text"}:
        return False
    old = phrase_of(revision.at(path))
    new = shortened(old)
    if len(new) >= len(old):
        return revision.refuse(f"“{old}” is one short sentence already; say what should go.")
    revision.put(path, new)
    revision.answered.append(f"Shortened the {request.target if path == 'positioning' else 'promise'} to “{new}”.")
    return True


def _ban(revision: Revision, request: Request) -> bool:
    """Sentences of the message that hold the word are taken out; a promise or positioning cannot be."""
    if not request.value:
        return False
    messaging = as_object(revision.data["messaging"])
    if names_any(f"{messaging['promise']} {revision.data['positioning']}", [request.value]):
        return False
    return revision.remove("", request.value)


def _set_budget(revision: Revision, request: Request) -> bool:
    figures = [found for part in re.split(r"[-–]|\b(?:to|bis|a|até|hasta)\b", request.text) if (found := amount(part))]
    if not figures or "%" in request.text:
        return False
    goal = revision.data["goal"]
    low, high = (figures[0], figures[1]) if len(figures) > 1 else (None, figures[0])
    low = min(low, high) if low is not None else None
    old = amount(phrase_of(goal.get("budgetMin")))
    goal["budgetMin"] = f"{low:.2f}" if low is not None else goal.get("budgetMin") if (old or 0) <= high else None
    goal["budgetMax"] = f"{high:.2f}"
    revision.answered.append(f"Set the budget to at most {high:g}.")
    return True


def _set_days(revision: Revision, request: Request) -> bool:
    days = read_days(request.text)
    if not days:
        return False
    revision.data["goal"]["timeframeDays"] = days
    revision.answered.append(f"The campaign now has {days} days.")
    return True


def _set_target(revision: Revision, request: Request) -> bool:
    figure = amount(request.new or request.text)
    if figure is None:
        return False
    revision.data["goal"]["target"] = figure / 100 if "%" in request.text else figure
    revision.answered.append(f"Set the target to {revision.data['goal']['target']:g}.")
    return True


def _focus_for(sources: Sources) -> Change:
    """Focus on a customer profile or on a channel that the note names."""

    def focus(revision: Revision, request: Request) -> bool:
        icps = [as_object(item) for item in as_list((sources.canon or {}).get("icps"))]
        chosen = [icp for icp in icps if _is_about(icp, request.value)]
        if chosen:
            revision.data["icpFocus"] = [icp["id"] for icp in chosen]
            for concept in as_list(revision.data["concepts"]):
                concept["icpId"] = chosen[0]["id"]
            revision.answered.append(f"Focused on {', '.join(icp['name'] for icp in chosen)}.")
            return True
        return _favour(revision, channel_named(request.value))

    return focus


def _is_about(icp: Document, value: str) -> bool:
    name, description = fold(phrase_of(icp.get("name"))), fold(phrase_of(icp.get("description")))
    plain = fold(value)
    return len(plain) > 2 and (plain in name or name in plain or plain in description)


def _favour(revision: Revision, name: str) -> bool:
    channels = as_list(revision.data["channels"])
    if not name or all(item["channel"] != name for item in channels) or len(channels) < 2:
        return False
    doubled = {item["channel"]: item["budgetShare"] * (2 if item["channel"] == name else 1) for item in channels}
    shares = evened(doubled)
    revision.data["channels"] = [{**item, "budgetShare": shares[item["channel"]]} for item in channels]
    revision.answered.append(
        f"Doubled the weight of {channel_label(name)}: it now has {shares[name]:.0%} of the budget."
    )
    return True
