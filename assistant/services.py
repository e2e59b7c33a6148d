"""Everything the assistant works with, built once at the door and handed down."""

from dataclasses import dataclass

from assistant.library import HouseLibrary
from assistant.models.room import ModelRoom
from assistant.research.room import SearchRoom
from assistant.runs.bus import EventBus
from assistant.runs.protocol import StepContext
from assistant.settings import Settings
from knowledge.db import Database
from knowledge.fetching.web import Web
from knowledge.files.store import Files


@dataclass(frozen=True)
class Services:
    """``runs`` are started, stopped and resumed through ``work`` (assistant/runs/service.py)."""

    settings: Settings
    db: Database
    events: EventBus
    models: ModelRoom
    library: HouseLibrary
    files: Files
    search: SearchRoom
    #: public pages
    web: Web


def services_of(context: StepContext) -> Services:
    """A step's services; the run machinery itself only knows the part it needs."""
    assert isinstance(context.services, Services)  # noqa: S101 - app.py hands nothing else to the engine
    return context.services
