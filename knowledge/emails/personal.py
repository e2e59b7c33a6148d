"""An email as one person gets it: every merge tag filled in. For previews and for tests, never for sending to lists."""

from dataclasses import dataclass
from typing import Any

from knowledge.emails.merge_tags import Dialect, everybody, fill, parse
from knowledge.emails.merge_tags.filling import Person
from knowledge.emails.rendering import dialect_of


@dataclass(frozen=True, slots=True)
class Personal:
    """One person's copy."""

    subject: str
    preheader: str
    html: str
    plain_text: str


def for_person(content: dict[str, Any], person: Person) -> Personal:
    """``content``: as stored, with its html and plainText. Broken tags stay as they stand, as they would be sent."""
    dialect = dialect_of(content)

    def filled(name: str, in_html: bool = False) -> str:
        return fill(parse(str(content.get(name) or ""), dialect).nodes, person, in_html)

    return Personal(filled("subject"), filled("preheader"), filled("html", in_html=True), filled("plainText"))


def sample_people(content: dict[str, Any]) -> list[tuple[str, Person]]:
    """Sample people for this email's fields: (who it is, in words; the person)."""
    dialect: Dialect = dialect_of(content)
    words = " ".join(str(content.get(name) or "") for name in ("subject", "preheader", "bodyMarkdown"))
    return [(sample.why, sample.person) for sample in everybody(parse(words, dialect).nodes)]
