"""What the CMO puts before a person who asks for it in words, without a model."""

from typing import Any

from assistant.agents.cmo.offline import plan as cmo
from assistant.models.offline.talk import Result, Say, Talk, Use

CLIENT: dict[str, Any] = {"client": {"id": "c1", "name": "Nordwind Tee"}, "clients": [], "documents": []}


def talk(said: str, results: tuple[Result, ...] = ()) -> Talk:
    return Talk(said, [], list(results), frozenset(), frozenset(), CLIENT)


def test_the_newest_piece_is_shown_by_its_name_and_a_room_without_a_tool_by_its_command() -> None:
    assert cmo(talk("show me the last article")) == Use("list_assets", {"clientId": "c1"})
    listed = {"items": [{"id": "a2", "channel": "email"}, {"id": "a1", "channel": "blog"}]}
    found = Result("list_assets", {}, "", listed)
    assert cmo(talk("show me the last article", results=(found,))) == Use("show_asset", {"assetId": "a1"})
    none = cmo(talk("show me the last email", results=(Result("list_assets", {}, "", {"items": []}),)))
    assert none == Say("There is no email for Nordwind Tee yet.")
    for said, command in (("show me the dashboard", "/dashboard"), ("list my clients", "/client")):
        answered = cmo(talk(said))
        assert isinstance(answered, Say)
        assert command in answered.text
