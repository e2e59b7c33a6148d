"""Plain text made safe to stand in Markdown.

Whatever a brief, a customer or a model wrote is shown as the words it is: it can start no heading, list,
table, link, picture or HTML. Addresses are set as code, because readers of Markdown turn bare addresses
into links by themselves.
"""

import re
import unicodedata

#: a web or email address as the common readers of Markdown recognise it, and a little more
_ADDRESS = re.compile(r"(?:https?://|ftp://|www\.|mailto:)[^\s<>`|\\]+|[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_LINE_START = re.compile(r"^([-+=:#]|\d{1,9}[.)](?=\s|$))")
#: characters that turn the direction of the text around them, with which words can be made to read otherwise
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def inline(text: str) -> str:
    """Return the text on one line, every character standing for itself."""
    return _escaped(" ".join(_visible(text).split()))


def paragraphs(text: str) -> str:
    """Return the text with its own paragraphs and line breaks, every character standing for itself."""
    lines = [_escaped(" ".join(line.split())) for line in _visible(text).splitlines()]
    joined = "\n".join(lines).strip("\n")
    return "\n\n".join("  \n".join(part.split("\n")) for part in re.split(r"\n{2,}", joined))


def quotation(text: str, source: str) -> str:
    """Return a customer's words as a quotation, with where they come from."""
    body = paragraphs(text).replace("\n", "\n> ")
    return f"> {body}\n>\n> — {inline(source)}" if source.strip() else f"> {body}"


def _visible(text: str) -> str:
    return "".join(
        character
        for character in _TURNING.sub("", text)
        if character in "\n\t" or character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _escaped(line: str) -> str:
    parts: list[str] = []
    at = 0
    for address in _ADDRESS.finditer(line):
        parts += [_plain(line[at : address.start()]), f"`{address[0]}`"]
        at = address.end()
    parts.append(_plain(line[at:]))
    return _LINE_START.sub(_guarded, "".join(parts))


def _guarded(start: re.Match[str]) -> str:
    """Put a backslash before the mark that would begin a list, a rule or a table."""
    found = start[0]
    return f"\\{found}" if len(found) == 1 else f"{found[:-1]}\\{found[-1]}"


def _plain(text: str) -> str:
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", entities)
