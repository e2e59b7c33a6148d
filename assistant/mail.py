"""The mail server that test emails go out through (SMTP, RFC 5321). Nothing else is ever sent."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

from knowledge.errors import Upstream

Security = Literal["starttls", "tls", "none"]
#: seconds for a whole conversation with the server
PATIENCE = 20.0


@dataclass(frozen=True)
class SmtpSettings:
    """``security`` none: for a server on this machine."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SmtpMail:
    """``tools.spec.Mail`` over SMTP."""

    settings: SmtpSettings

    @property
    def sender(self) -> str:
        return self.settings.sender

    async def send(self, message: EmailMessage) -> None:
        """Raises Upstream with what the server said, without the password or the message."""
        of = self.settings
        try:
            await aiosmtplib.send(
                message,
                hostname=of.host,
                port=of.port,
                username=of.user,
                password=of.password,
                use_tls=of.security == "tls",
                start_tls=of.security == "starttls",
                timeout=PATIENCE,
            )
        except aiosmtplib.SMTPResponseException as error:
            said = " ".join(str(error.message).split())[:200]
            raise Upstream(f"The mail server refused it ({error.code}): {said}", retryable=error.code < 500) from error
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPSenderRefused) as error:
            raise Upstream("The mail server refused one of the addresses.") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Upstream(f"The mail server {of.host} cannot be reached.", retryable=True) from error


def smtp_mail(settings: SmtpSettings | None) -> SmtpMail | None:
    return SmtpMail(settings) if settings else None
