"""A newcomer's first questions without a model: answered from who is really there, in the language of the question."""

import re
from dataclasses import replace
from typing import Any

import pytest

from assistant.agents.cmo.agent import CMO
from assistant.agents.cmo.offline import plan as cmo
from assistant.agents.planner.offline import plan as planner
from assistant.agents.seo_writer.offline import plan as seo_writer
from assistant.agents.team import TEAM
from assistant.commands import COMMANDS
from assistant.models.offline.compose.language import WRITABLE, detect
from assistant.models.offline.compose.pen import phrases
from assistant.models.offline.talk import HandTo, Result, Say, Talk, Use

REACH = frozenset(CMO.hands_to)
TOOLS = frozenset((*CMO.tools, *(f"ask_{critic}" for critic in CMO.consults)))
CLIENT = {"client": {"id": "c1", "name": "Nordwind Tee"}, "clients": [], "documents": []}
BUDGET = {"scopes": [{"scope": "org", "limit": None}, {"scope": "session", "limit": "5.0000", "spent": "0.2500"}]}
_NAMED = re.compile(r"`/([\w-]+)")


def talk(said: str, context: dict[str, Any] | None = None, *results: Result) -> Talk:
    return Talk(said, [], list(results), TOOLS, REACH, context or {})


def answer(said: str, context: dict[str, Any] | None = None, *results: Result) -> str:
    move = cmo(talk(said, context, *results))
    assert isinstance(move, Say), move
    return move.text


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("What can you do for me?", "en"),
        ("Hi, what can you do?", "en"),
        ("What is Adroom?", "en"),
        ("can you help me", "en"),
        ("Was kannst du für mich tun?", "de"),
        ("Wobei können Sie mir helfen?", "de"),
        ("¿Qué puedes hacer por mí?", "es"),
        ("O que você pode fazer por mim?", "pt"),
    ],
)
def test_what_it_can_do_names_everybody_who_can_be_reached(said: str, language: str) -> None:
    for context in ({}, CLIENT):
        told = answer(said, context)
        assert detect(told) == language
        assert all(TEAM[id].name in told for id in (*CMO.hands_to, *CMO.consults))
        assert TEAM["polisher"].name not in told
        assert "/help" in told
        assert ("Nordwind Tee" in told) == bool(context)
    fewer = cmo(replace(talk(said), handoffs=frozenset({"planner"})))
    assert isinstance(fewer, Say)
    assert TEAM["planner"].name in fewer.text
    assert TEAM["seo_writer"].name not in fewer.text


@pytest.mark.parametrize("language", sorted(WRITABLE))
def test_every_agent_is_described_and_every_command_named_is_there(language: str) -> None:
    bank = {key: texts[0] for key, texts in phrases(language).items() if key.startswith("newcomer.")}
    assert {key.removeprefix("newcomer.does.") for key in bank if ".does." in key} == TEAM.keys() - {"cmo"}
    named = {name for text in bank.values() for name in _NAMED.findall(text)}
    assert (
        {"demo", "client", "intake", "onboard", "strategy", "write", "create-email", "help"} <= named <= COMMANDS.keys()
    )


@pytest.mark.parametrize(
    ("said", "language"),
    [("how do I start?", "en"), ("Wie fange ich an?", "de"), ("¿Por dónde empiezo?", "es"), ("Como começo?", "pt")],
)
def test_how_to_start_is_the_way_in_and_with_a_client_its_next_step(said: str, language: str) -> None:
    steps = answer(said)
    assert detect(steps) == language
    assert [
        named for named in _NAMED.findall(steps) if named in {"demo", "intake", "onboard", "strategy", "write"}
    ] == [
        "demo",
        "intake",
        "onboard",
        "strategy",
        "write",
    ]
    assert cmo(talk(said, CLIENT)) == Use("get_intake")
    looked = [
        Result("get_intake", {}, "", {"data": {"identity": {"name": "Nordwind Tee"}}}),
        Result("search_voc", {}, "", {"items": []}),
    ]
    assert "/onboard" in answer(said, CLIENT, *looked)


@pytest.mark.parametrize("said", ["who are you?", "Are you a human?", "wer bist du?", "¿quién eres?", "quem é você?"])
def test_who_it_is_says_that_it_is_software_and_which_writer(said: str) -> None:
    told = answer(said)
    assert "Adroom" in told
    assert re.search(r"\*\*(?:offline writer|Offline-Schreiber|escritor sin conexión|escritor offline)\*\*", told)


@pytest.mark.parametrize(
    "said", ["what does this cost?", "Was kostet das?", "¿Cuánto cuesta esto?", "Quanto custa isso?"]
)
def test_what_it_costs_is_looked_up_for_this_conversation(said: str) -> None:
    assert cmo(talk(said, CLIENT)) == Use("get_budget")
    told = answer(said, CLIENT, Result("get_budget", {}, "", BUDGET))
    assert "0.25" in told
    assert "5.00" in told


def test_what_it_costs_with_a_client_in_view_is_about_what_the_client_sells() -> None:
    assert cmo(talk("what does it cost?", CLIENT)) == Use("get_intake")
    assert cmo(talk("what does it cost?")) == Use("get_budget")


def test_where_the_data_is_says_what_leaves_the_machine() -> None:
    told = answer("where is my data stored?")
    assert "data folder" in told
    assert "sends nothing to any model" in told


def test_what_is_said_to_be_polite_is_answered_in_kind() -> None:
    assert answer("Danke!") == "Gern geschehen."
    assert answer("thanks a lot") == "You are welcome."
    assert answer("Hola", CLIENT).startswith("Hola. Estamos trabajando en **Nordwind Tee**")
    assert answer("ok", CLIENT).startswith("Good. We are working on")


@pytest.mark.parametrize(
    "said", ["what can you do about our returns?", "what is this ad about?", "how do we start the email?"]
)
def test_a_question_about_the_client_is_none_of_these(said: str) -> None:
    assert cmo(talk(said, CLIENT)) == Use("get_intake")
    assert "/demo" in answer(said)


def test_a_specialist_who_is_asked_what_can_be_done_hands_back() -> None:
    for plan in (planner, seo_writer):
        assert plan(talk("What can you do for me?", CLIENT)) == HandTo("cmo")
