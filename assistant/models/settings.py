"""The slice of settings that the model layer is built from. Nothing here reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.models.prices import OwnPrice
from assistant.models.roles import Role

Api = Literal["responses", "chat_completions"]


@dataclass(frozen=True)
class ModelRoomSettings:
    """``api_key`` None means the offline writer; with a key it is never used.

    ``names`` maps roles to model names (ADROOM_MODEL_MANAGER and so on); see ``roles.model_names`` for what is
    missing. ``own_prices`` is ``prices.parse_prices`` of ADROOM_PRICES. Times are in seconds:
    ``request_timeout`` bounds one call with all its retries, ``silence_timeout`` the wait for the first byte and
    between two, ``patience`` the longest wait that a provider may ask for before it is tried again.
    """

    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    api: Api = "responses"
    names: Mapping[Role, str] = field(default_factory=dict[Role, str])
    own_prices: Mapping[str, OwnPrice] = field(default_factory=dict[str, OwnPrice])
    max_output_tokens: int = 8192
    request_timeout: float = 600.0
    silence_timeout: float = 120.0
    patience: float = 20.0
    retries: int = 2
