"""Emails as messages: MIME parts, unsubscribe headers, one person's copy."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any, cast

import pytest

from knowledge.emails import render
from knowledge.emails.eml import check_address, template_copy, to_message
from knowledge.emails.personal import for_person, sample_people
from knowledge.errors import Invalid
from tests.knowledge.emails.samples import CANON, email

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def stored(**changed: Any) -> dict[str, Any]:
    content = email(**changed)
    rendered = render(content, CANON)
    return {**content, "html": rendered.html, "plainText": rendered.plain_text}


def message(content: dict[str, Any], **more: Any) -> EmailMessage:
    copy = for_person(content, sample_people(content)[0][1]) if "to" in more else template_copy(content)
    made = to_message(content, copy, at=AT, message_id="1@adroom", sender="news@bona.example", **more)
    return cast("EmailMessage", message_from_bytes(made.as_bytes(), policy=SMTP))


def test_a_message_has_both_parts_and_the_unsubscribe_headers() -> None:
    read = message(stored(unsubscribeUrl="https://bona.example/u?id=1"))
    assert read["Subject"] == "Fresh beans, every week"
    assert str(read["From"]) == "Bona <news@bona.example>"
    assert read["List-Unsubscribe"] == "<https://bona.example/u?id=1>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Date"] == "Sat, 21 Nov 2026 09:30:00 +0000"
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None and html is not None
    assert read.get_content_type() == "multipart/alternative"
    assert "Unsubscribe: https://bona.example/u?id=1" in plain.get_content()
    assert 'href="https://bona.example/u?id=1"' in html.get_content()


def test_a_template_has_the_service_s_own_unsubscribe_tag() -> None:
    assert message(stored())["List-Unsubscribe"] == "<{{unsubscribe_url}}>"
    assert message(stored(mergeDialect="mailchimp"))["List-Unsubscribe"] == "<*|UNSUB|*>"
    assert message(stored(unsubscribeUrl="mailto:stop@bona.example"))["List-Unsubscribe-Post"] is None


def test_a_test_message_names_no_sample_address_to_unsubscribe_at() -> None:
    read = message(stored(), to="me@bona.example")
    assert read["To"] == "me@bona.example"
    assert read["List-Unsubscribe"] is None
    body = read.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert text.startswith("Hi Anna,") and "{{" not in text and "{%" not in text


def test_a_person_s_own_words_are_no_html() -> None:
    content = stored(bodyMarkdown="Hi {{ first_name }}, see [it](https://a.example/{{ first_name }})")
    copy = for_person(content, {"first_name": '<script>"x"</script>'})
    assert "<script>" not in copy.html and "&lt;script&gt;" in copy.html
    assert '<script>"x"</script>' in copy.plain_text


def test_headers_cannot_be_added_by_words() -> None:
    content = stored(subject="Hello\r\nBcc: all@bona.example", senderName="Bona\nBcc: x@y.example")
    raw = message(content)
    assert raw["Bcc"] is None and raw["Subject"] == "Hello Bcc: all@bona.example"


@pytest.mark.parametrize("subject", ["Grüße aus Köln ☕", "שלום לכולם", "a" * 300, ""])
def test_subjects_of_every_script_survive(subject: str) -> None:
    assert message(stored(subject=subject))["Subject"] == subject


def test_only_one_plain_address_is_taken() -> None:
    assert check_address(" anna.berg+news@mail.bona.example ") == "anna.berg+news@mail.bona.example"
    several = ("a@b.example, c@d.example", "Anna <a@b.example>", "a@b.example\nBcc: x")
    for wrong in ("", "anna", "a@b", "a@b.c d", "@b.de", "a" * 65 + "@b.example", "a..b@c.de", "a@-b.de", *several):
        with pytest.raises(Invalid):
            check_address(wrong)
