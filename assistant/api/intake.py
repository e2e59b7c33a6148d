"""The intake form: its questions, a client's answers, and saving them as they are typed."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from assistant.api.guarded import AtDesk
from knowledge.artifacts.intake_form import SECTIONS, FormField
from knowledge.ids import ClientId
from tools.call import check_scope
from tools.intake import get_intake
from tools.intake.saving import save_form
from tools.intake.view import IntakeView, get_view
from tools.spec import Wire


class Option(Wire):
    value: str
    label: str


class When(Wire):
    """The question applies when the answer at ``field`` contains one of these words."""

    field: str
    any_of: list[str] = Field(alias="in")
    contains: bool


class Question(Wire):
    """``name`` is the path of the answer. ``unless``: a tick that answers it as well."""

    name: str
    label: str
    help: str
    kind: str
    required: bool
    options: list[Option]
    other_allowed: bool
    when: When | None
    unless: str | None


class FormSection(Wire):
    id: str
    title: str
    help: str
    fields: list[Question]


class Form(Wire):
    sections: list[FormSection]


class Answers(Wire):
    """All answers. ``contentHash``: of the version they were based on, to notice somebody else's changes."""

    data: dict[str, Any]
    content_hash: str | None = Field(default=None, max_length=128)


def add_routes(router: APIRouter) -> None:
    router.add_api_route("/intake/form", form, methods=["GET"], summary="The questions of the intake")
    router.add_api_route("/clients/{client_id}/intake", show, methods=["GET"], summary="A client's intake")
    router.add_api_route("/clients/{client_id}/intake", save, methods=["PUT"], summary="Save a client's intake")


#: the form's kinds as the page draws them
_KINDS = {"bool": "tick", "multichoice": "choices"}


async def form(desk: AtDesk) -> Form:
    check_scope(desk.caller, "intake:read")
    sections = [
        FormSection(
            id=section.key,
            title=section.title,
            help=section.help,
            fields=[_question(field) for field in section.fields],
        )
        for section in SECTIONS
    ]
    return Form(sections=sections)


def _question(field: FormField) -> Question:
    shown = field.shown_when
    return Question(
        name=field.path,
        label=field.label,
        help=field.help,
        kind=_KINDS.get(field.kind, field.kind),
        required=field.required,
        options=[Option(value=choice.value, label=choice.label) for choice in field.choices],
        other_allowed=field.other_allowed,
        when=When.model_validate({"field": shown.path, "in": shown.any_of, "contains": True}) if shown else None,
        unless=field.unless,
    )


async def show(desk: AtDesk, client_id: ClientId) -> IntakeView:
    return await desk.use(get_intake.GET_INTAKE, {"clientId": client_id})


async def save(desk: AtDesk, client_id: ClientId, asked: Answers) -> IntakeView:
    async with desk.tx("intake:write") as conn:
        await save_form(conn, desk.caller, client_id, asked.data, asked.content_hash)
        return await get_view(conn, desk.caller, client_id)
