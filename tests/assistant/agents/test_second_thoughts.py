"""Changing one's mind in talk, without a model: the newest word counts, and what was asked for before is understood."""

import pytest

from assistant.agents.cmo.offline import plan as cmo
from assistant.agents.email_marketer.offline import plan as email_marketer
from assistant.agents.second_thoughts import second_thought
from assistant.agents.seo_writer.offline import plan as seo_writer
from assistant.models.offline.talk import HandTo, Result, Say, Talk, Use

CLIENT = {"client": {"id": "c1", "name": "Nordwind Tee"}, "clients": [], "documents": []}


def talk(said: str, *before: str, results: tuple[Result, ...] = ()) -> Talk:
    return Talk(said, [("user", text) for text in before], list(results), frozenset(), frozenset(), CLIENT)


@pytest.mark.parametrize(
    ("before", "said", "kind", "brief"),
    [
        (
            "write an article about grinding coffee",
            "no, wait, make it an email instead",
            "write_email",
            "Write an email about grinding coffee",
        ),
        ("/write How to keep coffee fresh", "actually, an email please", "write_email", "How to keep coffee fresh"),
        ("/create-email Welcome", "wait, make that an article", "write_article", "Welcome"),
        (
            "write an article about grinding coffee",
            "actually, make it about decaf instead",
            "write_article",
            "Write an article about decaf",
        ),
        ("write an article about tea", "scratch that, an email about decaf", "write_email", "an email about decaf"),
        (
            "Schreib einen Artikel über Kaffee",
            "moment, lieber eine E-Mail",
            "write_email",
            "Schreib eine E-Mail über Kaffee",
        ),
        ("Escribe un artículo sobre café", "espera, mejor un correo", "write_email", "Escribe un correo sobre café"),
        ("Escreve um artigo sobre café", "afinal, um e-mail", "write_email", "Escreve um e-mail sobre café"),
    ],
)
def test_another_form_or_another_topic_is_the_same_order_changed(before: str, said: str, kind: str, brief: str) -> None:
    changed = second_thought(talk(said, before))
    assert changed is not None
    assert (changed.kind, changed.args["brief"]) == (kind, brief)


def test_it_goes_from_the_writer_over_the_cmo_to_the_other_writer_who_starts_it() -> None:
    changed = talk("no, wait, make it an email instead", "write an article about grinding coffee")
    assert seo_writer(changed) == HandTo("cmo")
    assert cmo(changed) == HandTo("email_marketer")
    assert email_marketer(changed) == Use(
        "start_run", {"kind": "email_create", "brief": "Write an email about grinding coffee"}
    )


def test_an_order_of_another_kind_is_done_as_if_it_had_been_said_first() -> None:
    assert cmo(talk("actually, show me the budget", "write an article about tea")) == Use("get_budget")


@pytest.mark.parametrize(
    ("before", "said", "told"),
    [
        ("write an article about tea", "never mind", "I leave it"),
        ("write an article about tea", "doch nicht", "ich lasse es"),
        ("Escribe un artículo sobre el té", "mejor no", "lo dejo"),
    ],
)
def test_never_mind_begins_nothing_and_shows_what_can_be_stopped(before: str, said: str, told: str) -> None:
    assert cmo(talk(said, before)) == Use("list_runs")
    answered = cmo(talk(said, before, results=(Result("list_runs", {}, "", {"items": []}),)))
    assert isinstance(answered, Say)
    assert told in answered.text


def test_what_names_nothing_new_is_no_second_thought() -> None:
    assert second_thought(talk("wait", "write an article about tea")) is None
    assert second_thought(talk("what is our promise?", "write an article about tea")) is None
