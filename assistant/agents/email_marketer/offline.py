"""The email marketer's own plan without a model: an email to order; in talk, start one."""

from assistant.agents.handing_in import as_json, sources_of
from assistant.agents.pieces_talk import piece_talk
from assistant.models.offline.compose import write_email
from assistant.models.offline.talk import Move, Talk


def plan(talk: Talk) -> Move:
    if talk.order is not None:
        return as_json(write_email(sources_of(talk.order)).data)
    return piece_talk(talk, "email_create", "write_email", "email")
