"""Emails at the tools: read, checked, changed, converted, taken out, tried, and planned as a series."""

from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast
from uuid import UUID

import pytest

from knowledge.assets import service as assets
from knowledge.db import Database
from knowledge.errors import Blocked, Conflict, Denied, Invalid, Upstream
from knowledge.series import service as series
from knowledge.series.service import Place
from tests.conftest import People
from tests.tools.conftest import NoWork, caller_of
from tools.call import call
from tools.catalog import CATALOG
from tools.spec import ToolContext

BODY = 'Hi {{ first_name | default: "there" }},\n\nhere it is.\n\n**[See it](https://bona.example/a)**\n\nBona'


class Post:
    """A mail server that keeps what it is given, or refuses."""

    sender = "news@bona.example"

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.sent: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        if self.refuses:
            raise Upstream("The mail server refused it (550): no such user")
        self.sent.append(message)


class Room:
    """A caller with the tools, and emails to work on."""

    def __init__(self, db: Database, people: People) -> None:
        self.db, self.people, self.work = db, people, NoWork()

    async def use(self, tool: str, role: str = "creative", key: str | None = None, **given: Any) -> dict[str, Any]:
        context = ToolContext(caller_of(self.people, role), self.db, cast("Any", self.work), key)
        return (await call(CATALOG[tool], context, given)).model_dump(mode="json", by_alias=True)

    async def email(self, **changed: Any) -> dict[str, Any]:
        content: dict[str, Any] = {
            "subject": "Fresh beans",
            "preheader": "What happens next, and what you can change at any point.",
            "bodyMarkdown": BODY,
            "callToAction": {"label": "See it", "url": "https://bona.example/a"},
            "language": "en",
            "postalAddress": "1 Sample Street",
            **changed,
        }
        values: dict[str, Any] = {
            "org_id": self.people.org_id, "client_id": self.people.client_id, "campaign_id": None, "run_id": None,
            "channel": "email", "format": "email_html", "title": content["subject"], "content": content, "seo": {},
            "agent": "email_marketer", "model": "offline", "idempotency_key": None,
        }  # fmt: skip
        async with self.db.org(self.people.org_id) as conn:
            made = await assets.create(conn, values)
        return await self.use("get_asset", assetId=str(made.id), withContent=True)

    async def series(self, number: int = 2) -> dict[str, Any]:
        emails = [await self.email(subject=f"Email {at}") for at in range(number)]
        values: dict[str, Any] = {
            "org_id": self.people.org_id, "client_id": self.people.client_id, "campaign_id": None, "run_id": None,
            "title": "Welcome", "goal": "first order", "tone": "", "language": "en", "idempotency_key": None,
        }  # fmt: skip
        places = [Place(UUID(email["id"]), at * 2, f"purpose {at}") for at, email in enumerate(emails)]
        async with self.db.org(self.people.org_id) as conn:
            made = await series.create(conn, values, places)
        return await self.use("get_series", seriesId=str(made.id))


@pytest.fixture
async def room(db: Database, people: People) -> Room:
    async with db.org(people.org_id) as conn:  # the links in the emails are the client's own
        await conn.execute("update clients set website = 'https://bona.example' where id = %s", (people.client_id,))
    return Room(db, people)


async def test_an_edit_makes_html_and_text_again_and_keeps_button_and_body_alike(room: Room) -> None:
    email = await room.email()
    given = {"assetId": email["id"], "contentHash": email["contentHash"]}
    edited = await room.use("edit_email", **given, subject="Another", subjects=["B", "C"], callToAction="Look",
                            link="https://bona.example/b", postalAddress="2 Other Road")  # fmt: skip
    content = edited["content"]
    assert edited["title"] == content["subject"] == "Another" and content["subjects"] == ["B", "C"]
    assert "**[Look](https://bona.example/b)**" in content["bodyMarkdown"]
    assert 'href="https://bona.example/b"' in content["html"] and "2 Other Road" in content["html"]
    assert "Look:\nhttps://bona.example/b" in content["plainText"]
    assert edited["status"] == "draft" and edited["version"] == 2
    with pytest.raises(Conflict):
        await room.use("edit_email", **given, subject="Third")
    with pytest.raises(Invalid):
        await room.use("edit_email", assetId=email["id"], contentHash=edited["contentHash"])
    with pytest.raises(Invalid, match="subject"):
        await room.use("edit_email", assetId=email["id"], contentHash=edited["contentHash"], subject="  ")


async def test_a_check_names_what_is_wrong_with_an_email_and_with_a_design(room: Room) -> None:
    email = await room.email(bodyMarkdown="Hi {{ first_name, {% if vip %}you")
    checked = await room.use("check_email", assetId=email["id"])
    assert {one["rule"] for one in checked["problems"]} == {"email.merge.broken"}
    design = "<mjml><mj-body><mj-section><mj-column><mj-txt>Hello</mj-txt></mj-column></mj-section></mj-body></mjml>"
    (problem,) = (await room.use("check_email", mjml=design))["problems"]
    assert problem["rule"] == "email.mjml.unknown_tag" and design[problem["start"] :].startswith("<mj-txt>")
    for given in ({}, {"assetId": email["id"], "mjml": design}, {"mjml": "<mjml><mj-body>"}):
        with pytest.raises(Invalid):
            await room.use("check_email", **given)


async def test_a_preview_is_one_person_s_copy(room: Room) -> None:
    email = await room.email()
    seen = await room.use("preview_email", assetId=email["id"])
    assert "Hi Anna," in seen["html"] and "Hi Anna," in seen["plainText"] and len(seen["people"]) == 5
    nobody = await room.use("preview_email", assetId=email["id"], person=1)
    assert "Hi there," in nobody["html"] and "{{" not in nobody["html"]
    with pytest.raises(Invalid):
        await room.use("preview_email", assetId=email["id"], person=9)


async def test_an_email_is_converted_or_refused_whole(room: Room) -> None:
    email = await room.email()
    converted = await room.use(
        "convert_email", assetId=email["id"], contentHash=email["contentHash"], dialect="mailchimp"
    )
    assert "*|IF:FNAME|**|FNAME|**|ELSE:|*there*|END:IF|*" in converted["content"]["html"]
    assert "*|UNSUB|*" in converted["content"]["html"] and "{{" not in converted["content"]["plainText"]
    same = {"assetId": email["id"], "contentHash": converted["contentHash"]}
    with pytest.raises(Invalid, match="already"):
        await room.use("convert_email", **same, dialect="mailchimp")
    back = await room.use("convert_email", **same, dialect="liquid")
    assert "{% if first_name %}{{ first_name }}{% else %}there{% endif %}" in back["content"]["html"]
    lists = await room.email(bodyMarkdown="{% for item in items %}{{ item.name }}{% endfor %}")
    with pytest.raises(Invalid, match="no lists"):
        await room.use("convert_email", assetId=lists["id"], contentHash=lists["contentHash"], dialect="mailchimp")


async def test_an_email_is_taken_out_in_four_forms(room: Room) -> None:
    email = await room.email(subject="Größe & Würde/../x", unsubscribeUrl="https://bona.example/u")
    made = {
        form: await room.use("export_email", assetId=email["id"], format=form)
        for form in ("html", "eml", "text", "mjml")
    }
    assert made["html"]["content"] == email["content"]["html"]
    assert made["html"]["filename"] == "größe-würde-x-draft.html"
    message = message_from_string(made["eml"]["content"], policy=SMTP)
    assert message["Subject"] == "Größe & Würde/../x"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made["text"]["content"] == email["content"]["plainText"]
    assert made["mjml"]["content"].startswith("<mjml") and "{{ first_name" in made["mjml"]["content"]


async def test_a_test_goes_to_the_one_address_that_is_named_once(room: Room) -> None:
    email = await room.email()
    with pytest.raises(Blocked, match="ADROOM_SMTP_HOST"):
        await room.use("send_test_email", assetId=email["id"], to="me@bona.example")
    room.work.mail = post = Post()
    told = await room.use("send_test_email", key="k", assetId=email["id"], to="me@bona.example")
    assert told["subject"] == "[Test] Fresh beans"
    (sent,) = post.sent
    assert (sent["To"], sent["From"].addresses[0].addr_spec) == ("me@bona.example", "news@bona.example")
    with pytest.raises(Conflict, match="already"):
        await room.use("send_test_email", key="k", assetId=email["id"], to="me@bona.example")
    with pytest.raises(Invalid):
        await room.use("send_test_email", assetId=email["id"], to="me@bona.example, you@bona.example")
    assert len(post.sent) == 1
    with pytest.raises(Denied):
        context = ToolContext(
            caller_of(room.people, "creative", agent="email_marketer"), room.db, cast("Any", room.work)
        )
        await call(CATALOG["send_test_email"], context, {"assetId": email["id"], "to": "me@bona.example"})


async def test_a_refused_test_is_told_and_noted_and_only_twenty_go_out_an_hour(room: Room) -> None:
    email = await room.email()
    room.work.mail = Post(refuses=True)
    with pytest.raises(Upstream, match="no such user"):
        await room.use("send_test_email", assetId=email["id"], to="me@bona.example")
    async with room.db.org(room.people.org_id) as conn:
        rows = await (await conn.execute("select status, problem from email_tests")).fetchall()
    assert [(status, "no such user" in str(problem)) for status, problem in rows] == [("failed", True)]
    room.work.mail = post = Post()
    for _ in range(20):
        await room.use("send_test_email", assetId=email["id"], to="me@bona.example")
    with pytest.raises(Blocked, match="within the hour"):
        await room.use("send_test_email", assetId=email["id"], to="me@bona.example")
    assert len(post.sent) == 20


async def test_a_series_is_scheduled_as_shown_and_taken_back(room: Room) -> None:
    shown = await room.series()
    start = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    emails = [{name: email[name] for name in ("assetId", "contentHash")} for email in shown["emails"]]
    given = {
        "seriesId": shown["id"],
        "startsOn": start,
        "sendTime": "09:30",
        "timezone": "Europe/Berlin",
        "emails": emails,
    }
    with pytest.raises(Denied):
        await room.use("schedule_series", role="data", **given)
    planned = await room.use("schedule_series", **given)
    assert planned["status"] == "scheduled"
    assert planned["emails"][0]["sendAt"] == f"{start} 09:30 Europe/Berlin"
    assert [email["status"] for email in planned["emails"]] == ["approved", "approved"]
    first = planned["emails"][0]
    await room.use("edit_email", assetId=first["assetId"], contentHash=first["contentHash"], subject="Edited since")
    seen = await room.use("get_series", seriesId=shown["id"])
    assert [email["changedSince"] for email in seen["emails"]] == [True, False]
    assert (await room.use("unschedule_series", seriesId=shown["id"]))["status"] == "draft"
    with pytest.raises(Conflict):
        await room.use("unschedule_series", seriesId=shown["id"])
    (listed,) = (await room.use("list_series"))["items"]
    assert (listed["emails"], listed["lastDay"]) == (2, 2)


async def test_a_day_and_a_purpose_are_changed_in_place(room: Room) -> None:
    shown = await room.series()
    first = shown["emails"][0]
    given = {"assetId": first["assetId"], "contentHash": first["contentHash"]}
    await room.use("edit_email", **given, day=9, purpose="say goodbye")
    seen = await room.use("get_series", seriesId=shown["id"])
    assert [(email["day"], email["purpose"]) for email in seen["emails"]] == [(2, "purpose 1"), (9, "say goodbye")]
    assert (await room.use("show_series", seriesId=shown["id"]))["title"] == "Welcome"
