"""What an agent is: a name, a model role, instructions that people can read, the tools it may use, whom it hands to.

The instructions are the Markdown file beside the agent; the offline plan is the Python file beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.models.offline.talk import Move, Talk
from assistant.models.roles import Role

HERE = Path(__file__).parent


@dataclass(frozen=True)
class AgentSpec:
    """One member of the team.

    ``hands_to`` speak with the person in its place; ``consults`` are asked and answer it, not the person.
    ``plan`` is what the offline writer does in this agent's place.
    """

    id: str
    name: str
    does: str
    role: Role
    plan: Callable[[Talk], Move]
    tools: tuple[str, ...] = ()
    hands_to: tuple[str, ...] = ()
    consults: tuple[str, ...] = ()

    def instructions(self) -> str:
        return (HERE / self.id / "instructions.md").read_text(encoding="utf-8").strip()
