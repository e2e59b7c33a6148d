"""An email as a message: the file that any mail program opens, and what a test sends (RFC 5322, MIME).

Unsubscribe headers: RFC 2369 names the way, RFC 8058 makes it one click, which mailbox providers ask of bulk senders.
One-click is promised for an https address only.
"""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from knowledge.emails.merge_tags import parse
from knowledge.emails.personal import Personal
from knowledge.emails.rendering import dialect_of
from knowledge.errors import Invalid

#: RFC 5321: 64 characters before the @, 255 after; the local part's plain form, as in RFC 5322's dot-atom
_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+){0,20}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def check_address(text: str) -> str:
    """The address, trimmed; raises Invalid for anything but one plain email address."""
    address = text.strip()
    if not _ADDRESS.fullmatch(address) or len(address.split("@")[0]) > 64:
        raise Invalid(f"“{address[:80]}” is not an email address.")
    return address


def to_message(
    content: dict[str, Any],
    copy: Personal,
    *,
    at: datetime,
    message_id: str,
    sender: str,
    to: str | None = None,
) -> EmailMessage:
    """``copy``: what stands in it; ``sender``, ``to``: plain addresses; ``message_id`` without its brackets.

    Without ``to`` it is the template that a sending service takes, with the unsubscribe merge tag in its headers.
    Raises Invalid for an address that is none.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _line(copy.subject)
    message["From"] = Address(_line(str(content.get("senderName") or "")), addr_spec=check_address(sender))
    if to is not None:
        message["To"] = check_address(to)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{_line(message_id)}>"
    for name, value in unsubscribe_headers(content, template=to is None).items():
        message[name] = value
    message.set_content(copy.plain_text, cte="quoted-printable")
    message.add_alternative(copy.html, subtype="html", cte="quoted-printable")
    return message


def unsubscribe_headers(content: dict[str, Any], template: bool) -> dict[str, str]:
    """RFC 2369 and RFC 8058; nothing where the address would be a sample person's."""
    address = "".join(str(content.get("unsubscribeUrl") or "").split())
    if not address and template:
        address = {"liquid": "{{unsubscribe_url}}", "handlebars": "{{{unsubscribe_url}}}", "mailchimp": "*|UNSUB|*"}[
            dialect_of(content)
        ]
    if not address or (not template and parse(address, dialect_of(content)).spans):
        return {}
    headers = {"List-Unsubscribe": f"<{address}>"}
    if not address.lower().startswith(("mailto:", "http:")):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def template_copy(content: dict[str, Any]) -> Personal:
    """The email with its merge tags in place."""
    names = ("subject", "preheader", "html", "plainText")
    return Personal(*(str(content.get(name) or "") for name in names))


def _line(text: str) -> str:
    return " ".join(text.split())
