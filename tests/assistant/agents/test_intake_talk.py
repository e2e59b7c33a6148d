"""The intake in conversation, as the planner holds it without a model: what it asks, keeps, passes over and leaves."""

from typing import Any

import pytest

from assistant.agents.cmo.offline import plan as cmo
from assistant.agents.intake_words import breaks_off, passes, wants_intake
from assistant.agents.planner.offline import plan as planner
from assistant.models.offline.talk import HandTo, Move, Result, Say, Talk, Use
from knowledge.artifacts.registry import empty
from tools.intake.saving import put_answer
from tools.intake.view import read_form

CLIENT = {"client": {"id": "c1", "name": "Nordwind Tee"}, "clients": [], "documents": []}


def intake(**answers: Any) -> dict[str, Any]:
    """The intake as ``get_intake`` gives it, with these answers (``offer_pricing`` for "offer.pricing")."""
    data = empty("intake")
    for name, value in answers.items():
        put_answer(data, name.replace("_", ".", 1), value)
    form = read_form(data)
    findings = form["findings"].model_dump(by_alias=True)
    return {
        "status": "draft",
        "missing": [item.model_dump(by_alias=True) for item in form["missing"]],
        "findings": findings,
    }


def said(text: str, asked: str = "", form: dict[str, Any] | None = None, *more: Result) -> Talk:
    before = [("assistant", asked)] if asked else []
    looked = [Result("get_intake", {}, "", form or intake())]
    return Talk(text, before, [*looked, *more], frozenset(), frozenset(), CLIENT)


def question(form: dict[str, Any]) -> str:
    move = planner(said("let's fill in the intake", form=form))
    assert isinstance(move, Say)
    return move.text


def test_it_asks_for_the_first_thing_that_is_missing() -> None:
    assert "**Website**" in question(intake(identity_name="Nordwind Tee"))


@pytest.mark.parametrize(
    ("missing", "words", "path", "value"),
    [
        ({}, "Nordwind Tee", "identity.name", "Nordwind Tee"),
        ({"identity_name": "N"}, "no website yet", "identity.noWebsiteYet", True),
        (
            {"identity_name": "N", "identity_website": "https://n.example"},
            "e-commerce.",
            "identity.industry",
            "E-commerce",
        ),
        ({"identity_name": "N", "identity_website": "https://n.example"}, "Funerals", "identity.industry", "Funerals"),
    ],
)
def test_an_answer_is_kept_as_it_was_given_where_it_belongs(
    missing: dict[str, Any], words: str, path: str, value: object
) -> None:
    form = intake(**missing)
    move = planner(said(words, question(form), form))
    assert move == Use("fill_intake", {"answers": [{"path": path, "value": value}]})


def test_several_things_make_a_list() -> None:
    given = {"identity_name": "N", "identity_website": "https://n.example", "identity_industry": "Services"}
    form = intake(**given, identity_geography="Germany")
    move = planner(said("Green tea, black tea\n", question(form), form))
    assert isinstance(move, Use)
    assert move.arguments["answers"][0]["value"] == ["Green tea", "black tea"]


def test_what_cannot_stand_is_asked_again() -> None:
    form = intake(identity_name="N", identity_website="nonsense")
    kept = Result("fill_intake", {"answers": [{"path": "identity.website", "value": "nonsense"}]}, "", form)
    move = planner(said("nonsense", "", form, kept))
    assert isinstance(move, Say)
    assert "must be a full web address" in move.text
    assert isinstance(planner(said("https://n.example", move.text, form)), Use)


def test_skip_passes_one_over_and_a_question_is_no_answer() -> None:
    form = intake(identity_name="N")
    skipped = planner(said("skip", question(form), form))
    assert isinstance(skipped, Say)
    assert "**Industry**" in skipped.text
    puzzled = planner(said("what do you mean?", question(form), form))
    assert isinstance(puzzled, Say)
    assert "**Website**" in puzzled.text
    assert planner(said("who do our competitors sell to, by the way?", question(form), form)) == HandTo("cmo")


def test_the_last_one_that_is_skipped_is_not_asked_again_as_if_it_were_the_next() -> None:
    form = intake(identity_name="N")
    last = {**form, "missing": [item for item in form["missing"] if item["path"] == "goals.objective"]}
    asked = question(last)
    assert "One answer is still to come" in asked
    skipped = planner(said("skip", asked, last))
    assert isinstance(skipped, Say)
    assert "the only one left" in skipped.text
    assert "still to come" not in skipped.text
    assert planner(said("Leads", skipped.text, last)) == Use(
        "fill_intake", {"answers": [{"path": "goals.objective", "value": "leads"}]}
    )


def test_later_goes_back_to_the_cmo_who_says_that_all_is_kept() -> None:
    form = intake(identity_name="N")
    assert planner(said("later", question(form), form)) == HandTo("cmo")
    handed = Talk("later", [], [Result("transfer_to_cmo", {}, "", {})], frozenset(), frozenset(), CLIENT)
    answer = cmo(handed)
    assert isinstance(answer, Say)
    assert "kept" in answer.text


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("Ask me what is missing in the intake", HandTo("planner")),
        ("let's fill in the intake", HandTo("planner")),
        ("Was fehlt im Fragebogen? Frag mich.", HandTo("planner")),
        ("back to the CMO", Say("I am here. What shall we do?")),
    ],
)
def test_the_cmo_hands_the_intake_to_the_planner(text: str, to: Move) -> None:
    assert cmo(Talk(text, [], [], frozenset(), frozenset(), CLIENT)) == to


def test_a_brief_is_no_wish_to_be_asked() -> None:
    assert not wants_intake("What does the canon say about our form of packaging, and which questions are open? " * 3)
    assert breaks_off("Later.")
    assert passes("I don’t know")
    assert not breaks_off("later we also sold tea")
