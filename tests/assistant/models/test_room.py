"""The right model for the role, and never another one in silence."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
from agents import Agent, ModelResponse, Runner, Usage
from agents.items import TResponseStreamEvent
from openai.types.responses import ResponseOutputMessage

from assistant.models.ask import Ask, AskedModel
from assistant.models.prices import OwnPrice
from assistant.models.roles import DEFAULTS, Role, model_names
from assistant.models.room import CallScope, ModelRoom
from assistant.models.settings import ModelRoomSettings
from knowledge.db import Database
from knowledge.errors import Invalid, Upstream
from tests.assistant.models.conftest import PRICE, Desk, RoomOf
from tests.model_server import ModelServer, fault


class Writer(AskedModel):
    """Stands for the offline writer: says which role and agent it was made for."""

    def __init__(self, role: Role, scope: CallScope) -> None:
        self.words = f"{role} for {scope.agent}"

    async def answer(self, ask: Ask) -> ModelResponse:
        part = {"type": "output_text", "text": self.words, "annotations": []}
        item = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        usage = Usage(requests=1, input_tokens=7, output_tokens=3, total_tokens=10)
        return ModelResponse(output=[ResponseOutputMessage.model_validate(item)], usage=usage, response_id=None)

    def stream(self, ask: Ask) -> AsyncGenerator[TResponseStreamEvent, None]:
        raise NotImplementedError


async def test_without_a_key_the_offline_writer_answers_for_nothing_and_is_in_the_ledger(
    db: Database, desk: Desk
) -> None:
    room = ModelRoom(ModelRoomSettings(), db, offline=Writer)
    assert room.offline and room.describe().endpoint == "offline" and room.name("drafter") == "offline"
    await desk.limit("org", "0")
    scope = desk.attempt().for_agent("seo_writer")
    for _ in range(2):
        agent = Agent(name="a", model=room.model("drafter", desk.attempt(scope.journal_id).for_agent("seo_writer")))
        assert (await Runner.run(agent, "Hello")).final_output == "drafter for seo_writer"
    meter = (await desk.meters())["org"]
    assert meter.standing.spent == 0
    assert [(share.name, share.calls) for share in meter.by_model] == [("offline", 1)]


async def test_without_a_key_and_without_an_offline_writer_there_is_no_room(db: Database) -> None:
    with pytest.raises(Invalid, match="OPENAI_API_KEY"):
        ModelRoom(ModelRoomSettings(), db)


async def test_with_a_key_a_failing_provider_is_an_error_and_never_the_offline_writer(
    settings: ModelRoomSettings, db: Database, desk: Desk, model_server: ModelServer
) -> None:
    room = ModelRoom(settings, db, offline=Writer)
    model_server.replies(fault("server_error"))
    with pytest.raises(Upstream):
        await Runner.run(Agent(name="a", model=room.model("manager", desk.attempt())), "Hello")
    await room.close()


async def test_each_role_asks_its_own_model(room_of: RoomOf, desk: Desk, model_server: ModelServer) -> None:
    names: dict[Role, str] = {"manager": "small", "drafter": "large", "critic": "strict"}
    room = room_of(names=names, own_prices=dict.fromkeys(names.values(), PRICE))
    for role in ("manager", "drafter", "polisher", "critic"):
        await Runner.run(Agent(name="a", model=room.model(role, desk.attempt())), "Hello")
    assert [recorded.request.model for recorded in model_server.requests] == ["small", "large", "small", "strict"]
    assert room.describe().names == {**names, "polisher": "small"}
    assert room.describe().endpoint == "127.0.0.1"
    assert room.describe().prices["drafter"] == "ADROOM_PRICES"


def test_openais_own_models_have_defaults_and_another_endpoint_must_be_told() -> None:
    assert model_names({"critic": " gpt-5 "}, None) == {**DEFAULTS, "critic": "gpt-5"}
    with pytest.raises(Invalid, match="ADROOM_MODEL_MANAGER"):
        model_names({"drafter": "x"}, "http://localhost/v1")


async def test_a_key_is_never_shown(settings: ModelRoomSettings) -> None:
    assert "sk-test" not in repr(settings)
    assert "sk-test" not in repr(replace(settings, own_prices={"m": OwnPrice(input=1, output=1)}))
