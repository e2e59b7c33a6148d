"""The polisher: the last line edit before a person reads."""

from assistant.agents.definition import AgentSpec
from assistant.agents.polisher.offline import plan

POLISHER = AgentSpec(
    id="polisher",
    name="Polisher",
    does="edits lines: shorter, clearer, in the client's voice, without touching what is said",
    role="polisher",
    plan=plan,
)
