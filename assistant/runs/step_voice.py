"""What a step says while it works, as events of its run."""

from dataclasses import dataclass
from typing import Any

from assistant.runs.run_log import RunLog
from knowledge.runs.models import NewEvent


@dataclass
class StepVoice:
    """What one attempt of a step says: its nth event is the nth event of every attempt."""

    log: RunLog
    label: str
    count: int = 0

    async def emit(self, type: str, *, agent: str | None = None, **data: Any) -> None:
        self.count += 1
        key = f"step:{self.label}:said{self.count}"
        event = NewEvent(type=type, agent=agent, step=self.label, data=plain(data), dedup_key=key)
        self.log.add(event)

    def delta(self, text: str, *, message: str = "", agent: str | None = None) -> None:
        self.log.live.delta(self.log.run_id, text, message=message, agent=agent, step=self.label)

    async def flush(self) -> None:
        await self.log.flush()


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """JSON values of an event's data: ids and amounts as their text."""
    return NewEvent(type="", data=data).model_dump(mode="json")["data"]
