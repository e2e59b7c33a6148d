"""What a tool brought, as the card a front shows it with. Cards hold ids only; they read the rest themselves."""

from typing import Any

from assistant.commands.answer import Card
from assistant.turns.events import Used
from knowledge.json_values import as_object


def cards_for(used: Used) -> list[Card]:
    """What a tool brought that people would rather look at than read."""
    data = used.data
    if data is None:
        return []
    match used.tool:
        case "start_run" | "stop_run" | "resume_run":
            return _by_id("RunCard", "runId", data.get("runId") or _inner(data, "run"))
        case "show_document" | "edit_artifact":
            return _by_id("DocumentCard", "artifactId", data.get("artifactId") or data.get("id"))
        case "show_series":
            return _by_id("SeriesCard", "seriesId", data.get("seriesId"))
        case "show_asset" | "edit_asset" | "edit_email" | "convert_email":
            return _by_id("AssetCard", "assetId", data.get("assetId") or data.get("id"))
        case "show_research":
            return _by_id("ResearchCard", "researchId", data.get("researchId"))
        case "get_budget":
            return [Card("Meter")]
        case "list_inbox":
            return [Card("Inbox")]
        case "list_runs":
            return [Card("RunList")]
        case "save_swipe" | "tag_swipe":
            return _by_id("Swipe", "swipeId", data.get("id"))
        case _:
            return []


def _by_id(name: str, prop: str, value: object) -> list[Card]:
    return [Card(name, {prop: str(value)})] if value else []


def _inner(data: dict[str, Any], name: str) -> object:
    return as_object(data.get(name)).get("id") or data.get("id")
