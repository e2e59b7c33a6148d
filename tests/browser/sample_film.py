"""The log of a finished run for its timeline: three agents, a gate that waited a night, a stop and a resume."""

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

BEGAN = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
#: seconds after the beginning, type, step, agent, data
HAPPENED: tuple[tuple[float, str, str | None, str | None, Json], ...] = (
    (0, "run_started", None, None, {}),
    (0.2, "step_started", "read the sources", None, {}),
    (1.1, "step_completed", "read the sources", None, {}),
    (1.2, "step_started", "outline", None, {}),
    (1.3, "agent_started", "outline", "seo_writer", {"doing": "outlining the article"}),
    (9.0, "message", "outline", "seo_writer", {"text": "Five sections, from the wick to the refill."}),
    (9.1, "agent_completed", "outline", "seo_writer", {}),
    (9.2, "step_completed", "outline", None, {}),
    (9.3, "approval_requested", "outline approval", None, {"gate": "outline"}),
    (50_000, "approval_decided", "outline approval", None, {"decision": "approved", "gate": "outline"}),
    (50_001, "step_started", "write the sections", None, {}),
    (50_002, "agent_started", "write the sections", "seo_writer", {"doing": "writing the sections"}),
    (50_020, "run_stopped", None, None, {}),
    (50_300, "run_resumed", None, None, {}),
    (50_340, "agent_completed", "write the sections", "seo_writer", {}),
    (50_341, "step_completed", "write the sections", None, {}),
    (50_342, "step_started", "brand check", None, {}),
    (50_343, "agent_started", "brand check", "brand_critic", {"doing": "checking the article"}),
    (50_350, "agent_completed", "brand check", "brand_critic", {}),
    (50_351, "step_completed", "brand check", None, {}),
    (50_352, "asset", "brand check", "seo_writer", {"title": "Candles without soot"}),
    (50_353, "run_completed", None, None, {}),
)


def film() -> list[Json]:
    return [
        {
            "seq": number,
            "at": (BEGAN + timedelta(seconds=after)).isoformat(),
            "type": type,
            "step": step,
            "agent": agent,
            "data": data,
            "sentence": None,
        }
        for number, (after, type, step, agent, data) in enumerate(HAPPENED, 1)
    ]
