"""The brand critic: tone and claims against the canon."""

from assistant.agents.brand_critic.offline import plan
from assistant.agents.definition import AgentSpec

BRAND_CRITIC = AgentSpec(
    id="brand_critic",
    name="Brand critic",
    does="checks tone and claims against the canon",
    role="critic",
    plan=plan,
)
