"""The team: every agent there is, by id."""

from assistant.agents.brand_critic.agent import BRAND_CRITIC
from assistant.agents.cmo.agent import CMO
from assistant.agents.compliance_critic.agent import COMPLIANCE_CRITIC
from assistant.agents.creative_director.agent import CREATIVE_DIRECTOR
from assistant.agents.definition import AgentSpec
from assistant.agents.email_marketer.agent import EMAIL_MARKETER
from assistant.agents.experiment_architect.agent import EXPERIMENT_ARCHITECT
from assistant.agents.planner.agent import PLANNER
from assistant.agents.polisher.agent import POLISHER
from assistant.agents.seo_writer.agent import SEO_WRITER

_ALL = (
    CMO,
    PLANNER,
    SEO_WRITER,
    EMAIL_MARKETER,
    EXPERIMENT_ARCHITECT,
    CREATIVE_DIRECTOR,
    POLISHER,
    BRAND_CRITIC,
    COMPLIANCE_CRITIC,
)

TEAM: dict[str, AgentSpec] = {spec.id: spec for spec in _ALL}

#: who speaks first in a new conversation
FIRST = CMO.id
