"""A greeting by name, as the chosen sending service fills it in; by no name where it knows none."""

from assistant.models.offline.compose.pen import phrases
from assistant.models.offline.compose.sources import Document
from knowledge.emails.merge_tags import Dialect, write
from knowledge.emails.merge_tags.model import Branch, Condition, If, Test, Text, Value

_NAMED = If((Branch(Condition((Test("first_name"),)), (Text(" "), Value("first_name"))),), None)


def greet_by_name(email: Document, dialect: Dialect) -> Document:
    """The email with its greeting made personal; as it is where it begins with no greeting of ours."""
    bank = phrases(str(email["language"]))
    plain, named = bank["email.hello"][0], bank["series.hello-name"][0]
    body = str(email["bodyMarkdown"])
    if not body.startswith(plain):
        return email
    greeting = f"{named}{write((_NAMED,), dialect)}{plain[-1]}"
    return {**email, "bodyMarkdown": greeting + body[len(plain) :]}
