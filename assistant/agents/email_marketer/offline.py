"""The email marketer's own plan without a model: an email or a series to order; in talk, start one."""

import re

from assistant.agents.handing_in import as_json, sources_of
from assistant.agents.pieces_talk import piece_talk
from assistant.models.offline.compose import plan_series, write_email, write_series_email
from assistant.models.offline.compose.email_draft import NOT_CARRIED
from assistant.models.offline.compose.greeting import greet_by_name
from assistant.models.offline.compose.intent import read_intent
from assistant.models.offline.compose.sources import Document
from assistant.models.offline.talk import Move, Say, Talk, Use
from assistant.models.order import Order
from knowledge.emails.merge_tags import DIALECTS, Dialect
from knowledge.json_values import as_object
from knowledge.series.models import FEWEST, MOST

_COUNT = re.compile(r"(?<![\w.,])(\d{1,6})(?![\w.,%])")


def plan(talk: Talk) -> Move:
    order = talk.order
    if order is None:
        return _talk(talk)
    if order.task == "plan_series":
        planned = plan_series(sources_of(order), int(order.sources["count"]))
        return as_json({**planned.data, "notes": [*planned.notes, *_about_tone(order)]})
    if order.task == "write_series_email":
        series = as_object(order.sources["plan"])
        email = write_series_email(sources_of(order), series, int(order.sources["number"])).data
    else:
        written = write_email(sources_of(order))
        email = {**written.data, "notes": [note for note in written.notes if note.startswith(NOT_CARRIED)]}
    return as_json(_greeted(email, order))


def _talk(talk: Talk) -> Move:
    if read_intent(talk.said).kind != "write_series" or talk.result("start_run") is not None:
        return piece_talk(talk, "email_create", "write_email", "email")
    count = _COUNT.search(talk.said)
    if count is None:
        return Say(
            "How many emails should the series have? Say it with the goal, such as “5 emails to welcome new subscribers”."
        )
    if not FEWEST <= int(count[1]) <= MOST:
        return Say(f"A series has {FEWEST} to {MOST} emails. How many should it be?")
    return Use("start_run", {"kind": "email_series", "brief": talk.said, "count": int(count[1])})


def _greeted(email: Document, order: Order) -> Document:
    dialect: Dialect | None = next((one for one in DIALECTS if one == order.sources.get("dialect")), None)
    return greet_by_name(email, dialect) if dialect else email


def _about_tone(order: Order) -> list[str]:
    tone = str(order.sources.get("tone") or "").strip()
    return [f"Written in the client's own words and the canon's tone: “{tone}” takes a model."] if tone else []
