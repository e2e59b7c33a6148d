"""The compliance critic: what may not be published."""

from assistant.agents.compliance_critic.offline import plan
from assistant.agents.definition import AgentSpec

COMPLIANCE_CRITIC = AgentSpec(
    id="compliance_critic",
    name="Compliance critic",
    does="checks phrases, disclaimers and claims",
    role="critic",
    plan=plan,
)
