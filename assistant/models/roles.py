"""Which model does which work. A role is all an agent names; the operator decides the model behind it."""

from collections.abc import Mapping
from typing import Literal, get_args

from knowledge.errors import Invalid

Role = Literal["manager", "drafter", "polisher", "critic"]
ROLES: tuple[Role, ...] = get_args(Role)

#: OpenAI's names, used when OPENAI_BASE_URL is not set; quick ones to talk and judge, a stronger one to write
DEFAULTS: dict[Role, str] = {
    "manager": "gpt-5.4-mini",
    "drafter": "gpt-5.4",
    "polisher": "gpt-5.4",
    "critic": "gpt-5.4-mini",
}


def model_names(names: Mapping[Role, str], base_url: str | None) -> dict[Role, str]:
    """The model of every role. On another endpoint, roles without a name take the manager's.

    Raises ``Invalid`` naming ADROOM_MODEL_MANAGER when another endpoint is set and no manager is named: which
    models it serves cannot be guessed.
    """
    given = {role: name.strip() for role, name in names.items() if name.strip()}
    if base_url is None:
        return {role: given.get(role, DEFAULTS[role]) for role in ROLES}
    if "manager" not in given:
        raise Invalid(fields={"ADROOM_MODEL_MANAGER": "OPENAI_BASE_URL is set, so say which of its models to use"})
    return {role: given.get(role, given["manager"]) for role in ROLES}
